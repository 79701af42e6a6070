"""Here tests show how posts are delivered, with every answer Slack may give.

Nothing is mocked but Slack's faults, which the sandbox plays. Other tests import nothing from here.
"""
