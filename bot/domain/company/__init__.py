"""Here are the rules for the company and its people: accounts, days off, who is here now.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `company` may
import it.
"""
