"""Here the rules for support heroes are tried out without a Slack.

No story through Slack is told here. Only pytest comes in.
"""
