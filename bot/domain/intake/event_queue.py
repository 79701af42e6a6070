"""Takes up stored events: one replica at a time, again after a failure, and in the end it gives up."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.intake import events, lines
from bot.domain.intake.events import Heard
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from models.intake.events import InboundEvent

LEASE = timedelta(seconds=30)
PATIENCE = 5  # attempts that failed; from then on each waits longer
SOONEST, LATEST = timedelta(seconds=5), timedelta(hours=1)
GIVES_UP_AFTER = timedelta(days=1)
KEPT_FOR = timedelta(days=14)


@dataclass(frozen=True)
class EventClaim:
    """An event that is ours to act on `until` the lease ends."""

    event_id: str
    payload: Mapping[str, Any]
    until: datetime
    attempts: int
    received_at: datetime

    @property
    def heard(self) -> Heard:
        """What it told. Raises Unreadable for what another version wrote and this one can't read."""
        return events.read(self.payload)


def is_waiting(session: Session, *, now: datetime) -> bool:
    """Whether there is something to act on. It takes no lock, so a look that finds nothing blocks nobody."""
    return session.scalar(select(exists().where(*_free(now)))) or False


def claim(session: Session, *, now: datetime) -> EventClaim | None:
    """Take the oldest event that nobody else is at."""
    oldest = select(InboundEvent).where(*_free(now)).order_by(InboundEvent.received_at, InboundEvent.event_id)
    event = session.scalar(oldest.limit(1).with_for_update(skip_locked=True))
    if event is None:
        return None
    event.claimed_until = now + LEASE
    event.attempts += 1
    return EventClaim(event.event_id, event.payload, now + LEASE, event.attempts, event.received_at)


def _free(now: datetime) -> list[ColumnElement[bool]]:
    free = or_(InboundEvent.claimed_until.is_(None), InboundEvent.claimed_until <= now)
    return [InboundEvent.handled_at.is_(None), free, set_asides.not_aside(What.EVENT, InboundEvent.event_id, now)]


def is_ours(session: Session, claimed: EventClaim) -> bool:
    """Whether it is still to be acted on, and by us; nobody else acts on it until the transaction ends."""
    return _locked(session, claimed) is not None


def settle(session: Session, claimed: EventClaim, *, now: datetime) -> None:
    """It was acted on. What it said is in the request, and is forgotten here."""
    event = _locked(session, claimed)
    if event is not None:
        event.handled_at, event.claimed_until, event.payload = now, None, {}
        set_asides.mended(session, What.EVENT, claimed.event_id)


def put_off(session: Session, claimed: EventClaim, *, until: datetime, failed: bool) -> None:
    """Nobody takes it up before `until`. Unless it `failed`, Slack asked to wait, and that was no attempt."""
    event = _locked(session, claimed)
    if event is not None:
        event.claimed_until = until
        event.attempts -= not failed


def _locked(session: Session, claimed: EventClaim) -> InboundEvent | None:
    # A process frozen past its lease settles nothing: another one has the event now.
    ours = select(InboundEvent).where(
        InboundEvent.event_id == claimed.event_id,
        InboundEvent.claimed_until == claimed.until,
        InboundEvent.handled_at.is_(None),
    )
    return session.scalar(ours.with_for_update())


def wait(claimed: EventClaim, *, now: datetime) -> timedelta:
    """How long to leave it alone: about as long as all waits before, so that there are few attempts."""
    return min(max(now - claimed.received_at, SOONEST), LATEST)


def set_aside(session: Session, claimed: EventClaim, error: Exception, *, now: datetime) -> None:
    """This version can't read it: it is tried a few times more, and a newer version finds it as it is."""
    event = _locked(session, claimed)
    if event is not None:
        event.claimed_until = None
        set_asides.failed(session, What.EVENT, claimed.event_id, error, now=now)


def is_hopeless(claimed: EventClaim, *, now: datetime) -> bool:
    """Whether it failed again and again, for a day."""
    return claimed.attempts > PATIENCE and claimed.received_at + GIVES_UP_AFTER <= now


def forget(session: Session, *, now: datetime) -> None:
    """Delete the events that were acted on so long ago that Slack sends none of them again."""
    old = InboundEvent.received_at <= now - KEPT_FOR
    session.execute(delete(InboundEvent).where(InboundEvent.handled_at.is_not(None), old))
    lines.forget(session, now=now)
