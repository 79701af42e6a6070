"""Has those told who follow teams, on the last afternoon of their week."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.sharing import following
from bot.platform.database import Database
from jobs import batches
from jobs.job import Job


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Tell those whose time has come. Returns how many were looked at."""
    with db.read() as session:
        if not following.due(session, now()):
            return 0
    return batches.run(db, now, following.turn)


JOBS = (Job("following", 60, lambda ours: turn(ours.db, ours.now)),)
