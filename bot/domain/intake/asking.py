"""The asker's side of a request: saying more, taking it back, and answering what a desk asked."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.company import company, people
from bot.domain.desks import desks
from bot.domain.intake import decisions, requests, sides, undos, waiting_on
from bot.domain.outbox import prompt_posts
from bot.domain.outbox.posts import Message
from bot.domain.teams import teams
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.intake.requests import (
    TITLE_LENGTH,
    Ball,
    CoAsker,
    Request,
    State,
    Why,
)
from models.outbox import Card


@dataclass(frozen=True)
class Details:
    """The form "details": what helps to answer. Only the title is needed."""

    title: str
    why: Why | None
    tried: str
    wanted_on: date | None
    team_id: int | None


def describe(session: Session, request_id: int, details: Details, *, by: str, now: datetime) -> Request:
    """Write down what helps to answer. Raises Refusal, under the field concerned, for what can't be."""
    request = requests.locked(session, request_id)
    requests.require_live(request)
    sides.require_either_side(session, request, by, to="change its details")
    title = " ".join(details.title.split())
    if not title:
        raise Refusal("Say in one line what you want; a vague idea is enough.", field="title")
    if len(title) > TITLE_LENGTH:
        raise Refusal(f"That is {len(title)} characters; a title takes {TITLE_LENGTH}.", field="title")
    if title != request.title:
        request.title, request.retitled_at = title, now
    request.why = details.why
    request.tried = requests.short(details.tried, "tried") or None
    request.wanted_on = _in_time(session, details.wanted_on, request, now)
    if details.team_id is not None and details.team_id != request.team_id:
        teams.require_open(teams.get(session, details.team_id), field="team")
    request.team_id = details.team_id
    session.flush()
    return requests.changed(session, request, now)


def _in_time(session: Session, wanted_on: date | None, request: Request, now: datetime) -> date | None:
    today = cadence.local_date(now, request.asker.zone or company.current(session).zone)
    if wanted_on is not None and wanted_on != request.wanted_on and wanted_on < today:
        raise Refusal("This day has passed. Choose a later day, or none.", field="wanted_on")
    return wanted_on


def withdraw(
    session: Session, request_id: int, *, by: str, say: Callable[[Request, str], Message], now: datetime
) -> Request:
    """Take a request back: engineers are free, and the thread `say`s it. Raises Refusal for anybody but the asker's side."""
    request = requests.locked(session, request_id)
    requests.require_live(request)
    if not requests.is_askers_side(request, by):
        raise Refusal(
            f"Only {request.asker.name} and their team can take this back. The people who answer close it with *Answer*."
        )
    before = undos.snapshot(session, request)
    request.state, request.returns_at = State.WITHDRAWN, None
    waiting_on.give(session, request, Ball.NOBODY, now=now)
    undos.remember(session, request, before, by=by, now=now)
    decisions.let_go(session, request, now=now)
    # Taken back a second time, after an undo, it is said again.
    requests.say(session, request, f"withdrawn:{request.id}:{now.isoformat()}", say(request, by), now=now)
    prompt_posts.redraw_sent(session, [Card.GONE], request.id, now=now)  # nobody need answer that question any more
    return requests.changed(session, request, now)


def take_over_asking(session: Session, request_id: int, *, by: str, now: datetime) -> Request:
    """Ask in the place of somebody who has left the company. Raises Refusal while they are there."""
    request = requests.locked(session, request_id)
    requests.require_live(request)
    if not request.asker.is_gone:
        raise Refusal(f"{request.asker.name} asked for this, and is still here.")
    person = people.known(session, by)
    request.asker_id = person.id
    if request.team_id is None and (team := teams.for_person(session, by)) is not None:
        request.team_id = team.id
    session.flush()
    return requests.changed(session, request, now)


def follow(session: Session, request: Request, person_id: str, *, now: datetime) -> None:
    """Keep this person informed of a request, as its asker is. People at a desk see it there already."""
    if person_id != request.asker_id and not desks.at_a_desk(session, person_id):
        row = insert(session, CoAsker).values(request_id=request.id, person_id=person_id, at=now)
        session.execute(row.on_conflict_do_nothing(index_elements=["request_id", "person_id"]))
        requests.redraw(session, request, now=now)


def heard(session: Session, request_id: int, *, by: str, now: datetime) -> Request:
    """Somebody wrote in its thread: the asker's side hands the ball back, and the first word of a desk is an answer."""
    request = requests.locked(session, request_id)
    if requests.is_askers_side(request, by):
        _answered(session, request, now)
    elif request.answered_at is None and desks.at_a_desk(session, by):
        request.answered_at = now
    return requests.changed(session, request, now)


def _answered(session: Session, request: Request, now: datetime) -> None:
    for question in request.questions:
        question.answered_at = question.answered_at or now
    if request.state == State.OPEN and request.waiting_on == Ball.ASKER:
        waiting_on.give(session, request, Ball.CLAIMER if request.claimer_id else Ball.DESK, now=now)
