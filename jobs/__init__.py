"""What the clock does: due work becomes rows, rows become messages.

Every replica runs the same jobs, so a job takes nothing for granted that another replica could have done a moment ago.
Only `bot.app` comes in; only `jobs.delivery` posts to Slack.
"""
