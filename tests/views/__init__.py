"""Every screen and card, with nothing in it, with the usual, and with too much.

There is no database and no Slack.
Nobody imports from here.
"""
