"""Here the outbox's rules are tried out against a database, without a Slack.

No story through Slack is told here. Only pytest comes in.
"""
