"""Here tests show how people join, move, pause and go away, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
