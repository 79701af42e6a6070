"""Here tests show how people found, change and look at teams, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
