"""The verbs of the business: pure rules over models, each taking a session and `now`.

Nothing here knows Slack, commits, reads the wall clock or renders a screen.
Handlers, jobs and views come in; the domain itself looks only down, at models.
"""
