"""Here tests show how people ask the AI team, and how its desks answer, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
