"""Here tests show how Slack tells about people, and how an admin sets up, through Bolt and the sandbox.

Nothing is mocked. Other tests import nothing from here.
"""
