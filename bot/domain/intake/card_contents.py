"""What a request's card shows: the request, its answer, who it waits on, and what can still be undone."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import inspect, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.intake import afterwards, decisions, requests, undos, waiting_on
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, Mode, Outcome, Tick
from models.intake.requests import Ball, Request, State


@dataclass(frozen=True)
class CardContent:
    """A request with everything that its card says.

    `waits_for` are those who are reminded next, by id; `away` is the claimer while they are away. `has_begun` while both
    teams are at work. `may_reopen` once it is closed, for a while. `helped` is what the asker said of it.
    """

    request: Request
    decision: Decision | None
    ticks: Collection[str]
    waits_for: Sequence[str]
    away: Person | None
    has_begun: bool = False
    can_undo: bool = False
    may_reopen: bool = False
    helped: str | None = None


def read(session: Session, request_id: int, *, now: datetime) -> CardContent:
    """The request as its card shows it."""
    request = requests.load(session, request_id)
    decided = select(Decision).where(Decision.request_id == request_id).order_by(Decision.id.desc()).limit(1)
    decision = session.scalar(decided.options(joinedload(Decision.person), joinedload(Decision.team)))
    ticks = session.scalars(select(Tick.line).where(Tick.request_id == request_id)).all()
    claimer = request.claimer
    away = claimer if claimer is not None and not waiting_on.is_there(session, claimer.id, now) else None
    waits_for = waiting_on.recipients(session, request, 1, now=now) if request.waiting_on != Ball.NOBODY else ()
    if request.desk is not None and "team" in inspect(request.desk).unloaded:
        # The desk of a second bounce is there already, read on the way to its lead, and keeps what it has not read.
        session.refresh(request.desk, ["team"])
    return CardContent(
        request,
        decision,
        set(ticks),
        waits_for,
        away,
        has_begun=_has_begun(session, request, decision, now),
        can_undo=undos.is_offered(session, request, now=now),
        may_reopen=afterwards.is_open_to_change(request, now),
        helped=_helped(session, request),
    )


def _has_begun(session: Session, request: Request, decision: Decision | None, now: datetime) -> bool:
    """Whether both teams are at work: an engineer who joins is there from the first day on."""
    if request.state != State.DECIDED or decision is None or decision.mode not in decisions.TOGETHER:
        return False
    if decision.mode != Mode.EMBED:
        return True
    booked = select(Booking).where(Booking.request_id == request.id, Booking.is_firm, Booking.released_at.is_(None))
    booking = session.scalar(booked.options(joinedload(Booking.team)))
    return booking is None or cadence.local_date(now, booking.team.zone) >= booking.starts_on


def _helped(session: Session, request: Request) -> str | None:
    if request.state != State.DONE:
        return None
    return session.scalar(select(Outcome.helped).where(Outcome.request_id == request.id))
