"""What product teams ask of the AI team: reaching out, reading a request, and who may do what with it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, inspect, or_, select, union
from sqlalchemy.orm import InstrumentedAttribute, Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value
from sqlalchemy.orm.interfaces import ORMOption

from bot.domain.company import company, people
from bot.domain.desks import desks, duties
from bot.domain.intake import numbers, waiting_on
from bot.domain.outbox import home_refresh, posts
from bot.domain.outbox.posts import Message
from bot.domain.teams import teams
from bot.domain.text import titles
from bot.platform.errors import Refusal
from models.desks import Desk, TriageWeek
from models.intake.decisions import Decision
from models.intake.events import Line
from models.intake.requests import (
    BRIEF_LENGTH,
    TITLE_LENGTH,
    Ball,
    Brief,
    CoAsker,
    Question,
    Request,
    Routing,
    State,
)
from models.outbox import Card, Post

CARD = Card.REQUEST  # in the intake channel, or in the thread of the message that became a request
LIVE = (State.OPEN, State.DECIDED, State.PARKED)
# The states stand in the statement as they are: a database sees only then that an index over these rows alone will do.
IS_LIVE: ColumnElement[bool] = Request.state.in_(
    bindparam("live", LIVE, type_=Request.state.type, expanding=True, literal_execute=True)
)


@dataclass(frozen=True)
class Ask:
    """What somebody reaches out with. `source` makes it the same one, whoever brings it and how often.

    `thread_ts` is the message in the intake channel whose thread is the request's; `link` leads to one elsewhere.
    `brought_by_id` pointed at it, if that was not the asker. One that `is_doubtful` may be no request.
    `desk_id` is the desk that the asker chose.
    """

    source: str
    asker_id: str
    words: str
    link: str | None = None
    thread_ts: str | None = None
    brought_by_id: str | None = None
    is_doubtful: bool = False
    desk_id: int | None = None


@dataclass(frozen=True)
class Reached:
    """A request, and whether it is a new one. `is_unseen` while nothing can be posted in its channel."""

    request: Request
    is_new: bool
    is_unseen: bool = False


# --- reaching out -----------------------------------------------------------------------------------------------


def reach_out(session: Session, asked: Ask, *, now: datetime) -> Reached:
    """Make a request of somebody's words; the same source a second time is the request that is there.

    Raises Refusal, under "title", when there are no words.
    """
    words = asked.words.strip()
    if not words:
        raise Refusal("Say in one line what you want; a vague idea is enough.", field="title")
    for person_id in filter(None, (asked.asker_id, asked.brought_by_id)):
        people.require_row(session, person_id)
    team = teams.for_person(session, asked.asker_id)
    desk = desks.first(session) if asked.desk_id is None else desks.receiving(session, asked.desk_id)
    values = {
        "source": asked.source,
        "link": asked.link,
        "title": titles.title(words, TITLE_LENGTH),
        "text": words,
        "asker_id": asked.asker_id,
        "team_id": team.id if team else None,
        "channel_id": company.current(session).intake_channel_id,
        "thread_ts": asked.thread_ts,
        "desk_id": desk.id if desk else None,
        "state": State.OPEN,
        "waiting_on": Ball.DESK,
        "waiting_since": now,
        "nudged": 0,
        "created_at": now,
        "is_doubtful": asked.is_doubtful,
        "brought_by_id": asked.brought_by_id,
    }
    new_id, is_new = numbers.write(session, values)
    if not is_new:
        return Reached(load(session, new_id), is_new=False)
    request = locked(session, new_id)
    waiting_on.give(session, request, Ball.DESK, now=now)
    session.flush()
    draw(session, request, now=now)
    _on_homes(session, request, now)
    settings = company.current(session)
    unseen = settings.intake_archived_at is not None and request.channel_id == settings.intake_channel_id
    return Reached(request, is_new=True, is_unseen=unseen)


def draw(session: Session, request: Request, *, now: datetime) -> None:
    """Have its card posted, once there is a channel for it."""
    if request.channel_id is not None:
        posts.draw(session, CARD, request.id, request.channel_id, now=now, thread_ts=request.thread_ts)


# --- reading ----------------------------------------------------------------------------------------------------


def load(session: Session, request_id: int) -> Request:
    """The request with its people, desk, brief, questions and history. Raises Refusal when there is no such request."""
    request = session.scalar(_WHOLE, {"request": request_id})
    if request is None:
        raise Refusal("This request is gone. `/reach-out queue` shows all that are open.")
    for name, rows in _LISTS.items():
        found = session.scalars(rows, {"request": request_id}, execution_options=teams.AFRESH)
        set_committed_value(request, name, found.all())
    if request.team is not None:
        teams.load_members(session, request.team, with_aways=False)
    return request


# Built once: building them takes as long as running them.
_WHOLE = (
    select(Request)
    .where(Request.id == bindparam("request"))
    .options(
        joinedload(Request.asker),
        joinedload(Request.claimer),
        joinedload(Request.team),
        joinedload(Request.desk).options(joinedload(Desk.lead), joinedload(Desk.team)),
        joinedload(Request.merged_into),
    )
    .execution_options(populate_existing=True)
)


def _of_it(row: type[Any], order: InstrumentedAttribute[Any], *people: ORMOption) -> Select[Any]:
    return (
        select(row)
        .where(row.request_id == bindparam("request"))
        .order_by(order, *inspect(row).primary_key)
        .options(*people)
    )


_LISTS = {
    "co_askers": _of_it(CoAsker, CoAsker.at, joinedload(CoAsker.person)),
    "briefs": _of_it(Brief, Brief.version, joinedload(Brief.by)),
    "questions": _of_it(Question, Question.id, joinedload(Question.by)),
    "routings": _of_it(
        Routing, Routing.id, joinedload(Routing.by), joinedload(Routing.from_desk), joinedload(Routing.to_desk)
    ),
}


def locked(session: Session, request_id: int) -> Request:
    """The same, to decide something about it alone until the transaction ends."""
    # A statement of its own: PostgreSQL reads a row anew that it waited for, but not those joined to what it was before.
    session.execute(select(Request.id).where(Request.id == request_id).with_for_update())
    return load(session, request_id)


def of_thread(session: Session, channel_id: str, thread_ts: str) -> int | None:
    """The id of the request whose thread this is: that of one of its messages, or that of its card."""
    card = select(Post.subject_id).where(Post.card == CARD, Post.message_ts == thread_ts)
    line = select(Line.request_id).where(Line.channel_id == channel_id, Line.ts == thread_ts)
    here = or_(Request.thread_ts == thread_ts, Request.id.in_(card), Request.id.in_(line))
    return session.scalar(select(Request.id).where(Request.channel_id == channel_id, here))


# --- who may ----------------------------------------------------------------------------------------------------


def is_askers_side(request: Request, person_id: str) -> bool:
    """Whether this person asked for it, now or since, or is of the product team that it is for."""
    return (
        request.asker_id == person_id
        or any(each.person_id == person_id for each in request.co_askers)
        or (request.team is not None and teams.is_member(request.team, person_id))
    )


def require_live(request: Request) -> None:
    """Raise Refusal for a request of which nothing is to be decided any more."""
    if request.state == State.MERGED:
        raise Refusal("This request was merged into an earlier one, and continues there.")
    if request.state not in LIVE:
        raise Refusal("This request is closed. Reach out again if there is something new: one line is enough.")


def require_undecided(request: Request) -> None:
    """Raise Refusal once a request is decided, or closed."""
    require_live(request)
    if request.state == State.DECIDED:
        raise Refusal("This request is decided already; its card says how.")


# --- telling ----------------------------------------------------------------------------------------------------


def say(session: Session, request: Request, key: str, message: Message, *, now: datetime) -> None:
    """Say something once in the request's thread, which stands below its card or below the message that it was."""
    if request.channel_id is None:
        return
    if request.thread_ts is not None:
        posts.write_in_thread(session, key, request.channel_id, request.thread_ts, message, now=now)
    else:
        posts.reply(session, key, posts.card_of(session, CARD, request.id), message, now=now)


def redraw(session: Session, request: Request, *, now: datetime) -> None:
    """Have its card show how it is now, and so the Homes of those concerned and whoever was reminded of it."""
    _on_homes(session, request, now)
    posts.redraw(session, CARD, request.id, now=now)
    waiting_on.redraw_reminders(session, request, now=now)


def _on_homes(session: Session, request: Request, now: datetime) -> None:
    """It waits on one of these people, or does so no more: who asked, who is on it, and who has triage."""
    joined = select(CoAsker.person_id).where(CoAsker.request_id == request.id)
    decided = select(Decision.person_id).where(Decision.request_id == request.id, Decision.person_id.is_not(None))
    week = duties.this_week(session, now)
    triage = select(TriageWeek.person_id).where(TriageWeek.desk_id == request.desk_id, TriageWeek.week_on == week)
    others = session.scalars(union(joined, decided, triage)).all()
    home_refresh.touch(session, [request.asker_id, request.claimer_id, *others], now=now)


def changed(session: Session, request: Request, now: datetime) -> Request:
    redraw(session, request, now=now)
    return load(session, request.id)


def short(text: str, field: str) -> str:
    """What was typed, without white space around it. Raises Refusal, under the field, for what is too long."""
    words = text.strip()
    if len(words) > BRIEF_LENGTH:
        raise Refusal(f"That is {len(words)} characters; {BRIEF_LENGTH} will do.", field=field)
    return words
