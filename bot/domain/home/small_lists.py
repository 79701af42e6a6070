"""The small lists of somebody's Home, read in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    Subquery,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    null,
    select,
    type_coerce,
    union_all,
)
from sqlalchemy import String as Text
from sqlalchemy.orm import Session, aliased

from bot.domain.outbox import links
from bot.domain.planning import comments
from bot.domain.sprints.overviews import Overview
from models.base import UtcDateTime
from models.company import Person
from models.feedback import Feedback
from models.intake.decisions import Decision
from models.intake.requests import CoAsker, Request, State
from models.outbox import Card, Post
from models.planning import Comment
from models.retros import Action, ActionState, Retro, RetroAnswer
from models.sharing import Follow
from models.sprints import Item, Mark, Sprint
from models.teams import Team

SHOWN = 5  # of each list but one's own items
ITEMS = 10  # of one's items in a sprint
COMMENTS = 3  # each takes two blocks
ANSWERED_LATELY = timedelta(days=7)  # so long the answer to what somebody asked for stands on their Home
FRESH = timedelta(days=14)  # so long feedback waits on Home that its receiver did nothing with


@dataclass(frozen=True)
class HomeLine:
    """A line of one of the lists. Whose it is, what it is called, since when or until when, and where it stands.

    `kind` is of an answer: how two teams work together, or that they don't.
    """

    id: int
    name: str = ""
    title: str = ""
    text: str = ""
    at: datetime | None = None
    on: date | None = None
    link: str | None = None
    kind: str = ""


@dataclass(frozen=True)
class Listed:
    """The first of a list, and how many there are."""

    lines: Sequence[HomeLine] = ()
    total: int = 0


@dataclass(frozen=True)
class SmallLists:
    """What one statement reads of everything that is small, by its kind."""

    rows: Mapping[str, Sequence[Any]] = field(default_factory=dict)

    def of(self, kind: str, url: str | None = None) -> Listed:
        rows = self.all(kind)
        lines = [
            HomeLine(
                row.id,
                row.name or "",
                row.title or "",
                row.text or "",
                row.at,
                row.on_day,
                links.permalink(url, row.channel_id, row.ts, row.thread_ts),
                row.mode or "",
            )
            for row in rows
        ]
        return Listed(lines, rows[0].total if rows else 0)

    def all(self, kind: str) -> Sequence[Any]:
        return sorted(self.rows.get(kind, ()), key=lambda row: row.place)

    def first(self, kind: str) -> Any:
        return next(iter(self.all(kind)), None)


NONE = 0  # the id of no row
_ME = bindparam("me", type_=Person.id.type)
_TEAM = bindparam("team", type_=Team.id.type)
_NOW = bindparam("now", type_=UtcDateTime())
_FRESH = bindparam("fresh", type_=UtcDateTime())
_ANSWERED_SINCE = bindparam("answered_since", type_=UtcDateTime())
_COLUMNS: Mapping[str, Any] = {
    "id": Integer,
    "name": Text,
    "title": Text,
    "text": Text,
    "mode": Text,
    "at": UtcDateTime,
    "on_day": Date,
    "until": Date,
    "number": Integer,
    "channel_id": Text,
    "ts": Text,
    "thread_ts": Text,
}


def read(session: Session, person_id: str, overview: Overview | None, now: datetime) -> SmallLists:
    which = {
        "me": person_id,
        "team": overview.team_id if overview else NONE,
        "now": now,
        "fresh": now - FRESH,
        "answered_since": now - ANSWERED_LATELY,
    }
    found: dict[str, list[Any]] = {}
    for row in session.connection().execute(_LISTS, which):
        found.setdefault(row.kind, []).append(row)
    return SmallLists(found)


def _part(kind: str, query: Select[Any], order: Sequence[Any], *, most: int = SHOWN, **columns: Any) -> Subquery:
    """The first rows of a list, with these of the columns that all lists have, each row's place, and how many there are."""
    shown = [
        (type_coerce(columns[name], kind_of()) if name in columns else cast(null(), kind_of())).label(name)
        for name, kind_of in _COLUMNS.items()
    ]
    place = func.row_number().over(order_by=order).label("place")
    rows = query.with_only_columns(literal(kind).label("kind"), *shown, place, func.count().over().label("total"))
    every = rows.subquery()
    return select(every).where(every.c.place <= most).subquery()


def _with_marks(part: Subquery) -> Select[Any]:
    """How many items stand where, in the sprints of the teams that are followed: of those alone that are shown."""
    here = [Item.sprint_id == part.c.number, Item.dropped_at.is_(None), part.c.kind == "followed"]
    counts = (select(func.count(Item.id)).where(*here, Item.mark == mark).correlate(part) for mark in Mark)
    return select(part, *(each.scalar_subquery().label(mark.value) for mark, each in zip(Mark, counts, strict=True)))


def _followed() -> Subquery:
    sprint, open_one = aliased(Sprint), aliased(Sprint)
    is_open = open_one.team_id == Team.id, open_one.closed_at.is_(None), open_one.over_at > _NOW
    first = select(open_one.id).where(*is_open).order_by(open_one.starts_on).limit(1).correlate(Team).scalar_subquery()
    query = select(Team.id).join(Follow, Follow.team_id == Team.id).outerjoin(sprint, sprint.id == first)
    return _part(
        "followed",
        query.where(Follow.person_id == _ME),
        [Team.name_key],
        id=Team.id,
        name=Team.name,
        on_day=sprint.starts_on,
        until=sprint.ends_on,
        number=sprint.id,
    )


def _told() -> Subquery:
    """What somebody told them lately, and they did nothing with yet. The words stay sealed: they are not even read."""
    giver = aliased(Person)
    untouched = Feedback.thanked_at.is_(None), Feedback.kept_at.is_(None), Feedback.shared_at.is_(None)
    query = _feedback(giver).where(Feedback.delivered_at > _FRESH, *untouched)
    newest = [Feedback.delivered_at.desc(), Feedback.id.desc()]
    return _part("told", query, newest, id=Feedback.id, name=giver.name, at=Feedback.delivered_at)


def _kept() -> Subquery:
    giver = aliased(Person)
    query = _feedback(giver).where(Feedback.kept_at.is_not(None), Feedback.done_at.is_(None))
    return _part(
        "kept", query, [Feedback.kept_at, Feedback.id], id=Feedback.id, name=giver.name, at=Feedback.delivered_at
    )


def _feedback(giver: type[Person]) -> Select[Any]:
    theirs = select(Feedback.id).join(giver, giver.id == Feedback.giver_id).where(Feedback.receiver_id == _ME)
    return theirs.where(Feedback.delivered_at.is_not(None))


def _comments() -> Subquery:
    author, card, plan = aliased(Person), aliased(Post), aliased(Post)
    query = (
        comments.asking(_ME)
        .join(author, author.id == Comment.author_id)
        .outerjoin(card, (card.card == comments.CARD) & (card.subject_id == Comment.id))
        .outerjoin(plan, plan.id == card.thread_id)
    )
    return _part(
        "comment",
        query,
        [Comment.id],
        most=COMMENTS,
        id=Comment.id,
        name=author.name,
        title=Comment.title,
        text=Comment.text,
        channel_id=card.posted_in_id,
        ts=card.message_ts,
        thread_ts=plan.message_ts,
    )


def _answers() -> Subquery:
    """Recent answers to requests that they made or joined. They may not be in the channel where the answer is."""
    card, by = aliased(Post), aliased(Person)
    asked = select(Request.id).where(Request.asker_id == _ME)
    joined = select(CoAsker.request_id).where(CoAsker.person_id == _ME)
    query = (
        select(Request.id)
        .join(Decision, Decision.request_id == Request.id)
        .join(by, by.id == Decision.by_id)
        .outerjoin(card, (card.card == Card.REQUEST) & (card.subject_id == Request.id))
        .where(Request.id.in_(union_all(asked, joined)), Request.state.in_((State.DECIDED, State.PARKED, State.DONE)))
        .where(Decision.ended_at.is_(None), Decision.at > _ANSWERED_SINCE, Decision.by_id != _ME)
    )
    return _part(
        "answer",
        query,
        [Decision.at.desc(), Decision.id.desc()],
        id=Request.id,
        name=by.name,
        title=Request.title,
        text=Decision.words,
        mode=Decision.mode,
        channel_id=card.posted_in_id,
        ts=card.message_ts,
        thread_ts=func.coalesce(Request.thread_ts, card.message_ts),
    )


def _actions() -> Subquery:
    """Only their own team's: after a move, somebody else settles the old ones."""
    theirs = (
        Action.owner_id == _ME,
        Action.wants_taker.is_(False),
        Action.team_id == _TEAM,
        Action.state == ActionState.OPEN,
    )
    order = [Action.is_improvement.desc(), Action.id]
    return _part(
        "action", select(Action.id).where(*theirs), order, id=Action.id, title=Action.text, on_day=Action.due_on
    )


def _open_retro() -> Subquery:
    answered = exists().where(RetroAnswer.retro_id == Retro.id, RetroAnswer.person_id == _ME)
    query = select(Retro.id).join(Sprint, Sprint.id == Retro.sprint_id)
    query = query.where(Sprint.team_id == _TEAM, Retro.opened_at.is_not(None), Retro.closed_at.is_(None))
    hidden: ColumnElement[str] = case((Retro.revealed_at.is_(None), literal("hidden")), else_=literal("revealed"))
    return _part(
        "retro",
        query,
        [Sprint.starts_on.desc()],
        most=1,
        id=Retro.id,
        title=hidden,
        on_day=Sprint.starts_on,
        until=Sprint.ends_on,
        number=case((answered, 1), else_=0),
    )


# Built once: building it takes longer than all of Home's queries together.
_PARTS = (_told(), _kept(), _followed(), _comments(), _actions(), _answers(), _open_retro())
_LISTS = union_all(*map(_with_marks, _PARTS))
