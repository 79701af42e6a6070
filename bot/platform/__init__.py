"""Here is what everything stands on: settings, the database, logs, the clock, encryption, refusals and the Slack client.

Nothing here knows what Prickle is for. Everybody may import it.
"""
