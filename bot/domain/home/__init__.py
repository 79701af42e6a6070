"""Here are the rules for what one person sees first: the Home tab.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `home` may
import it.
"""
