"""Booking an engineer for a team, or holding them: nobody is booked twice, and a hold gives way to a booking."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import islice

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, wording
from bot.domain.calendar.cadence import Dates
from bot.domain.company import people
from bot.domain.desks import desks, embeds
from bot.domain.intake import claims, free_windows, requests, reserved, sides
from bot.domain.outbox import posts, prompt_posts
from bot.domain.sprints import cards
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.desks import Desk
from models.intake.bookings import Booking
from models.intake.requests import Request, State
from models.outbox import Card
from models.sprints import Sprint
from models.teams import Membership, Team

DISPLACED = Card.DISPLACED  # in the thread of a request whose hold gave way


@dataclass(frozen=True)
class Wish:
    """What is chosen in a form so far. Where nothing is, something sensible is proposed."""

    engineer_id: str | None = None
    host_id: int | None = None
    sprints: int = 1
    starts_on: date | None = None


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
    """Hold an engineer for a request that is still open, instead of the one who was held for it before.

    Holds may share days with each other, and not with a booking. One ends by itself on its first day, and when its
    request is open no more. Raises Refusal, as `book` does, and for somebody who is at no desk.
    """
    sides.require_answerer(session, request, by, to="hold somebody for it")
    require_open(request)
    return _reserve(session, request, engineer_id, host_team_id, starts_on, sprints, is_firm=False, by=by, now=now)


def hold_as(session: Session, request_id: int, wish: Wish, *, by: str, now: datetime) -> Booking:
    """Take the form for a hold. Raises Refusal, under the field concerned, for what is missing or can't be held."""
    request = requests.locked(session, request_id)
    if wish.engineer_id is None:
        raise Refusal("Choose an engineer to hold.", field="engineer")
    if wish.host_id is None or wish.starts_on is None:
        raise Refusal("Choose the team that they would join, and when.", field="team")
    return hold(session, request, wish.engineer_id, wish.host_id, wish.starts_on, wish.sprints, by=by, now=now)


def require_open(request: Request) -> None:
    if request.state != State.OPEN:
        raise Refusal("This request is not open any more, so there is nothing to hold anybody for.")


def take_up(session: Session, taken: Sequence[Request], *, by: str, now: datetime) -> None:
    """Claim those of the requests that became items of somebody's plan that nobody claimed yet.

    Raises Refusal where somebody was faster.
    """
    for request in taken:
        if request.state == State.OPEN:
            claims.claim(session, request.id, by=by, now=now)


def drop_hold(session: Session, request: Request, now: datetime) -> Booking | None:
    """Drop the hold for this request. Returns it, if there was one that had not begun."""
    query = select(Booking).where(
        Booking.request_id == request.id, Booking.is_firm.is_(False), Booking.released_at.is_(None)
    )
    dropped = None
    for each in session.scalars(query.options(*reserved.WITH)):
        dropped = each if reserved.is_ahead(each, now) else dropped
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
    # Other people who book the same engineer wait here. No key changes, so rows that only refer to the engineer need not wait.
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
    teams.require_open(host, field="team")
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
    for dates in islice(free_windows.every_window(session, host, number, now), free_windows.MOST_WINDOWS):
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
    taken = reserved.firm_ones(session, engineer.id, dates.starts_on, dates.ends_on)
    if not taken:
        return
    following = free_windows.free(session, engineer.id, host, number, now, 1)[0]
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
    for held in reserved.holds(session, Booking.person_id == booking.person_id, first, last, now):
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
