"""Here are the rules for who sits where: moves, charters, pauses, absences and lost channels.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `staffing` may
import it.
"""
