"""Here are the rules for requests to the AI team, from the first line to the outcome.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `intake` may
import it.
"""
