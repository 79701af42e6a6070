"""Plans what the clock asks: what is due becomes rows, which `jobs.delivery` posts."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import occurrences
from jobs import batches


def plan(db: Database, now: Callable[[], datetime]) -> int:
    """Plan everything that is due. Returns how many teams were looked at."""
    with db.read() as session:
        if not occurrences.due(session, now()):
            return 0
    return batches.run(db, now, occurrences.plan)
