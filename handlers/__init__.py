"""What people do in Slack: read the payload, decide in one transaction, answer.

No rule of the business and no Block Kit is written here, and no message is sent to a channel: that is a row for `jobs.delivery`.
Only `bot.app` comes in; handlers of different features do not know each other.
"""
