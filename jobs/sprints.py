"""Closes a sprint when the turn to the next one is over."""

from collections.abc import Callable
from datetime import datetime

from bot.domain.calendar import cadence
from bot.domain.company import company
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning import reopening
from bot.domain.sprints import closings, pages, sprints
from bot.platform.database import Database
from bot.views.sprints import cards as card_views
from bot.views.sprints import pages as page_views
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card


def close_over(db: Database, now: Callable[[], datetime]) -> int:
    """Close what is over. Returns how many sprints that were."""
    with db.begin() as session:
        return closings.close_over(session, now=now())


def _plan(card: Drawing) -> Message:
    sprint = sprints.load(card.session, card.subject)
    return card_views.planning_card(sprint, card.now, embeds.of_sprint(card.session, sprint))


def _sprint(card: Drawing) -> Message:
    sprint = sprints.load(card.session, card.subject)
    shared = embeds.of_sprint(card.session, sprint)
    can_reopen = reopening.is_offered(card.session, sprint, now=card.now)
    return card_views.final_card(sprint, card.now, shared, can_reopen=can_reopen)


def _page(card: Drawing) -> Message:
    company_zone = company.current(card.session).zone
    return page_views.page(pages.read(card.session, card.subject), cadence.local_date(card.now, company_zone))


def _plan_moved(card: Drawing) -> Message:
    return card_views.moved_card(sprints.load(card.session, card.subject).team)


def _page_moved(card: Drawing) -> Message:
    return page_views.moved_page(company.current(card.session).sprint_channel_id or "")


JOBS = (
    Job(
        "sprints",
        60,
        lambda ours: close_over(ours.db, ours.now),
        does="closes a sprint when the turn to the next one is over",
    ),
)
CARDS: Draws = {
    Card.PLAN: _plan,
    Card.SPRINT: _sprint,
    Card.PAGE: _page,
    Card.PAGE_MOVED: _page_moved,
    Card.PLAN_MOVED: _plan_moved,
}
