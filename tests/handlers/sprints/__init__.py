"""Here tests show how people look at a sprint and mark its items, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
