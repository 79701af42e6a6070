"""Plans reminders of what waits: those that are due become rows, which `jobs.outbox` posts."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.intake import nudges
from bot.platform.database import Database
from jobs import batches


def plan(db: Database, now: Callable[[], datetime]) -> int:
    """Plan everything that is due, a few requests in each transaction. Returns how many were looked at."""
    with db.read() as session:
        if not nudges.due(session, now()):
            return 0
    return batches.run(db, now, nudges.plan)
