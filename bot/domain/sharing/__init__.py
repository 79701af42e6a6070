"""Here are the rules for what everybody may know: context notes, the company's sprints, following.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `sharing` may
import it.
"""
