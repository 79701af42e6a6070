"""Has the week's digest of the requests posted, on the first working day of the week."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.intake import digests
from bot.platform.database import Database


def plan(db: Database, now: Callable[[], datetime]) -> int:
    """Have this week's digest posted if it is due. Returns how many were planned: none or one."""
    at = now()
    with db.read() as session:
        if not digests.due(session, at):
            return 0
    with db.begin() as session:
        return digests.plan(session, now=at)
