"""What the Home tab shows somebody: what is theirs to do, their team, the teams they follow. Eight small queries at most."""

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

from bot.domain.desks import duties
from bot.domain.intake import queues
from bot.domain.intake.queues import Waits
from bot.domain.outbox import links
from bot.domain.planning import comments
from bot.domain.sprints import overviews
from bot.domain.sprints.overviews import Overview
from bot.domain.teams import teams
from models.base import UtcDateTime
from models.company import Company, Person
from models.feedback import Feedback
from models.outbox import Post
from models.planning import Comment
from models.retros import Action, ActionState, Retro, RetroAnswer
from models.sharing import Follow
from models.sprints import Item, Mark, Sprint
from models.teams import Lost, Team

SHOWN = 5  # of each list but one's own items
ITEMS = 10  # of one's items in a sprint
COMMENTS = 3  # each takes two blocks
FRESH = timedelta(days=14)  # so long feedback waits on Home that its receiver did nothing with


@dataclass(frozen=True)
class HomeLine:
    """A line of one of the lists. Whose it is, what it is called, since when or until when, and where it stands."""

    id: int
    name: str = ""
    title: str = ""
    text: str = ""
    at: datetime | None = None
    on: date | None = None
    link: str | None = None


@dataclass(frozen=True)
class Listed:
    """The first of a list, and how many there are."""

    lines: Sequence[HomeLine] = ()
    total: int = 0


@dataclass(frozen=True)
class RetroLine:
    """The team's retro that is open: of which sprint, whether its notes are hidden, and whether the viewer has said theirs."""

    id: int
    starts_on: date
    ends_on: date
    is_hidden: bool
    answered: bool


@dataclass(frozen=True)
class Followed:
    """A team that somebody follows, and its sprint that runs, or is next: its dates and where its items stand, if any."""

    team_id: int
    name: str
    starts_on: date | None = None
    ends_on: date | None = None
    marks: Mapping[Mark, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Home:
    """The overview of somebody's team, or the teams there are for somebody who has none.

    `to_set_up` for an admin whose company is not; `lost` is the intake channel, and why nothing can be posted there, for an
    admin as well. `triage` names each desk, and who answers first there.
    `waiting` are the requests that wait on them, `comments` those on their plan that wait for their answer, `actions` what
    a retro gave them to do, `kept` the feedback that they made an action, and `told` what somebody told them lately: of
    feedback nothing is here but from whom it is and when it came. `followed` are the first of the teams that they follow,
    `follows` of them in all.
    """

    overview: Overview | None
    teams: Sequence[Team] = ()
    to_set_up: bool = False
    triage: Sequence[tuple[str, str | None]] = ()
    waiting: Waits = Waits()  # noqa: RUF009  (it is frozen)
    comments: Listed = Listed()
    actions: Listed = Listed()
    kept: Listed = Listed()
    told: Listed = Listed()
    retro: RetroLine | None = None
    followed: Sequence[Followed] = ()
    follows: int = 0
    lost: tuple[str, Lost] | None = None


@dataclass(frozen=True)
class _Lists:
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
            )
            for row in rows
        ]
        return Listed(lines, rows[0].total if rows else 0)

    def all(self, kind: str) -> Sequence[Any]:
        return sorted(self.rows.get(kind, ()), key=lambda row: row.place)

    def first(self, kind: str) -> Any:
        return next(iter(self.all(kind)), None)


def for_person(session: Session, person_id: str, *, now: datetime) -> Home:
    """What this person's Home shows now."""
    # They are kept at hand: who asks for the company or for this person below need not ask the database again.
    company, person = session.execute(_COMPANY_AND_PERSON, {"me": person_id}).one()
    overview = overviews.for_person(session, person_id, now=now, everything=True)
    on_duty = duties.duties(session, now=now)
    on_triage = [duty.desk_id for duty in on_duty if duty.person_id == person_id]
    waiting = queues.waiting_on(session, person_id, on_triage, most=SHOWN)
    lists = _read(session, person_id, overview, now)
    followed = lists.all("followed")
    is_admin = person is not None and person.is_admin
    return Home(
        overview=overview,
        teams=[] if overview else teams.with_a_free_seat(session),
        to_set_up=is_admin and company.sprint_channel_id is None,
        lost=_lost(company) if is_admin else None,
        triage=[(duty.desk, duty.person) for duty in on_duty],
        waiting=waiting,
        comments=lists.of("comment", company.workspace_url),
        actions=lists.of("action"),
        kept=lists.of("kept"),
        told=lists.of("told"),
        retro=_retro(lists.first("retro")),
        followed=[_followed_team(row) for row in followed],
        follows=followed[0].total if followed else 0,
    )


def of_team(session: Session, person_id: str, *, now: datetime) -> Home:
    """The part of it that the window of `/sprint` shows, too."""
    overview = overviews.for_person(session, person_id, now=now)
    return Home(overview, [] if overview else teams.with_a_free_seat(session))


def _lost(company: Company) -> tuple[str, Lost] | None:
    if company.intake_channel_id is None or company.intake_archived_at is None:
        return None
    return company.intake_channel_id, Lost(company.intake_lost or Lost.ARCHIVED)


def _retro(row: Any) -> RetroLine | None:
    return RetroLine(row.id, row.on_day, row.until, row.title == "hidden", bool(row.number)) if row else None


def _followed_team(row: Any) -> Followed:
    marks = {mark: number for mark in Mark if (number := getattr(row, mark.value))}
    return Followed(row.id, row.name, row.on_day, row.until, marks)


_COMPANY_AND_PERSON = select(Company, Person).outerjoin(Person, Person.id == bindparam("me")).where(Company.id == 1)


# --- the small lists, in one statement --------------------------------------------------------------------------

NONE = 0  # the id of no row
_ME = bindparam("me", type_=Person.id.type)
_TEAM = bindparam("team", type_=Team.id.type)
_NOW = bindparam("now", type_=UtcDateTime())
_FRESH = bindparam("fresh", type_=UtcDateTime())

_COLUMNS: Mapping[str, Any] = {
    "id": Integer,
    "name": Text,
    "title": Text,
    "text": Text,
    "at": UtcDateTime,
    "on_day": Date,
    "until": Date,
    "number": Integer,
    "channel_id": Text,
    "ts": Text,
    "thread_ts": Text,
}


def _read(session: Session, person_id: str, overview: Overview | None, now: datetime) -> _Lists:
    which = {
        "me": person_id,
        "team": overview.team_id if overview else NONE,
        "now": now,
        "fresh": now - FRESH,
    }
    found: dict[str, list[Any]] = {}
    for row in session.connection().execute(_LISTS, which):
        found.setdefault(row.kind, []).append(row)
    return _Lists(found)


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


def _actions() -> Subquery:
    """Those of their team alone: in another one they are not the ones any more who settle it."""
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
_PARTS = (_told(), _kept(), _followed(), _comments(), _actions(), _open_retro())
_LISTS = union_all(*map(_with_marks, _PARTS))
