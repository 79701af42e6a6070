"""Here tests show how people open Home, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
