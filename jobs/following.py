"""Has those told who follow teams, on the last afternoon of their week."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import following
from jobs import batches


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Tell those whose time has come. Returns how many were looked at."""
    with db.read() as session:
        if not following.due(session, now()):
            return 0
    return batches.run(db, now, following.turn)
