"""Here tests show how people write, change, finalize and comment on plans, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
