"""Here tests show how people look back on a sprint, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
