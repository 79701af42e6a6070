"""Closes the sprints whose last day has passed."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import sprints


def close_over(db: Database, now: Callable[[], datetime]) -> int:
    """Close what is over. Returns how many sprints that were."""
    with db.begin() as session:
        return len(sprints.close_over(session, now=now()))
