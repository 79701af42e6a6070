"""Forgets what nobody sends again."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.outbox import submissions
from bot.platform.database import Database


def forget(db: Database, now: Callable[[], datetime]) -> int:
    """Delete the keys that are too old to be of use. Returns how many that were."""
    with db.begin() as session:
        return submissions.forget(session, now=now())
