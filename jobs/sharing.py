"""Has those told who follow teams, on the last afternoon of their week."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.outbox.posts import Message
from bot.domain.sharing import contexts, following, week_news
from bot.platform.database import Database
from bot.views.sharing import contexts as context_views
from bot.views.sharing import following as following_views
from jobs import batches
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Tell those whose time has come. Returns how many were looked at."""
    with db.read() as session:
        if not following.due(session, now()):
            return 0
    return batches.run(db, now, following.turn)


def _context(card: Drawing) -> Message:
    context = contexts.read(card.session, card.subject)
    return context_views.card(context, can_undo=contexts.can_undo(card.session, context, now=card.now))


def _followed(card: Drawing) -> Message | None:
    news = week_news.week(card.session, card.post, now=card.now)
    return following_views.week(news) if news else None


JOBS = (
    Job(
        "following",
        60,
        lambda ours: turn(ours.db, ours.now),
        does="tells people who follow teams what happened there, on the last afternoon of their week",
    ),
)
CARDS: Draws = {
    Card.CONTEXT: _context,
    Card.FOLLOWED: _followed,
}
