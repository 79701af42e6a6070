"""Here the clock works for the intake: events, decisions, nudges and digests.

No rule is written here. Only the app's wiring may import it.
"""

from jobs.intake import decisions, digests, events, nudges
from jobs.job import Job

JOBS = (
    Job(
        "intake",
        1,
        lambda ours: events.turn(ours.db, ours.client, ours.now),
        does="turns stored events into requests and answers, and follows edits and deletions; every five minutes, and at start, reads in the intake channel what it missed",
    ),
    Job(
        "decisions",
        60,
        lambda ours: decisions.turn(ours.db, ours.now),
        does="brings back requests that were answered *Not now*, ends embeds, and asks people what came of their request",
    ),
    Job(
        "nudges",
        30,
        lambda ours: nudges.plan(ours.db, ours.now),
        does="reminds people who owe a request its next step: one message a morning, three reminders at most",
    ),
    Job(
        "digests",
        60,
        lambda ours: digests.plan(ours.db, ours.now),
        does="posts the week's digest of requests, on the week's first working day",
    ),
)
