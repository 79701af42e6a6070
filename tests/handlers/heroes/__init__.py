"""Here support heroes are told as people live them, through a sandbox Slack.

No mock of Slack is used. Only pytest comes in.
"""
