"""Ends what people may take back."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.outbox import undoing
from bot.platform.database import Database


def end(db: Database, now: Callable[[], datetime]) -> int:
    """Forget what can't be undone any more, and have its *Undo* go. Returns how many that were."""
    with db.read() as session:
        if not undoing.due(session, now=now()):
            return 0
    with db.begin() as session:
        return undoing.forget_over(session, now=now())
