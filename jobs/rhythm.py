"""Plans what the clock asks: what is due becomes rows, which `jobs.outbox` posts."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.rhythm import next_due, occurrences, turns
from bot.platform.database import Database
from jobs import batches
from jobs.job import Job


def plan(db: Database, now: Callable[[], datetime]) -> int:
    """Plan everything that is due. Returns how many teams were looked at."""
    with db.read() as session:
        if not occurrences.due(session, now()):
            return 0
    return batches.run(db, now, occurrences.plan)


def following(db: Database, now: Callable[[], datetime]) -> datetime | None:
    """The next instant at which something is asked or closed; None if there is none."""
    with db.read() as session:
        return next_due.following(session, now())


def is_busy(db: Database, now: Callable[[], datetime]) -> bool:
    """Whether a message is on its way."""
    with db.read() as session:
        return next_due.is_busy(session, now())


def gather(db: Database, now: Callable[[], datetime]) -> int:
    """Reveal the notes and ask the leads of the teams that wait for nobody any more. Returns how many were looked at."""
    with db.read() as session:
        if not turns.due(session, now()):
            return 0
    return batches.run(db, now, turns.look_at_due)


JOBS = (
    Job("prompts", 5, lambda ours: plan(ours.db, ours.now)),
    Job("turns", 5, lambda ours: gather(ours.db, ours.now)),
)
