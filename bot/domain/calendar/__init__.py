"""Here are the rules for days: the cadence, holidays, typed days, and how days are put into words.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `calendar` may
import it.
"""
