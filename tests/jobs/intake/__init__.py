"""Here tests show what the clock does for the intake.

Nothing is mocked. Other tests import nothing from here.
"""
