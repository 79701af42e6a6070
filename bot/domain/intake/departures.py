"""Somebody left the company or a desk, so what they asked for, took or promised needs somebody else."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from bot.domain.desks import desks, filling
from bot.domain.intake import bookings, decisions, requests, returns, waiting_on
from bot.domain.teams import teams
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, Request, State


class Was(StrEnum):
    """What somebody was to a request."""

    ASKER = "asker"
    CLAIMER = "claimer"
    OWNER = "owner"
    HELD = "held"


@dataclass(frozen=True)
class Departed:
    """Somebody is no longer what they were to a request. It is said once a `key`.

    Of an owner the `decision` says what was to be done; it does not stand any more.
    """

    key: str
    request: Request
    person: Person
    was: Was
    decision: Decision | None = None
    team_name: str | None = None


def left_by(session: Session, person: Person, *, now: datetime) -> Sequence[Departed]:
    """The lines for the threads of live requests that this person asked for, took or promised.

    A claim of theirs is free again, and so are their days; what they were to do is open again, and the desk owes it.
    """
    asked = _each(session, Request.asker_id == person.id, person, _lost_asker, now)
    return [*asked, *off_the_desk(session, person, now=now)]


def off_the_desk(session: Session, person: Person, *, now: datetime) -> Sequence[Departed]:
    """The same of what only somebody at a desk can do; of somebody who is at one still, only what has become pointless."""
    is_there = not person.is_gone and bool(desks.at_a_desk(session, person.id))
    stands = select(Decision.request_id).where(Decision.person_id == person.id, Decision.ended_at.is_(None))
    owned = _each(session, Request.id.in_(stands) & _is_to_do(person, session, is_there), person, _lost_owner, now)
    if is_there:
        return owned
    filling.show_without(session, person.id, now=now)
    claimed = _each(session, Request.claimer_id == person.id, person, _lost_claimer, now)
    held = select(Booking.request_id).where(
        Booking.person_id == person.id, Booking.is_firm.is_(False), Booking.released_at.is_(None)
    )
    return [*owned, *claimed, *_each(session, Request.id.in_(held), person, _lost_hold, now)]


def at_the_desk(
    session: Session, desk_id: int, person_ids: Collection[str], *, now: datetime
) -> tuple[bool, list[Departed]]:
    """Take down who is at a desk, as Slack says. Returns whether that is news, and what is to be said of those who left."""
    left = desks.would_leave(session, desk_id, person_ids)
    hold(session, left)
    return desks.sync(session, desk_id, person_ids, now=now), dropped(session, left, now=now)


def dropped(session: Session, person_ids: Collection[str], *, now: datetime) -> list[Departed]:
    """The same as `off_the_desk`, of people who are in their team as before: it is the desk that they left."""
    people = session.scalars(select(Person).where(Person.id.in_(person_ids)).order_by(Person.id)).all()
    return [replace(each, team_name=None) for person in people for each in off_the_desk(session, person, now=now)]


def hold(session: Session, person_ids: Collection[str]) -> None:
    """Nobody else decides on what these people do until this transaction ends. Requests are locked before desks."""
    if person_ids:
        decided = select(Decision.request_id).where(Decision.person_id.in_(person_ids), Decision.ended_at.is_(None))
        held = select(Booking.request_id).where(Booking.person_id.in_(person_ids), Booking.released_at.is_(None))
        theirs = Request.claimer_id.in_(person_ids) | Request.id.in_(decided) | Request.id.in_(held)
        session.execute(select(Request.id).where(requests.IS_LIVE, theirs).order_by(Request.id).with_for_update()).all()


def _is_to_do(person: Person, session: Session, is_there: bool) -> ColumnElement[bool]:
    """Which of what they were to do they can't do: all, or as a member of the host nothing but joining it."""
    decided = Request.state == State.DECIDED
    if not is_there:
        return decided
    team = teams.for_person(session, person.id)
    hosted = select(Decision.request_id).where(
        Decision.person_id == person.id,
        Decision.ended_at.is_(None),
        Decision.mode == Mode.EMBED,
        Decision.team_id == (team.id if team else None),
    )
    return decided & Request.id.in_(hosted)


Lose = Callable[[Session, int, Person, datetime], Departed]


def _each(
    session: Session, condition: ColumnElement[bool], person: Person, lose: Lose, now: datetime
) -> list[Departed]:
    return [lose(session, each.id, person, now) for each in live_of(session, condition)]


def _lost_asker(session: Session, request_id: int, person: Person, now: datetime) -> Departed:
    request = requests.locked(session, request_id)
    if request.waiting_on == Ball.ASKER and waiting_on.who_answers(session, request, 1, now=now) is None:
        # Nobody is left who would answer, or be reminded to.
        waiting_on.give(session, request, Ball.CLAIMER if request.claimer_id else Ball.DESK, now=now)
    requests.redraw(session, request, now=now)
    return _departed(session, request, person, Was.ASKER, now)


def _lost_claimer(session: Session, request_id: int, person: Person, now: datetime) -> Departed:
    request = requests.locked(session, request_id)
    request.claimer_id = None
    if request.state == State.OPEN and request.waiting_on == Ball.CLAIMER:
        waiting_on.give(session, request, Ball.DESK, now=now)
    session.flush()
    requests.redraw(session, request, now=now)
    return _departed(session, requests.load(session, request_id), person, Was.CLAIMER, now)


def _lost_owner(session: Session, request_id: int, person: Person, now: datetime) -> Departed:
    request = requests.locked(session, request_id)
    if request.claimer_id == person.id:
        request.claimer_id = None  # said with this
    decisions.let_go(session, request, now=now)
    decision = returns.come_back(session, request, now=now)
    return _departed(session, requests.load(session, request_id), person, Was.OWNER, now, decision)


def _lost_hold(session: Session, request_id: int, person: Person, now: datetime) -> Departed:
    request = requests.locked(session, request_id)
    bookings.drop_hold(session, request, now)
    requests.redraw(session, request, now=now)
    return _departed(session, request, person, Was.HELD, now)


def _departed(
    session: Session, request: Request, person: Person, was: Was, now: datetime, decision: Decision | None = None
) -> Departed:
    team = None if person.is_gone else teams.for_person(session, person.id)
    key = f"{was}-left:{request.id}:{now:%Y%m%d%H%M%S}"
    return Departed(key, request, person, was, decision, team.name if team else None)


def live_of(session: Session, condition: ColumnElement[bool]) -> Sequence[Request]:
    """The rows of the live requests that meet this condition, oldest first, and nothing else of them."""
    return session.scalars(select(Request).where(requests.IS_LIVE, condition).order_by(Request.id)).all()
