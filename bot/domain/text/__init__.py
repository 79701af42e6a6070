"""Here are the rules for what words have in common: similarity and emoji names.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `text` may
import it.
"""
