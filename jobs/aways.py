"""Begins and ends who is away, and has those who are back told what runs."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import aways


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Begin and end what begins and ends by now. Returns how many that were."""
    with db.read() as session:
        if not aways.due(session, now()):
            return 0
    turned = 0
    while some := _turn_some(db, now()):
        turned += some
    return turned


def _turn_some(db: Database, now: datetime) -> int:
    with db.begin() as session:
        return aways.turn(session, now=now)
