"""What the clock brings back: postponed requests, and engineers whose time with a team is over."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar.cadence import Dates
from bot.domain.intake import decisions, requests, waiting_on
from bot.domain.outbox import prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from models.intake.bookings import Booking
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, Request, State

AT_ONCE = 20  # requests in one transaction
ASKED_FOR = timedelta(days=7)  # later the reminders of the request have taken over


def due(session: Session, now: datetime) -> bool:
    """Whether the clock has anything to do with a request. It takes no lock."""
    return session.scalar(_due(now).limit(1)) is not None


def some_due(session: Session, now: datetime) -> Sequence[int]:
    """A few requests that are parked, embedded or done, and whose time has come; no other replica has them in hand."""
    found = _due(now).order_by(Request.returns_at, Request.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    return session.scalars(found).all()


def _due(now: datetime) -> Select[int]:
    return select(Request.id).where(Request.returns_at <= now, set_asides.not_aside(What.DECIDED, Request.id, now))


def come_back(session: Session, request: Request, *, now: datetime) -> Decision | None:
    """What was not for now is looked at again. Returns what was decided then."""
    decision = decisions.standing(session, request.id)
    if decision is not None:
        decision.ended_at = now
    request.state, request.returns_at = State.OPEN, None
    waiting_on.give(session, request, Ball.DESK, now=now)
    session.flush()
    requests.redraw(session, request, now=now)
    return decision


def end_embed(session: Session, request: Request, *, now: datetime) -> Decision | None:
    """The last day of an embed is over: the engineer is free, and is asked once what they leave behind."""
    decision = decisions.standing(session, request.id)
    request.returns_at = None
    if decision is None or decision.mode != Mode.EMBED or decision.person_id is None:
        return None
    if (over_at := _over_at(session, request)) is not None and over_at > now:
        request.returns_at = over_at  # the first day has begun
        session.flush()
        requests.redraw(session, request, now=now)
        return None
    decisions.let_go(session, request, now=now)
    waiting_on.give(session, request, Ball.OWNER, now=now)
    due_at = waiting_on.next_hour(session, decision.person_id, now=now)
    prompt_posts.ask(
        session,
        f"hand-back:{decision.id}",
        decisions.HAND_BACK,
        decision.id,
        decision.person_id,
        due_at=due_at,
        expires_at=due_at + ASKED_FOR,
        now=now,
    )
    session.flush()
    requests.redraw(session, request, now=now)
    return decision


def _over_at(session: Session, request: Request) -> datetime | None:
    booked = select(Booking).where(Booking.request_id == request.id, Booking.is_firm, Booking.released_at.is_(None))
    booking = session.scalar(booked.options(joinedload(Booking.team)))
    return Dates(booking.starts_on, booking.ends_on).over_at(booking.team.zone) if booking is not None else None


def to_hand_back(session: Session, decision_id: int, *, now: datetime) -> tuple[Request, Decision, bool]:
    """The embed that an engineer is asked about, and whether that is still needed."""
    decision = decisions.get(session, decision_id)
    request = requests.load(session, decision.request_id)
    stands = request.state == State.DECIDED and decision.ended_at is None and decision.person_id is not None
    return request, decision, stands and waiting_on.is_there(session, decision.person_id or "", now)
