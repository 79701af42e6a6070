"""Here are the rules for the desks of the AI team: who answers there, who has triage, who works with another team.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `desks` may
import it.
"""
