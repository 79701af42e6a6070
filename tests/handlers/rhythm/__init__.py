"""Here tests show how people answer prompts and set their team's rhythm, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
