"""Keeps the rotas of heroes: whose turn comes when, as people come and go; and draws what they ask each other for."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

from bot.domain.heroes import looking, offers
from bot.domain.outbox.posts import Message
from bot.domain.sprints import weeks
from bot.platform.database import Database
from bot.views.heroes import rota as rota_views
from bot.views.heroes import swaps as swap_views
from jobs import batches
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card


def fill(db: Database, now: Callable[[], datetime]) -> int:
    """Give out the weeks of the rotas that are due. Returns how many rotas were looked at."""
    with db.read() as session:
        if not looking.due(session, now=now()):
            return 0
    return batches.run(db, now, partial(weeks.fill_due, say=rota_views.steps_in_message))


def say_again(db: Database, now: Callable[[], datetime]) -> int:
    """Have the messages that ask for a swap say how much time is left. Returns how many."""
    at = now()
    with db.read() as session:
        if not offers.is_due(session, now=at):
            return 0
    with db.begin() as session:
        return offers.say_again(session, now=at)


def _swap(card: Drawing) -> Message:
    return swap_views.card(offers.shown(card.session, card.subject, now=card.now))


JOBS = (
    Job(
        "rota",
        30,
        lambda ours: fill(ours.db, ours.now),
        does="says whose week as support hero comes when, in teams with a rota, as people come, go and are away",
    ),
    Job(
        "hero_swaps",
        60,
        lambda ours: say_again(ours.db, ours.now),
        does="has a message that asks for a swap say that nobody took it, seven days and two days before",
    ),
)
CARDS: Draws = {
    Card.HERO_SWAP: _swap,
}
