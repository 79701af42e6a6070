"""Here are the rules for how a team looks back: notes, the reveal, boards, actions, agreements and trends.

No file here commits, calls Slack or reads the clock. Handlers, jobs, views and the wings above `retros` may
import it.
"""
