"""Plans what the clock asks: what is due becomes rows, which `jobs.delivery` posts."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import occurrences


def plan(db: Database, now: Callable[[], datetime]) -> int:
    """Plan everything that is due. Returns how many teams were looked at."""
    with db.read() as session:
        if not occurrences.due(session, now()):
            return 0
    looked_at = 0
    while planned := _plan_some(db, now()):
        looked_at += planned
    return looked_at


def _plan_some(db: Database, now: datetime) -> int:
    with db.begin() as session:
        return occurrences.plan(session, now=now)
