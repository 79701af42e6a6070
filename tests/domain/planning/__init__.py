"""Tests of the rules of planning, without Slack.

No test through the Bolt app stands here. Only pytest comes in.
"""
