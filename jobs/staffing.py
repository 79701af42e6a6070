"""Begins and ends who is away, and has those who are back told what runs."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.company import presence
from bot.domain.outbox.posts import Message
from bot.domain.staffing import aways, pauses
from bot.domain.teams import teams
from bot.platform.database import Database
from bot.views.staffing import aways as away_views
from bot.views.staffing import pauses as pause_views
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Begin and end what begins and ends by now. Returns how many that were."""
    with db.read() as session:
        if not aways.due(session, now()):
            return 0
    turned = 0
    while some := _turn_some(db, now()):
        turned += some
    return turned


def _turn_some(db: Database, now: datetime) -> int:
    with db.begin() as session:
        return aways.turn(session, now=now)


def end_over(db: Database, now: Callable[[], datetime]) -> int:
    """End the pauses that are over. Returns how many teams go on."""
    at = now()
    with db.read() as session:
        if not pauses.due(session, at):
            return 0
    with db.begin() as session:
        return len(pauses.end_over(session, say=pause_views.resumed_message, now=at))


def _back(card: Drawing) -> Message | None:
    person_id = card.post.channel_id
    if teams.for_person(card.session, person_id) is None or presence.is_away(card.session, person_id, card.now):
        return None
    return away_views.back_message(aways.back(card.session, person_id, now=card.now))


JOBS = (
    Job("aways", 60, lambda ours: turn(ours.db, ours.now)),
    Job("pauses", 60, lambda ours: end_over(ours.db, ours.now)),
)
CARDS: Draws = {
    Card.BACK: _back,
}
