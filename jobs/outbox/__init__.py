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
        does="ends what people may still undo: ten minutes after it, the *Undo* goes",
    ),
    Job("delivery", 1, lambda ours: ours.deliver(), does="posts and edits what is due"),
    Job(
        "submissions",
        60 * 60,
        lambda ours: submissions.forget(ours.db, ours.now),
        due=False,
        does="forgets the keys of what was sent more than a week ago",
    ),
)
