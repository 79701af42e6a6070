"""*Undo* on a request's card: who claimed, answered, closed or snoozed it takes that back, and it is as it was before."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.intake import afterwards, bookings, requests, reserved, undos
from bot.domain.intake.undos import Snapshot
from bot.domain.outbox import prompt_posts, undoing
from bot.platform.errors import Refusal
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, HandBack
from models.intake.requests import Request, State
from models.outbox import Card


@dataclass(frozen=True)
class Reversed:
    """A request that is as it was before. `is_told` when its thread said what was done, and so says this."""

    request: Request
    is_told: bool


def undo(session: Session, request_id: int, *, by: str, now: datetime) -> Reversed | None:
    """Take back what this person did last. None where that is done already.

    Raises Refusal for anybody else, when it is too late, and where somebody acted on it since.
    """
    request = requests.locked(session, request_id)
    key, now_stands = undos.key(request.id), undos.left(session, request)
    before = undoing.take_back(session, key, now_stands, by=by, now=now)
    if before is None:
        return None
    was_done = request.state == State.DONE
    _decision(session, request, before, now)
    _bookings(session, request, before, now)
    if was_done:
        afterwards.begin_anew(session, request)
        prompt_posts.redraw_sent(session, [Card.OUTCOME, Card.IN_USE], request.id, now=now)
    undoing.put_back(request, before["row"])
    prompt_posts.redraw_sent(session, [Card.GONE], request.id, now=now)
    session.flush()
    return Reversed(requests.changed(session, request, now), bool(before["is_told"]))


def _decision(session: Session, request: Request, before: Snapshot, now: datetime) -> None:
    """The answer that stood before stands again, as it was."""
    stood = before["decision"]
    standing = session.scalar(
        select(Decision).where(Decision.request_id == request.id, Decision.ended_at.is_(None)).with_for_update()
    )
    if standing is not None and (stood is None or standing.id != stood["id"]):
        standing.ended_at = now
        session.flush()
    if stood is None:
        return
    decision = session.get_one(Decision, stood["id"])
    undoing.put_back(decision, stood)
    decision.ended_at = None
    session.execute(delete(HandBack).where(HandBack.decision_id == decision.id))
    session.flush()
    prompt_posts.redraw_sent(session, [Card.HAND_BACK], decision.id, now=now)


def _bookings(session: Session, request: Request, before: Snapshot, now: datetime) -> None:
    """Free the people who were booked or held since, and book or hold those again who were before."""
    for booking in _of(session, Booking.request_id == request.id, Booking.released_at.is_(None)):
        if booking.id not in before["bookings"]:
            bookings.release(session, booking, now)
    for booking in _of(session, Booking.id.in_(before["bookings"]), Booking.released_at.is_not(None)):
        _require_free(session, booking)
        booking.released_at = None
        session.flush()
        bookings.redraw(session, booking, now=now)


def _of(session: Session, *conditions: object) -> Sequence[Booking]:
    query = select(Booking).where(*conditions).order_by(Booking.id).options(*reserved.WITH)  # type: ignore[arg-type]
    return session.scalars(query).all()


def _require_free(session: Session, booking: Booking) -> None:
    # Whoever else books them waits here.
    engineer = session.get_one(Person, booking.person_id, with_for_update={"key_share": True})
    if booking.is_firm and reserved.firm_ones(session, engineer.id, booking.starts_on, booking.ends_on):
        raise Refusal(f"{engineer.name} is booked for another team on these days, so you can't undo this any more.")
