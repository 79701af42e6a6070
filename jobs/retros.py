"""Retros whose time has come: revealed at their hour, and closed by themselves some days later."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.retros import openings, revealing
from bot.platform.database import Database
from jobs import batches
from jobs.job import Job


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Open, reveal and close what is due, a few in each transaction. Returns how many retros that were."""
    with db.read() as session:
        if not revealing.due(session, now()):
            return 0
    return sum(batches.run(db, now, step) for step in (openings.open_over, revealing.reveal_due, revealing.close_due))


JOBS = (Job("retros", 60, lambda ours: turn(ours.db, ours.now)),)
