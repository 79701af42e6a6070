"""Here tests show how people share context and follow teams, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
