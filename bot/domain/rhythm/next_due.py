"""When the clock has something to do next: for whoever can move it there, as the demo can."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from bot.domain.calendar.cadence import PromptKind
from bot.domain.feedback import asks, rounds
from bot.domain.intake import digests
from bot.domain.retros import openings
from bot.domain.rhythm import newcomers, turns
from bot.domain.sprints import pages
from models.company import Away
from models.feedback import FeedbackRound
from models.heroes import HeroSwap, Rota
from models.intake.requests import Request
from models.outbox import Post, PostState
from models.retros import Retro
from models.sharing import Follower
from models.sprints import Sprint
from models.teams import Team


def following(session: Session, now: datetime) -> datetime | None:
    """The next instant at which somebody is asked something or is back, or something happens by itself; None if there is none."""
    queries = (
        select(func.min(Team.next_at)),
        select(func.min(Sprint.closes_at)).where(Sprint.closed_at.is_(None), _is_not_paused),
        select(func.min(Sprint.gathers_at)).where(Sprint.closed_at.is_(None), _meets),
        select(func.min(Away.next_at)),
        _of_retros(Retro.reveals_at, Retro.revealed_at.is_(None)),
        _of_retros(Retro.closes_at, Retro.revealed_at.is_not(None)),
        select(func.min(FeedbackRound.ends_at)).where(FeedbackRound.delivered_at.is_(None)),
        select(func.min(Request.nudge_at)),
        select(func.min(Request.returns_at)),
        select(func.min(Follower.next_at)),
        select(func.min(Rota.next_at)),
        select(func.min(HeroSwap.next_at)),
        select(func.min(Post.due_at)).where(Post.state == PostState.DUE, _is_later, Post.due_at > now),
    )
    found = [moment for query in queries if (moment := session.scalar(query)) is not None]
    if (digest_at := digests.next_at(session, now)) is not None:
        found.append(digest_at)
    return min((max(moment, now) for moment in found), default=None)


# Of the cards only those that are written long before they are due: others wait for what else changes on them.
_later = [
    *asks.LATER,
    *rounds.LATER,
    PromptKind.REMINDER,
    PromptKind.LEAD,
    turns.NUDGE_CARD,
    newcomers.CARD,
    pages.CARD,
]
_is_later = or_(Post.card.is_(None), Post.card.in_(_later))
_meets = Sprint.team_id.in_(openings.able_to_meet())
_is_not_paused = Sprint.team_id.in_(select(Team.id).where(Team.paused_at.is_(None)))


def _of_retros(moment: InstrumentedAttribute[datetime | None], *conditions: ColumnElement[bool]) -> Select[Any]:
    """The first of these moments of retros whose teams can meet."""
    query = select(func.min(moment)).join(Sprint, Sprint.id == Retro.sprint_id)
    return query.where(Retro.closed_at.is_(None), _meets, *conditions)


def is_busy(session: Session, now: datetime) -> bool:
    """Whether a message that is due does not stand in Slack yet."""
    query = select(Post.id).where(Post.state == PostState.DUE, Post.due_at <= now).limit(1)
    return session.scalar(query) is not None
