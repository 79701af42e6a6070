"""Keeps the rotas of heroes: whose turn comes when, as people come and go."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.heroes import looking
from bot.domain.sprints import weeks
from bot.platform.database import Database
from jobs.job import Job


def fill(db: Database, now: Callable[[], datetime]) -> int:
    """Give out the weeks of the rotas that are due. Returns how many changed hands."""
    at = now()
    with db.read() as session:
        if not looking.due(session, now=at):
            return 0
    with db.begin() as session:
        return weeks.fill_due(session, now=at)


JOBS = (
    Job(
        "rota",
        30,
        lambda ours: fill(ours.db, ours.now),
        does="says whose week as support hero comes when, in teams with a rota, as people come, go and are away",
    ),
)
