"""Retros whose time has come: revealed at their hour, and closed by themselves some days later."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import openings, reveals
from jobs import batches


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Open, reveal and close what is due, a few in each transaction. Returns how many retros that were."""
    with db.read() as session:
        if not reveals.due(session, now()):
            return 0
    return sum(batches.run(db, now, step) for step in (openings.open_over, reveals.reveal_due, reveals.close_due))
