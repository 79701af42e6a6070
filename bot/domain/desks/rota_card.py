"""The card that says how to reach out and who has triage, pinned in the intake channel."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.desks import desks, duties
from bot.domain.outbox import posts
from models.desks import Desk, TriageWeek
from models.outbox import Card

CARD, THE_CARD = Card.ROTA, 1  # one card, pinned in the intake channel
MOVED_CARD = Card.ROTA_MOVED  # what is left of it in a channel before


@dataclass(frozen=True)
class Pin:
    """A card that was posted in a channel and is not pinned yet."""

    channel_id: str
    ts: str


def show(session: Session, *, now: datetime) -> None:
    """Update the card in the intake channel. Without a channel or a desk there is no card."""
    channel = company.current(session).intake_channel_id
    if channel is not None and session.scalar(select(Desk.id).where(desks.IS_OPEN).limit(1)) is not None:
        _leave(session, channel, now)
        posts.draw(session, CARD, THE_CARD, channel, now=now)


def _leave(session: Session, channel_id: str, now: datetime) -> None:
    """The card in a channel that is not the intake channel any more says where to go, and is pinned there no more."""
    card, settings = posts.card_of(session, CARD, THE_CARD), company.current(session)
    if card is None or card.message_ts is None or card.channel_id == channel_id:
        return
    posts.leave(session, card, f"{MOVED_CARD}:{card.channel_id}:{card.message_ts}", MOVED_CARD, now=now)
    settings.unpin_channel_id, settings.unpin_ts = card.posted_in_id or card.channel_id, card.message_ts


def to_unpin(session: Session) -> Pin | None:
    """The card of a channel before, while it is still pinned there."""
    settings = company.current(session)
    if settings.unpin_channel_id is None or settings.unpin_ts is None:
        return None
    return Pin(settings.unpin_channel_id, settings.unpin_ts)


def unpinned(session: Session, pin: Pin) -> None:
    """Take down that it is pinned no more."""
    settings = company.current(session)
    if settings.unpin_ts == pin.ts:
        settings.unpin_channel_id = settings.unpin_ts = None


def redraw_for(session: Session, person_ids: Collection[str], *, now: datetime) -> None:
    """These people went away or came back: have the card say who answers instead."""
    query = select(TriageWeek.desk_id).where(TriageWeek.person_id.in_(person_ids))
    query = query.where(TriageWeek.week_on == duties.this_week(session, now))
    if person_ids and session.scalar(query.limit(1)) is not None:
        posts.redraw(session, CARD, THE_CARD, now=now)


def to_pin(session: Session) -> Pin | None:
    """The posted card, if it is not pinned yet."""
    card = posts.card_of(session, CARD, THE_CARD)
    if card is None or card.message_ts is None or card.message_ts == company.current(session).pinned_ts:
        return None
    return Pin(card.posted_in_id or card.channel_id, card.message_ts)


def pinned(session: Session, pin: Pin) -> None:
    """Take down that the card is pinned."""
    company.current(session).pinned_ts = pin.ts
