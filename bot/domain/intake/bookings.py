"""The AI team's engineers and their coming sprints: who is free, held for a team, or with one. Nobody is booked twice."""

import heapq
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import islice

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence, periods, wording
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.calendar.periods import Span
from bot.domain.company import people
from bot.domain.desks import desks, embeds
from bot.domain.intake import requests
from bot.domain.outbox import posts, prompt_posts
from bot.domain.sprints import cards, sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.desks import Desk
from models.intake.bookings import Booking
from models.intake.requests import Request, State
from models.outbox import Card
from models.sprints import UNFINISHED, Absence, Item, Sprint
from models.teams import Membership, Team

DISPLACED = Card.DISPLACED  # in the thread of a request whose hold gave way
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


@dataclass(frozen=True)
class Wish:
    """What is chosen in a form so far. Where nothing is, something sensible is proposed."""

    engineer_id: str | None = None
    host_id: int | None = None
    sprints: int = 1
    starts_on: date | None = None


@dataclass(frozen=True)
class BookingDraft:
    """What the form for a hold shows: who can be held, the next free windows, and what is chosen or proposed of them.

    `window` is None until a host is chosen, and `held` is who is held for the request already.
    """

    request: Request
    engineers: Sequence[Person]
    engineer: Person
    host: Team | None
    sprints: int
    free: Sequence[Dates]
    window: Window | None
    held: Booking | None


# --- windows ----------------------------------------------------------------------------------------------------


def windows(session: Session, host: Team, sprints: int, now: datetime, count: int) -> list[Dates]:
    """The next `count` spans of one or two `sprints` of the host in a row, from the first that is still to begin.

    A sprint that is planned has its own dates; the others follow the host's rhythm. "Now" is on the host's calendar.
    """
    return list(islice(_windows(session, host, sprints, now), count))


def _windows(session: Session, host: Team, number: int, now: datetime) -> Iterator[Dates]:
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
        if not any(_meet(dates, each) for each in planned)
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
    firm = [each for each in _firm(session, engineer_id, today, date.max) if each.request_id != but]
    off = days_off(session, [engineer_id], host.zone, today, today + FAR).get(engineer_id, [])
    gone = [
        span for span in off if span[1] < today + FAR
    ]  # of who is away without a known end, any day may be the last
    fits = (
        dates
        for dates in _windows(session, host, sprints, now)
        if not any(_meet(dates, each) for each in firm) and not periods.covers(gone, dates.starts_on, dates.ends_on)
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
        held=_holds(session, Booking.person_id == engineer_id, first, last, now),
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


def draft(session: Session, request_id: int, wish: Wish, *, by: str, now: datetime) -> BookingDraft:
    """What the form for a hold shows. Raises Refusal for somebody at no desk, and for a request that is not open."""
    desks.require_at_a_desk(session, by)
    request = requests.load(session, request_id)
    _require_open(request)
    desk = request.desk or next(iter(desks.at_a_desk(session, by)))
    able = desks.people(session, desk.id)
    held = held_for(session, request.id, now)
    engineer = _picked(able, wish.engineer_id, held.person_id if held else None, by)
    host_id = wish.host_id or (held.team_id if held else request.team_id)
    host = teams.get(session, host_id) if host_id is not None and host_id != desk.team_id else None
    found = free(session, engineer.id, host, wish.sprints, now, PROPOSED) if host else []
    chosen = next((dates for dates in found if dates.starts_on == wish.starts_on), next(iter(found), None))
    window = window_at(session, engineer.id, host, chosen, now) if host and chosen else None
    return BookingDraft(request, able, engineer, host, wish.sprints, found, window, held)


def _picked(able: Sequence[Person], *wanted: str | None) -> Person:
    """The first of those who are wanted who is able, else anybody who is."""
    by_id = {person.id: person for person in able}
    if not by_id:
        raise Refusal("Nobody answers at this desk yet. `/reach-out setup` says who does.")
    return next((by_id[each] for each in wanted if each is not None and each in by_id), able[0])


# --- booking ----------------------------------------------------------------------------------------------------


def book(
    session: Session,
    request: Request,
    engineer_id: str,
    host_team_id: int,
    starts_on: date,
    sprints: int,
    *,
    by: str,
    now: datetime,
) -> Booking:
    """Book an engineer for one or two of the host's sprints, from the first day of one that has not begun.

    Soft holds of these days give way, and whoever made them reads so in their request's thread. Who may decide is
    checked by who calls. Raises Refusal, under the field `engineer`, `team` or `starts_on`, for what can't be booked.
    """
    booking = _reserve(session, request, engineer_id, host_team_id, starts_on, sprints, is_firm=True, by=by, now=now)
    _give_way(session, booking, now)
    redraw(session, booking, now=now)
    return booking


def hold(
    session: Session,
    request: Request,
    engineer_id: str,
    host_team_id: int,
    starts_on: date,
    sprints: int,
    *,
    by: str,
    now: datetime,
) -> Booking:
    """Hold an engineer for a request that is still open, instead of whom was held for it before.

    Holds may share days with each other, and not with a booking. One ends by itself on its first day, and when its
    request is open no more. Raises Refusal, as `book` does, and for somebody who is at no desk.
    """
    desks.require_at_a_desk(session, by)
    _require_open(request)
    return _reserve(session, request, engineer_id, host_team_id, starts_on, sprints, is_firm=False, by=by, now=now)


def hold_as(session: Session, request_id: int, wish: Wish, *, by: str, now: datetime) -> Booking:
    """Take the form for a hold. Raises Refusal, under the field concerned, for what is missing or can't be held."""
    request = requests.locked(session, request_id)
    if wish.engineer_id is None:
        raise Refusal("Choose whom to hold.", field="engineer")
    if wish.host_id is None or wish.starts_on is None:
        raise Refusal("Choose the team that they would join, and when.", field="team")
    return hold(session, request, wish.engineer_id, wish.host_id, wish.starts_on, wish.sprints, by=by, now=now)


def _require_open(request: Request) -> None:
    if request.state != State.OPEN:
        raise Refusal("This request is not open any more, so there is nothing to hold anybody for.")


def take_up(session: Session, taken: Sequence[Request], *, by: str, now: datetime) -> None:
    """Claim those of the requests that became items of somebody's plan that nobody claimed yet.

    Raises Refusal where somebody was faster.
    """
    for request in taken:
        if request.state == State.OPEN:
            requests.claim(session, request.id, by=by, now=now)


def drop_hold(session: Session, request: Request, now: datetime) -> Booking | None:
    """Let go whom is held for this request. Returns the hold, if there was one that was still ahead."""
    query = select(Booking).where(
        Booking.request_id == request.id, Booking.is_firm.is_(False), Booking.released_at.is_(None)
    )
    dropped = None
    for each in session.scalars(query.options(*_WITH)):
        dropped = each if is_ahead(each, now) else dropped
        each.released_at = now
    session.flush()
    return dropped


def release(session: Session, booking: Booking, now: datetime) -> None:
    """Let an engineer go: before the first day it is as if they had never been booked, later it ends on this day."""
    if booking.released_at is not None:
        return
    booking.released_at = now
    session.flush()
    redraw(session, booking, now=now)


def _parties(session: Session, request: Request, engineer_id: str, host_team_id: int) -> tuple[Person, Desk, Team]:
    # Whoever else books them waits here. No key changes, so that nobody has to wait who only writes of them.
    engineer = session.get(Person, engineer_id, with_for_update={"key_share": True}, populate_existing=True)
    if engineer is None or engineer.is_bot:
        raise Refusal("Choose an engineer of a desk.", field="engineer")
    people.require_here(engineer, "engineer")
    desk = _desk_of(session, engineer_id, request.desk_id)
    if desk is None:
        raise Refusal(
            f"{engineer.name} is at no desk. Choose an engineer of one; `/reach-out setup` says who is.",
            field="engineer",
        )
    host = teams.get(session, host_team_id)
    if host.id == desk.team_id:
        raise Refusal(f"{host.name} is the desk's own team. Choose the team that they join.", field="team")
    if teams.is_member(host, engineer_id):
        raise Refusal(f"{engineer.name} is in {host.name} already. Choose somebody else.", field="engineer")
    return engineer, desk, host


def _desk_of(session: Session, person_id: str, wanted: int | None) -> Desk | None:
    """The desk at which this person is: the wanted one if they are there, else their first."""
    found = desks.at_a_desk(session, person_id)
    return next((desk for desk in found if desk.id == wanted), next(iter(found), None))


def _chosen(session: Session, host: Team, starts_on: date, number: int, now: datetime) -> Dates:
    if not 1 <= number <= embeds.MOST_SPRINTS:
        raise Refusal("An engineer joins for one or two sprints.", field="sprints")
    ahead: list[str] = []
    for dates in islice(_windows(session, host, number, now), MOST_WINDOWS):
        if dates.starts_on == starts_on:
            return dates
        if dates.starts_on > starts_on and len(ahead) > 1:
            break
        ahead.append(wording.a_day(dates.starts_on))
    raise Refusal(
        f"No sprint of {host.name} begins on {wording.a_day(starts_on)} any more. "
        f"The next ones begin on {ahead[0]} and {ahead[1]}.",
        field="starts_on",
    )


def _require_free(session: Session, engineer: Person, host: Team, dates: Dates, number: int, now: datetime) -> None:
    taken = _firm(session, engineer.id, dates.starts_on, dates.ends_on)
    if not taken:
        return
    following = free(session, engineer.id, host, number, now, 1)[0]
    raise Refusal(
        f"{engineer.name} is with {taken[0].team.name} until {wording.a_day(taken[0].ends_on)}. The next free window "
        f"for {host.name} is {wording.days(following.starts_on, following.ends_on)}.",
        field="starts_on",
    )


def _reserve(
    session: Session,
    request: Request,
    engineer_id: str,
    host_team_id: int,
    starts_on: date,
    sprints: int,
    *,
    is_firm: bool,
    by: str,
    now: datetime,
) -> Booking:
    """The engineer's days are the host's, firmly or held for it, instead of whom was held for the request before."""
    engineer, desk, host = _parties(session, request, engineer_id, host_team_id)
    dates = _chosen(session, host, starts_on, sprints, now)
    _require_free(session, engineer, host, dates, sprints, now)
    drop_hold(session, request, now)
    booking = Booking(
        person=engineer,
        desk=desk,
        team=host,
        request=request,
        is_firm=is_firm,
        starts_on=dates.starts_on,
        ends_on=dates.ends_on,
        by_id=by,
        created_at=now,
    )
    session.add(booking)
    session.flush()
    return booking


def _give_way(session: Session, booking: Booking, now: datetime) -> None:
    """The holds of these days for other requests end, and are told of."""
    first, last = booking.starts_on, booking.ends_on
    for held in _holds(session, Booking.person_id == booking.person_id, first, last, now):
        held.released_at = now
        session.flush()
        _tell(session, held, now)


def _tell(session: Session, held: Booking, now: datetime) -> None:
    """Say in the request's thread that its hold gave way."""
    request = held.request
    card = posts.card_of(session, requests.CARD, request.id)
    if request.channel_id is not None and card is not None:
        under = card if request.thread_ts is None else None
        channel, ts = request.channel_id, request.thread_ts
        posts.draw(session, DISPLACED, held.id, channel, now=now, under=under, thread_ts=ts)


def redraw(session: Session, booking: Booking, *, now: datetime) -> None:
    """Have the plans of both teams, and what the engineer is asked, say who is with whom."""
    if not booking.is_firm:
        return
    own_team = select(Membership.team_id).where(Membership.person_id == booking.person_id)
    desk_team = select(Desk.team_id).where(Desk.id == booking.desk_id)
    query = select(Sprint).where(
        or_(Sprint.team_id == booking.team_id, Sprint.team_id.in_(desk_team), Sprint.team_id.in_(own_team)),
        Sprint.starts_on <= booking.ends_on,
        Sprint.ends_on >= booking.starts_on,
    )
    for sprint in session.scalars(query.order_by(Sprint.id)):
        cards.redraw(session, sprint, now=now)
        prompt_posts.redraw_sent(session, cadence.ASKS, sprint.id, now=now, to=booking.person_id)


# --- finding ----------------------------------------------------------------------------------------------------

_WITH = (joinedload(Booking.person), joinedload(Booking.desk), joinedload(Booking.team), joinedload(Booking.request))


def is_ahead(held: Booking, now: datetime) -> bool:
    """Whether a hold still holds: its request is open, and its first day has not come, on the host's calendar."""
    if held.released_at is not None or held.request.state != State.OPEN:
        return False
    return held.starts_on > cadence.local_date(now, held.team.zone)


def held_for(session: Session, request_id: int, now: datetime) -> Booking | None:
    """Whom is held for this request, if anybody."""
    return next(iter(_holds(session, Booking.request_id == request_id, date.min, date.max, now)), None)


def displaced(session: Session, hold_id: int) -> tuple[Booking, Booking | None]:
    """A hold that gave way, and the booking for which it did."""
    held = session.scalars(select(Booking).where(Booking.id == hold_id).options(*_WITH)).one()
    taken = _firm(session, held.person_id, held.starts_on, held.ends_on)
    return held, next(iter(taken), None)


def ending(session: Session, now: datetime) -> list[Booking]:
    """The bookings whose last day is over, in the host's zone, and that nobody released yet, the earliest first.

    With the engineer, both teams' sides and the request. Costs in proportion to what is found.
    """
    query = select(Booking).where(Booking.is_firm, Booking.released_at.is_(None), Booking.ends_on <= now.date())
    found = session.scalars(query.order_by(Booking.ends_on, Booking.id).options(*_WITH))
    return [each for each in found if Dates(each.starts_on, each.ends_on).over_at(each.team.zone) <= now]


def live(session: Session, whose: ColumnElement[bool], first: date, last: date, now: datetime) -> list[Booking]:
    """The bookings, and the holds that still hold, that share a day with these, the earliest first."""
    return [each for each in _stored(session, whose, first, last) if each.is_firm or is_ahead(each, now)]


def _firm(session: Session, person_id: str, first: date, last: date) -> list[Booking]:
    """This person's bookings that share a day with these, the earliest first."""
    found = _stored(session, Booking.person_id == person_id, first, last)
    return [each for each in found if each.is_firm]


def _holds(session: Session, whose: ColumnElement[bool], first: date, last: date, now: datetime) -> list[Booking]:
    """The holds that still hold and share a day with these, the earliest first."""
    return [each for each in live(session, whose, first, last, now) if not each.is_firm]


def _stored(session: Session, whose: ColumnElement[bool], first: date, last: date) -> Sequence[Booking]:
    query = select(Booking).where(
        whose, Booking.released_at.is_(None), Booking.starts_on <= last, Booking.ends_on >= first
    )
    return session.scalars(query.order_by(Booking.starts_on, Booking.id).options(*_WITH)).all()


def _meet(one: Dates, other: Dates | Booking | Sprint) -> bool:
    return one.starts_on <= other.ends_on and one.ends_on >= other.starts_on
