"""Closes the sprints whose last day has passed."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.sprints import sprints
from bot.platform.database import Database
from jobs.job import Job


def close_over(db: Database, now: Callable[[], datetime]) -> int:
    """Close what is over. Returns how many sprints that were."""
    with db.begin() as session:
        return sprints.close_over(session, now=now())


JOBS = (Job("sprints", 60, lambda ours: close_over(ours.db, ours.now)),)
