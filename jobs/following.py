"""Has those told who follow teams, on the last afternoon of their week."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import following


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Tell those whose time has come. Returns how many were looked at."""
    with db.read() as session:
        if not following.due(session, now()):
            return 0
    looked_at = 0
    while some := _turn_some(db, now()):
        looked_at += some
    return looked_at


def _turn_some(db: Database, now: datetime) -> int:
    with db.begin() as session:
        return following.turn(session, now=now)
