"""Here are the rules for a team's sprints: their days, overviews, the company's page, and where items come from.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `sprints` may
import it.
"""
