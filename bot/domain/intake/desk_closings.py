"""A desk is closed: nobody answers there any more, and what goes on is another desk's."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from bot.domain.desks import desks, duties, rota_card, setups
from bot.domain.intake import departures, requests, waiting_on
from bot.domain.intake.departures import Departed
from bot.domain.outbox import home_refresh, posts
from bot.platform.errors import Refusal
from models.company import Person
from models.desks import Desk, TriageWeek
from models.intake.requests import Ball, Request

CLOSED = "\x1f"  # what follows it makes the name of a closed desk its own; nobody can type it


@dataclass(frozen=True)
class Closing:
    """What the form shows: the desk, how many requests go on there, and the desks that could take them."""

    desk: Desk
    live: int
    others: Sequence[Desk]


@dataclass(frozen=True)
class Moved:
    """A request that another desk answers now; `freed` is who was on it, and is at no desk any more."""

    request: Request
    freed: Person | None


@dataclass(frozen=True)
class DeskClosed:
    """A desk that is closed, the requests that moved to `to`, and whom they cost somebody."""

    desk: Desk
    to: Desk | None
    moved: Sequence[Moved] = ()
    departed: Sequence[Departed] = ()


def read(session: Session, desk_id: int, *, by: str) -> Closing:
    """The desk, to be closed. Raises Refusal unless `by` is an admin or leads it, and for the last one while it is needed."""
    setups.require_setter(session, desk_id, by)
    desk, others = desks.get(session, desk_id), [each for each in desks.all(session) if each.id != desk_id]
    live = len(session.scalars(_live(desk_id)).all())
    _require_another(desk, live, others)
    return Closing(desk, live, others)


def close(session: Session, desk_id: int, to_id: int | None, *, by: str, now: datetime) -> DeskClosed:
    """Close a desk, and hand what goes on there to another one. Its name is free, and its history stays.

    Raises Refusal as `read` does, and under "desk" while no desk is chosen that could take its requests.
    """
    # Whoever writes a request for a desk holds it open, and of two who close the last two desks, one comes first.
    # Its requests are locked before: whoever decides on one of them locks in this order, too.
    session.execute(_live(desk_id).with_for_update()).all()
    session.execute(select(Desk.id).order_by(Desk.id).with_for_update()).all()
    setups.require_setter(session, desk_id, by)
    desk = desks.load(session, desk_id)
    others = {each.id: each for each in desks.all(session) if each.id != desk_id}
    live = session.scalars(_live(desk_id)).all()
    _require_another(desk, len(live), list(others.values()))
    to = others.get(to_id) if to_id is not None else None
    if live and to is None:
        raise Refusal("Choose the desk that takes its requests.", field="desk")
    people = desks.people_of(desk)
    _end(session, desk, now)
    moved = [_hand_over(session, request_id, to, now) for request_id in live] if to is not None else []
    departed = departures.dropped(session, [person.id for person in people], now=now)
    home_refresh.touch(session, [person.id for person in people], now=now)
    return DeskClosed(desk, to, moved, departed)


def _require_another(desk: Desk, live: int, others: Sequence[Desk]) -> None:
    if live and not others:
        what = "1 request is" if live == 1 else f"{live} requests are"
        raise Refusal(f"{desk.name} is the last desk, and {what} open there. Answer them, or found another desk first.")


def _live(desk_id: int) -> Select[int]:
    return select(Request.id).where(requests.IS_LIVE, Request.desk_id == desk_id).order_by(Request.id)


def _end(session: Session, desk: Desk, now: datetime) -> None:
    desk.closed_at, desk.name_key = now, f"{desk.name_key}{CLOSED}{desk.id}"
    week = duties.this_week(session, now)
    session.execute(delete(TriageWeek).where(TriageWeek.desk_id == desk.id, TriageWeek.week_on >= week))
    session.flush()
    rota_card.show(session, now=now)
    posts.redraw(
        session, rota_card.CARD, rota_card.THE_CARD, now=now
    )  # without a desk nothing is shown, but what stands is changed


def _hand_over(session: Session, request_id: int, to: Desk, now: datetime) -> Moved:
    request = requests.locked(session, request_id)
    request.desk_id = to.id
    claimer = request.claimer
    freed = claimer if claimer is not None and not desks.at_a_desk(session, claimer.id) else None
    if freed is not None:
        request.claimer_id = None
    session.flush()
    if request.waiting_on in (Ball.DESK, Ball.LEADS) or (request.waiting_on == Ball.CLAIMER and freed is not None):
        waiting_on.give(session, request, Ball.DESK, now=now)
        session.flush()
    requests.redraw(session, request, now=now)
    return Moved(requests.load(session, request_id), freed)
