"""Ends the pauses whose last day has passed."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import pauses, posts
from bot.views import pauses as pause_views


def end_over(db: Database, now: Callable[[], datetime]) -> int:
    """End the pauses that are over. Returns how many teams go on."""
    at = now()
    with db.read() as session:
        if not pauses.due(session, at):
            return 0
    with db.begin() as session:
        over = pauses.end_over(session, now=at)
        for team in over:
            message = pause_views.resumed_message(team)
            posts.write(session, f"resumed:{team.id}:{at:%Y%m%d%H%M%S%f}", team.channel_id, message, now=at)
    return len(over)
