"""Here are the rules for small teams: who sits in them, when they work, and their channel.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `teams` may
import it.
"""
