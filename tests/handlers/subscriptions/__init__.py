"""Here calendars are told as people subscribe to them: through a sandbox Slack, and over HTTP as a calendar program asks.

No mock of Slack is used. Only pytest comes in.
"""
