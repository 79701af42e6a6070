"""A desk's side of a request: claiming it, asking back, passing it on, and snoozing it."""

from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.company import company, people
from bot.domain.desks import desks
from bot.domain.intake import requests, sides, undos, waiting_on
from bot.platform.errors import Refusal
from models.intake.requests import (
    TEXT_LENGTH,
    Ball,
    Question,
    Request,
    Routing,
)

BOUNCES = 2  # from the second time on the leads settle together where it belongs
LONGEST_SNOOZE = timedelta(days=60)


def claim(session: Session, request_id: int, *, by: str, now: datetime, over: bool = False) -> Request:
    """Take a request; with `over`, in the place of who did so far. Raises Refusal when somebody was faster."""
    request = requests.locked(session, request_id)
    requests.require_undecided(request)
    sides.require_answerer(session, request, by, to="take it")
    if request.claimer_id == by:
        return request
    if request.claimer is not None and not over and waiting_on.is_there(session, request.claimer_id or "", now):
        raise Refusal(f"{request.claimer.name} is on it. *Take over* is on its card, if you agreed on it.")
    before, was_free = undos.snapshot(session, request), request.claimer_id is None
    request.claimer_id = by
    if request.waiting_on in (Ball.DESK, Ball.CLAIMER, Ball.LEADS):
        waiting_on.give(session, request, Ball.CLAIMER, now=now)
    undos.remember(session, request, before, by=by, now=now, is_told=not was_free)
    return requests.changed(session, request, now)


def ask(session: Session, request_id: int, text: str, *, by: str, now: datetime) -> tuple[Request, Question]:
    """Ask the asker what is not clear yet: the next step is theirs. If nobody is on the request, it becomes the questioner's."""
    request = requests.locked(session, request_id)
    requests.require_undecided(request)
    sides.require_answerer(session, request, by, to="ask from here")
    words = text.strip()
    if not words:
        raise Refusal("Write the question.", field="text")
    if len(words) > TEXT_LENGTH:
        raise Refusal(f"That is {len(words)} characters; a message takes {TEXT_LENGTH}.", field="text")
    question = Question(request_id=request.id, text=words, by_id=by, at=now)
    session.add(question)
    request.claimer_id = request.claimer_id or by
    request.answered_at = request.answered_at or now
    waiting_on.give(session, request, Ball.ASKER, now=now)
    session.flush()
    return requests.changed(session, request, now), question


def routable(session: Session, request_id: int, *, by: str, to: str) -> Request:
    """The request, for somebody who may say where it belongs, or ask about it; `to` says which. Raises Refusal otherwise."""
    request = requests.load(session, request_id)
    sides.require_answerer(session, request, by, to=to)
    requests.require_undecided(request)
    return request


def route(session: Session, request_id: int, to_desk_id: int, why: str, *, by: str, now: datetime) -> Request:
    """Hand a request to another desk, with a sentence why. A second bounce goes to the leads of both, together.

    From then on only one of them says where it belongs. Raises Refusal, under the field concerned.
    """
    request = requests.locked(session, request_id)
    requests.require_undecided(request)
    sides.require_answerer(session, request, by, to="hand it over")
    to_desk = desks.receiving(session, to_desk_id)
    if to_desk.id == request.desk_id:
        raise Refusal(f"It is at {to_desk.name} already. Choose another desk.", field="desk")
    reason = requests.short(why, "why")
    if not reason:
        raise Refusal("Say in one sentence why it belongs there.", field="why")
    settled = request.waiting_on == Ball.LEADS
    if settled and by not in waiting_on.leads(session, request):
        raise Refusal("It went back and forth, so the leads of both desks settle it now.", field="why")
    if request.desk_id is not None:
        session.add(
            Routing(
                request_id=request.id, from_desk_id=request.desk_id, to_desk_id=to_desk.id, why=reason, by_id=by, at=now
            )
        )
    request.desk_id, request.claimer_id = to_desk.id, None
    session.flush()
    request = requests.locked(session, request.id)
    bounced = len(request.routings) >= BOUNCES and not settled
    waiting_on.give(session, request, Ball.LEADS if bounced else Ball.DESK, now=now)
    session.flush()
    return requests.changed(session, request, now)


def snooze(session: Session, request_id: int, until: date | None, *, by: str, now: datetime) -> Request:
    """Have nobody reminded of it before this day. Raises Refusal, under "until", for a day that is none for that."""
    request = requests.locked(session, request_id)
    requests.require_live(request)
    sides.require_either_side(session, request, by, to="snooze it")
    if request.waiting_on == Ball.NOBODY:
        raise Refusal("Nobody is reminded of this one at the moment, so there is nothing to snooze.", field="until")
    today = cadence.local_date(now, people.known(session, by).zone or company.current(session).zone)
    if until is None or not today < until <= today + LONGEST_SNOOZE:
        raise Refusal(f"Choose a day within the next {LONGEST_SNOOZE.days} days.", field="until")
    before = undos.snapshot(session, request)
    waiting_on.snooze(session, request, until, now=now)
    undos.remember(session, request, before, by=by, now=now)
    return requests.changed(session, request, now)
