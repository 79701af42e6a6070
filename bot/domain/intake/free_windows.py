"""The windows of an engineer's coming sprints, and which of them are free."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.domain.calendar import cadence, periods
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.calendar.periods import Span
from bot.domain.intake import reserved
from bot.domain.sprints import sprints
from models.company import Person
from models.intake.bookings import Booking
from models.sprints import UNFINISHED, Absence, Item, Sprint
from models.teams import Team

PROPOSED = 8  # windows to choose from
MOST_WINDOWS = 104  # about two years of them: nobody is booked further ahead
FAR = timedelta(days=2 * 365)  # nobody looks further for a free window


@dataclass(frozen=True)
class Window:
    """Days in which an engineer could be with a team, and what booking them displaces.

    `held` are soft holds for other requests, `unfinished` the engineer's items in plans of these days, and `away` the
    days of it, first and last, on which the engineer is not there.
    """

    dates: Dates
    held: Sequence[Booking] = ()
    unfinished: Sequence[Item] = ()
    away: Sequence[Span] = ()


def windows(session: Session, host: Team, sprints: int, now: datetime, count: int) -> list[Dates]:
    """The next `count` spans of one or two `sprints` of the host in a row, from the first that is still to begin.

    A sprint that is planned has its own dates; the others follow the host's rhythm. "Now" is on the host's calendar.
    """
    return list(islice(every_window(session, host, sprints, now), count))


def every_window(session: Session, host: Team, number: int, now: datetime) -> Iterator[Dates]:
    today = cadence.local_date(now, host.zone)
    row: list[Dates] = []
    for dates in _sprints(session, host, today):
        if dates.starts_on > today:
            row = [*row, dates][-number:]
        if len(row) == number:
            yield Dates(row[0].starts_on, row[-1].ends_on)


def coming(session: Session, team: Team, now: datetime, count: int) -> list[Dates]:
    """The next `count` sprints of a team, from the running one on."""
    return list(islice(_sprints(session, team, cadence.local_date(now, team.zone)), count))


def _sprints(session: Session, team: Team, today: date) -> Iterator[Dates]:
    """The team's running sprint and all that follow, without end: those that are planned, and by its rhythm the others."""
    planned = sprints.latest(session, team.id)
    ahead = [sprints.dates_of(each) for each in planned if each.ends_on >= today and each.closed_at is None]
    by_rhythm = (
        dates
        for dates in _by_rhythm(sprints.cadence_of(session, team), today)
        if not any(reserved.meet(dates, each) for each in planned)
    )
    return heapq.merge(ahead, by_rhythm, key=lambda dates: dates.starts_on)


def _by_rhythm(rhythm: Cadence, today: date) -> Iterator[Dates]:
    starts_on = cadence.start_of(rhythm, today)
    while True:
        dates = rhythm.dates_from(starts_on)
        if dates.ends_on >= today:
            yield dates
        starts_on = dates.next_on


def first_free(session: Session, engineer_id: str, host: Team, sprints: int, now: datetime) -> Window:
    """The host's next window in which this engineer is booked nowhere, with what a booking displaces.

    One that they are away for from its first to its last day is passed over.
    """
    return window_at(session, engineer_id, host, free(session, engineer_id, host, sprints, now, 1)[0], now)


def free(
    session: Session, engineer_id: str, host: Team, sprints: int, now: datetime, count: int, *, but: int | None = None
) -> list[Dates]:
    """The next `count` such windows, as if nobody were booked for the request `but`."""
    today = cadence.local_date(now, host.zone)
    firm = [each for each in reserved.firm_ones(session, engineer_id, today, date.max) if each.request_id != but]
    off = days_off(session, [engineer_id], host.zone, today, today + FAR).get(engineer_id, [])
    gone = [
        span for span in off if span[1] < today + FAR
    ]  # of who is away without a known end, any day may be the last
    fits = (
        dates
        for dates in every_window(session, host, sprints, now)
        if not any(reserved.meet(dates, each) for each in firm)
        and not periods.covers(gone, dates.starts_on, dates.ends_on)
    )
    return list(islice(fits, count))


def window_at(session: Session, engineer_id: str, host: Team, dates: Dates, now: datetime) -> Window:
    """What booking this engineer on these days displaces."""
    first, last = dates.starts_on, dates.ends_on
    items = (
        select(Item)
        .join(Sprint, Item.sprint_id == Sprint.id)
        .where(
            Item.owner_id == engineer_id,
            Item.mark.in_(UNFINISHED),
            Item.dropped_at.is_(None),
            Sprint.starts_on <= last,
            Sprint.ends_on >= first,
        )
        .order_by(Sprint.starts_on, Item.position, Item.id)
    )
    return Window(
        dates=dates,
        held=reserved.holds(session, Booking.person_id == engineer_id, first, last, now),
        unfinished=session.scalars(items).all(),
        away=days_off(session, [engineer_id], host.zone, first, last).get(engineer_id, []),
    )


def days_off(
    session: Session, person_ids: Sequence[str], zone: str, first: date, last: date
) -> Mapping[str, list[Span]]:
    """When these people are away between two days, or off as they wrote for a sprint, by their ids; `zone` is for those whose own nobody knows."""
    query = select(Person).where(Person.id.in_(person_ids)).options(selectinload(Person.aways))
    found: dict[str, list[Span]] = {
        person.id: [periods.days(away, person.zone or zone) for away in person.aways]
        for person in session.scalars(query.execution_options(populate_existing=True))
    }
    written = select(Absence).where(
        Absence.person_id.in_(person_ids), Absence.starts_on <= last, Absence.ends_on >= first
    )
    for absence in session.scalars(written):
        found[absence.person_id].append((absence.starts_on, absence.ends_on))
    return {
        person_id: [(max(a, first), min(b, last)) for a, b in periods.merged(spans) if a <= last and b >= first]
        for person_id, spans in found.items()
    }
