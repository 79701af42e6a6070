"""Here are the rules for support heroes: who has which week of a team's sprints, and how people enter themselves.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `heroes` may import it.
"""
