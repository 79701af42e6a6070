"""Reading requests: the queue with its filters, and what is mine of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Integer,
    Select,
    and_,
    bindparam,
    exists,
    func,
    literal,
    or_,
    select,
    union_all,
)
from sqlalchemy.orm import Session, aliased, joinedload

from bot.domain.desks import desks, duties
from bot.domain.desks.duties import OnTriage
from bot.domain.intake import queue_pages, requests, threads
from models.company import Person
from models.desks import Desk
from models.intake.decisions import Decision
from models.intake.requests import Ball, CoAsker, Request, Routing, State
from models.outbox import Post

PAGE = 10
DONE_LATELY = timedelta(days=30)  # so long what is done stands among what somebody asked for
MOST_MINE = 20  # of each kind: what a window has room for, and more than anybody should have


class Waiting(StrEnum):
    """On whom the queue's requests wait. `me` is who looks."""

    DESK = "desk"
    CLAIMER = "claimer"
    ASKER = "asker"
    OWNER = "owner"
    ME = "me"


class AnswerState(StrEnum):
    """How a request was answered so far. What is no problem for an AI is done once that is said."""

    NONE = "none"
    EMBED = "embed"
    BUILD = "build"
    GUIDANCE = "guidance"
    NOT_NOW = "not_now"


class Age(StrEnum):
    """How long a request has been there."""

    WEEK = "week"
    MONTH = "month"


AGES = {Age.WEEK: timedelta(days=7), Age.MONTH: timedelta(days=30)}


@dataclass(frozen=True)
class QueueFilters:
    """What of the queue is shown, and which page of it, from 0. None leaves nothing out."""

    desk_id: int | None = None
    answer: AnswerState | None = None
    waiting: Waiting | None = None
    age: Age | None = None
    words: str = ""
    page: int = 0


@dataclass(frozen=True)
class QueueLine:
    """One request of the queue. `triage` is who answers first at its desk; `link` leads to its thread."""

    request: Request
    decision: Decision | None
    triage: Person | None
    link: str | None


@dataclass(frozen=True)
class Queue:
    """A page of the queue, and how many requests there are on all of them."""

    lines: Sequence[QueueLine]
    filters: QueueFilters
    total: int
    desks: Sequence[Desk]

    @property
    def pages(self) -> int:
        """How many pages there are; one when nothing is there."""
        return max(1, -(-self.total // PAGE))


@dataclass(frozen=True)
class MyRequests:
    """What waits on somebody, what they are on, and what they asked for, each as it is in the queue."""

    waiting: Sequence[QueueLine]
    seen_to: Sequence[QueueLine]
    asked: Sequence[QueueLine]


@dataclass(frozen=True)
class Waits:
    """The first of the requests that wait on somebody, and how many there are. Of a line only its link is looked up."""

    lines: Sequence[QueueLine] = ()
    total: int = 0


# The number is written into the statement. As a parameter it would make PostgreSQL plan anew each time, which takes longer
# than reading the rows.
_AT_MOST = bindparam("at_most", type_=Integer(), literal_execute=True)
_Row = tuple[Request, Decision | None]
_standing = aliased(Decision)


def read(session: Session, filters: QueueFilters, *, viewer: str, now: datetime) -> Queue:
    """What waits, then what is under way, then what was done lately, of which the filters hold. Everybody may read it.

    What has waited longest comes first, and of what is done the newest. A page behind the last one is the last one. It
    takes the same number of queries whatever there is.
    """
    turns = duties.triage(session, now=now)
    conditions = _conditions(filters, viewer, turns, now)
    # No decision is looked up for what is counted and left out, but where a filter asks for one.
    found: Any = _from() if filters.answer is not None else select(Request)
    parts = [found.where(*conditions, condition) for condition in queue_pages.parts(now - DONE_LATELY)]
    counts = (part.with_only_columns(func.count()).scalar_subquery() for part in parts)
    total = sum(session.execute(select(*counts)).one())
    page = min(max(filters.page, 0), max(0, -(-total // PAGE) - 1))
    ids = queue_pages.page_of(session, parts, page, PAGE)
    rows = {row[0].id: row for row in session.execute(_whole().where(Request.id.in_(ids)))}
    lines = _lines(session, [rows[each] for each in ids], turns)
    return Queue(lines, replace(filters, page=page), total, [turn.desk for turn in turns])


def mine(session: Session, person_id: str, *, now: datetime) -> MyRequests:
    """What waits on this person, what else they are on, and what they asked for; nothing stands there twice."""
    turns = duties.triage(session, now=now)
    waiting = _of(session, _waits_on(person_id, _triage_of(person_id, turns)), turns, oldest_first=True)
    seen = [each.request.id for each in waiting]
    sees = or_(Request.claimer_id == person_id, _standing.person_id == person_id)
    seen_to = _of(session, and_(sees, Request.id.not_in(seen)), turns)
    seen += [each.request.id for each in seen_to]
    asked = _of(session, and_(_asked_by(person_id), Request.id.not_in(seen)), turns, done_since=now - DONE_LATELY)
    return MyRequests(waiting, seen_to, asked)


def waiting_on(session: Session, person_id: str, on_triage: Sequence[int], *, most: int) -> Waits:
    """What waits on this person, who has triage at these desks, the longest first: for a screen that opens often."""
    rows = session.execute(_WAITING_ON, {"me": person_id, "on_triage": list(on_triage), "at_most": most}).all()
    lines = [
        QueueLine(request, None, None, threads.to_thread(session, request, post)) for request, post, _total in rows
    ]
    return Waits(lines, rows[0][2] if rows else 0)


def _of(
    session: Session,
    condition: ColumnElement[bool],
    turns: Sequence[OnTriage],
    *,
    done_since: datetime | None = None,
    oldest_first: bool = False,
) -> list[QueueLine]:
    shown = requests.IS_LIVE
    if done_since is not None:
        shown = or_(shown, and_(Request.state == State.DONE, Request.done_at > done_since))
    query = _whole().where(shown, condition)
    newest = Request.waiting_since.desc(), Request.id.desc()
    order = (Request.waiting_since, Request.id) if oldest_first else newest
    return _lines(session, session.execute(query.order_by(*order).limit(MOST_MINE)).all(), turns)


def _from() -> Select[Request, Decision]:
    standing = and_(_standing.request_id == Request.id, _standing.ended_at.is_(None))
    return select(Request, _standing).outerjoin(_standing, standing)


def _whole() -> Select[Request, Decision]:
    return _from().options(
        joinedload(Request.asker),
        joinedload(Request.claimer),
        joinedload(Request.team),
        joinedload(Request.desk).joinedload(Desk.lead),
        joinedload(_standing.person),
        joinedload(_standing.team),
    )


def _lines(session: Session, rows: Sequence[_Row], turns: Sequence[OnTriage]) -> list[QueueLine]:
    found = threads.to_threads(session, [request for request, _ in rows])
    triage = {turn.desk.id: turn.person for turn in turns}
    return [
        QueueLine(request, decision, triage.get(request.desk_id or 0), found.get(request.id))
        for request, decision in rows
    ]


# --- filters ----------------------------------------------------------------------------------------------------


def _conditions(
    filters: QueueFilters, viewer: str, turns: Sequence[OnTriage], now: datetime
) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = queue_pages.says(filters.words)
    if filters.desk_id is not None:
        found.append(Request.desk_id == filters.desk_id)
    if filters.answer == AnswerState.NONE:
        found.append(_standing.id.is_(None))
    elif filters.answer is not None:
        found.append(_standing.mode == filters.answer.value)
    if filters.waiting == Waiting.ME:
        found.append(_waits_on(viewer, _triage_of(viewer, turns)))
    elif filters.waiting == Waiting.DESK:
        found.append(Request.waiting_on.in_((Ball.DESK, Ball.LEADS)))
    elif filters.waiting is not None:
        found.append(Request.waiting_on == filters.waiting.value)
    if filters.age is not None:
        found.append(Request.created_at < now - AGES[filters.age])
    return found


def _asked_by(person_id: str) -> ColumnElement[bool]:
    joined = exists().where(CoAsker.request_id == Request.id, CoAsker.person_id == person_id)
    return or_(Request.asker_id == person_id, joined)


def _triage_of(person_id: str, turns: Sequence[OnTriage]) -> list[int]:
    return [turn.desk.id for turn in turns if turn.person is not None and turn.person.id == person_id]


def _waits_on(
    person_id: str | BindParameter[str], on_triage: Sequence[int] | BindParameter[Sequence[int]]
) -> ColumnElement[bool]:
    """Which requests this person owes the next step: as the claimer, an asker, the owner, on triage, or a lead.

    Each kind is found by an index of its own: one condition for all of them would have every live request looked at.
    """
    it = aliased(Request)
    joined = select(CoAsker.request_id).where(CoAsker.person_id == person_id)
    owned = select(Decision.request_id).where(Decision.person_id == person_id, Decision.ended_at.is_(None))
    between = select(Routing.request_id).join(Desk, or_(Desk.id == Routing.from_desk_id, Desk.id == Routing.to_desk_id))
    led = between.where(Routing.request_id == it.id, Desk.lead_id == person_id, desks.IS_OPEN)
    kinds = (
        (Ball.CLAIMER, it.claimer_id == person_id),
        (Ball.ASKER, it.asker_id == person_id),
        (Ball.ASKER, it.id.in_(joined)),
        (Ball.OWNER, it.id.in_(owned)),
        (Ball.DESK, it.desk_id.in_(on_triage)),
        (Ball.LEADS, led.exists()),
    )
    return Request.id.in_(union_all(*(select(it.id).where(_waits(it, on), mine) for on, mine in kinds)))


def _waits(request: type[Request], on: Ball) -> ColumnElement[bool]:
    # Written into the statement, so that the database can see that the partial index fits.
    return request.waiting_on == literal(on, Request.waiting_on.type, literal_execute=True)


def _first_waiting() -> Select[Request, Post | None, int]:
    card = and_(Post.card == requests.CARD, Post.subject_id == Request.id, Post.message_ts.is_not(None))
    mine = _waits_on(bindparam("me", type_=Person.id.type), bindparam("on_triage", expanding=True))
    return (
        select(Request, Post, func.count().over())
        .outerjoin(Post, card)
        .where(requests.IS_LIVE, mine)
        .order_by(Request.waiting_since, Request.id)
        .limit(_AT_MOST)
    )


_WAITING_ON = _first_waiting()  # built once: building it takes longer than running it
