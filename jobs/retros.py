"""Retros by the clock: those of older versions are revealed at their hour, and all are closed by themselves some days later."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.outbox.posts import Message
from bot.domain.retros import actions, boards, openings, retros, revealing, trends
from bot.domain.sprints import sprints
from bot.platform.database import Database
from bot.views.retros import boards as board_views
from bot.views.retros import trends as trend_views
from bot.views.teams.channels import is_person
from jobs import batches
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Open, reveal and close what is due, a few in each transaction. Returns how many retros that were."""
    with db.read() as session:
        if not revealing.due(session, now()):
            return 0
    return sum(batches.run(db, now, step) for step in (openings.open_over, revealing.reveal_due, revealing.close_due))


def _retro(card: Drawing) -> Message:
    return board_views.board(boards.for_sprint(card.session, card.subject, now=card.now))


def _retro_page(card: Drawing) -> Message:
    return board_views.page(boards.page(card.session, card.subject, now=card.now))


def _retro_summary(card: Drawing) -> Message:
    retro = retros.load(card.session, card.subject)
    items = sprints.items_of(card.session, retro.sprint_id)
    return board_views.summary(retro, items, actions.of_retro(card.session, retro.id))


def _trends(card: Drawing) -> Message | None:
    shown = trends.read(card.session, card.subject, now=card.now)
    return trend_views.message(shown, is_shared=not is_person(card.post.channel_id)) if shown else None


JOBS = (
    Job(
        "retros",
        60,
        lambda ours: turn(ours.db, ours.now),
        does="opens retros that it missed, and closes retros whose time has come",
    ),
)
CARDS: Draws = {
    Card.RETRO: _retro,
    Card.RETRO_PAGE: _retro_page,
    Card.RETRO_SUMMARY: _retro_summary,
    Card.TRENDS: _trends,
}
