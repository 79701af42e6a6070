"""Whether somebody may still take back that they are away: not once the others went on without them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.outbox import undoing
from models.company import Away, AwaySource
from models.sprints import Sprint
from models.teams import Membership

_SAID = ("starts_at", "ends_at", "next_at", "ignored", "said_at")


@dataclass(frozen=True)
class Before:
    """What somebody had said, if anything, and with which sprints the others had gone on."""

    said: undoing.State
    acted: Sequence[int]


def before(session: Session, person_id: str) -> Before:
    """How it stands before somebody says that they are away."""
    there = said(session, person_id)
    return Before(undoing.of(there, *_SAID) if there else {}, others_acted(session, person_id))


def remember(session: Session, person_id: str, was: Before, *, cards: Iterable[str], now: datetime) -> None:
    """Remember that they said it. What teammates do because of it counts as done since, and ends the undo."""
    stands = left(said(session, person_id), was.acted)
    undoing.remember(session, key(person_id), by=person_id, before=was.said, left=stands, now=now, cards=cards)


def said(session: Session, person_id: str) -> Away | None:
    """What they said themselves, locked."""
    query = select(Away).where(Away.person_id == person_id, Away.source == AwaySource.SAID)
    return session.scalar(query.with_for_update().execution_options(populate_existing=True))


def key(person_id: str) -> str:
    """The key of this person's undo."""
    return f"away:{person_id}"


def others_acted(session: Session, person_id: str) -> list[int]:
    """The sprints of this person's team whose notes are revealed, or whose plan is final. So teammates have acted."""
    query = select(Sprint.id).join(Membership, Membership.team_id == Sprint.team_id)
    went_on = or_(Sprint.gathered_at.is_not(None), Sprint.finalized_at.is_not(None))
    query = query.where(Membership.person_id == person_id, Sprint.closed_at.is_(None), went_on)
    return list(session.scalars(query.order_by(Sprint.id)))


def state(session: Session, person_id: str) -> dict[str, Any]:
    """How it stands now: when they are away, and with which sprints the others went on."""
    there = session.get(Away, (person_id, AwaySource.SAID), populate_existing=True)
    return left(there, others_acted(session, person_id))


def left(there: Away | None, acted: Iterable[int]) -> dict[str, Any]:
    """The same, from what is at hand."""
    return {**(undoing.of(there, "starts_at", "ends_at") if there else {}), "acted": list(acted)}


def is_offered(session: Session, person_id: str, *, now: datetime) -> bool:
    """Whether they may take it back by now."""
    return undoing.is_offered(session, key(person_id), state(session, person_id), now=now)
