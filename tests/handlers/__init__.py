"""What people do in Slack, through signed requests and a strict sandbox.

No function of the bot is called directly.
Nobody imports from here.
"""
