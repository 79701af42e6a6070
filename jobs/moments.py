"""What the clock has to do, now and next: for whoever moves time, as the demo does."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import moments


def following(db: Database, now: Callable[[], datetime]) -> datetime | None:
    """The next instant at which something is asked or closed; None if there is none."""
    with db.read() as session:
        return moments.following(session, now())


def is_busy(db: Database, now: Callable[[], datetime]) -> bool:
    """Whether a message is on its way."""
    with db.read() as session:
        return moments.is_busy(session, now())
