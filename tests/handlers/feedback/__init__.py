"""Here tests show how people give, ask for and answer feedback, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
