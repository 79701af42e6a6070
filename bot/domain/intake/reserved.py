"""The days on which engineers are booked or held."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from models.intake.bookings import Booking
from models.intake.requests import State
from models.sprints import Sprint

WITH = (joinedload(Booking.person), joinedload(Booking.desk), joinedload(Booking.team), joinedload(Booking.request))


def is_ahead(held: Booking, now: datetime) -> bool:
    """Whether a hold still holds: its request is open, and its first day has not come, on the host's calendar."""
    if held.released_at is not None or held.request.state != State.OPEN:
        return False
    return held.starts_on > cadence.local_date(now, held.team.zone)


def held_for(session: Session, request_id: int, now: datetime) -> Booking | None:
    """The person held for this request, if anybody."""
    return next(iter(holds(session, Booking.request_id == request_id, date.min, date.max, now)), None)


def displaced(session: Session, hold_id: int) -> tuple[Booking, Booking | None]:
    """A hold that gave way, and the booking for which it did."""
    held = session.scalars(select(Booking).where(Booking.id == hold_id).options(*WITH)).one()
    taken = firm_ones(session, held.person_id, held.starts_on, held.ends_on)
    return held, next(iter(taken), None)


def ending(session: Session, now: datetime) -> list[Booking]:
    """The bookings whose last day is over, in the host's zone, and that nobody released yet, the earliest first.

    With the engineer, both teams' sides and the request. Costs in proportion to what is found.
    """
    query = select(Booking).where(Booking.is_firm, Booking.released_at.is_(None), Booking.ends_on <= now.date())
    found = session.scalars(query.order_by(Booking.ends_on, Booking.id).options(*WITH))
    return [each for each in found if Dates(each.starts_on, each.ends_on).over_at(each.team.zone) <= now]


def live(session: Session, whose: ColumnElement[bool], first: date, last: date, now: datetime) -> list[Booking]:
    """The bookings, and the holds that still hold, that share a day with these, the earliest first."""
    return [each for each in _stored(session, whose, first, last) if each.is_firm or is_ahead(each, now)]


def firm_ones(session: Session, person_id: str, first: date, last: date) -> list[Booking]:
    """This person's bookings that share a day with these, the earliest first."""
    found = _stored(session, Booking.person_id == person_id, first, last)
    return [each for each in found if each.is_firm]


def holds(session: Session, whose: ColumnElement[bool], first: date, last: date, now: datetime) -> list[Booking]:
    """The holds that still hold and share a day with these, the earliest first."""
    return [each for each in live(session, whose, first, last, now) if not each.is_firm]


def _stored(session: Session, whose: ColumnElement[bool], first: date, last: date) -> Sequence[Booking]:
    query = select(Booking).where(
        whose, Booking.released_at.is_(None), Booking.starts_on <= last, Booking.ends_on >= first
    )
    return session.scalars(query.order_by(Booking.starts_on, Booking.id).options(*WITH)).all()


def meet(one: Dates, other: Dates | Booking | Sprint) -> bool:
    return one.starts_on <= other.ends_on and one.ends_on >= other.starts_on
