"""What is due is done in batches: a long morning's work holds no lock for long, and what is done stays done."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.outbox import set_asides
from bot.platform.database import Database


def start(db: Database, now: Callable[[], datetime]) -> None:
    """We may be a new version: have what was set aside tried once more."""
    with db.begin() as session:
        set_asides.try_again(session, now=now())


def run(db: Database, now: Callable[[], datetime], step: Callable[..., int]) -> int:
    """Repeat `step(session, now=…)`, each time in a transaction of its own, until it finds nothing. Returns how much it found."""
    total = 0
    while True:
        with db.begin() as session:
            found = step(session, now=now())
        if not found:
            return total
        total += found
