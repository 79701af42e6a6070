"""Here posts are delivered: claimed, drawn, sent and settled.

No rule about what is said is written here. Only the app's wiring may import it.
"""

from jobs.job import Job
from jobs.outbox import submissions, undoing

JOBS = (
    Job(
        "undos",
        60,
        lambda ours: undoing.end(ours.db, ours.now),
        does="takes each *Undo* away when its ten minutes are over",
    ),
    Job("delivery", 1, lambda ours: ours.deliver(), does="posts and edits what is due"),
    Job(
        "submissions",
        60 * 60,
        lambda ours: submissions.forget(ours.db, ours.now),
        due=False,
        does="forgets the keys of forms, presses and commands after a week",
    ),
)
