"""Here tests show how desks are set up and triage is passed on, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
