"""Here are the rules for when a team is asked what: its rhythm, its schedule and its prompts.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `rhythm` may
import it.
"""
