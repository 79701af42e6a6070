"""Here are the rules for calendars to subscribe to: who has which address, what is in each calendar, and what has changed.

No file here commits, calls Slack or reads the clock. Handlers, views and serving may import it.
"""
