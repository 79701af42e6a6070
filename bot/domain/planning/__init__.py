"""Here are the rules for how people plan: plans, items, finalizing, comments, overlaps and exports.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `planning` may
import it.
"""
