"""Slack's Web API lives here: one file a family of methods, and `dispatch`, which knows them all.

No HTTP may: methods take arguments and give back JSON, or raise SlackError.
The server comes in through `dispatch.answer`.
"""
