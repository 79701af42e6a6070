"""Here the clock works for the intake: events, decisions, nudges and digests.

No rule is written here. Only the app's wiring may import it.
"""

from jobs.intake import decisions, digests, events, nudges
from jobs.job import Job

JOBS = (
    Job("intake", 1, lambda ours: events.turn(ours.db, ours.client, ours.now)),
    Job("decisions", 60, lambda ours: decisions.turn(ours.db, ours.now)),
    Job("nudges", 30, lambda ours: nudges.plan(ours.db, ours.now)),
    Job("digests", 60, lambda ours: digests.plan(ours.db, ours.now)),
)
