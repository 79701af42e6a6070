"""The triage rota: who has which week, and how people swap two, take one, or take no turns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, literal, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, rotation
from bot.domain.company import company
from bot.domain.desks import desks, duties, filling
from bot.domain.desks.duties import OnTriage
from bot.domain.teams.worktimes import Worktime
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Company, Person
from models.desks import Desk, DeskMember
from models.outbox import Post, PostState


@dataclass(frozen=True)
class Week:
    """A week of triage as somebody saw it: whose it was."""

    desk_id: int
    week_on: date
    person_id: str


@dataclass(frozen=True)
class DeskRota:
    """The coming weeks of a desk, whose they are, and what the viewer may do about them."""

    desk: Desk
    now_there: Person | None
    weeks: Sequence[tuple[date, Person | None]]
    is_at: bool
    takes_turns: bool


@dataclass(frozen=True)
class Rota:
    """The rota of every desk, and this week's Monday."""

    desks: Sequence[DeskRota]
    this_week: date


@dataclass(frozen=True)
class WeeksSwapped:
    """Weeks changed hands by what `by` did: who has which from now on, and who had one of them before."""

    desk: Desk
    by: Person
    weeks: Mapping[date, Person]
    before: Mapping[date, Person]


@dataclass(frozen=True)
class Ways:
    """What the pinned card says: the desks, and how a request is made."""

    turns: Sequence[OnTriage]
    company: Company


def ways(session: Session, *, now: datetime) -> Ways:
    """What the pinned card says now."""
    return Ways(duties.triage(session, now=now), company.current(session))


def read(session: Session, viewer: str, *, now: datetime) -> Rota:
    """The rota of every desk, for this viewer."""
    found = duties.triage(session, now=now)
    week = duties.this_week(session, now)
    taken = duties.weeks(session, [turn.desk.id for turn in found], since=week)
    people = _people(session, {person_id for weeks in taken.values() for person_id in weeks.values()})
    return Rota([_of(turn, viewer, taken[turn.desk.id], people, week) for turn in found], week)


def _of(turn: OnTriage, viewer: str, taken: Mapping[date, str], people: Mapping[str, Person], week: date) -> DeskRota:
    none = {member.person_id for member in turn.desk.members if not member.takes_turns}
    return DeskRota(
        turn.desk,
        turn.person,
        [(each, people.get(taken.get(each, ""))) for each in rotation.coming(week)],
        is_at=viewer in {person.id for person in desks.people_of(turn.desk)},
        takes_turns=viewer not in none,
    )


def _people(session: Session, person_ids: Iterable[str]) -> dict[str, Person]:
    return {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(set(person_ids))))}


def swap(session: Session, mine: Week, other: Week, *, by: str, now: datetime) -> WeeksSwapped:
    """Let two people have each other's weeks.

    Raises Refusal unless `by` is at the desk, and when one of the weeks is not theirs any more.
    """
    desk, taken = _locked(session, mine, by, now, to="swap its weeks")
    for week in (mine, other):
        _require_same(session, desk, week, taken)
    return _write(session, desk, rotation.swapped(mine, other), taken, by, now)


def take(session: Session, week: Week, *, by: str, now: datetime) -> WeeksSwapped:
    """Take somebody's week over. Raises Refusal unless `by` is at the desk, and when it is not theirs any more."""
    desk, taken = _locked(session, week, by, now, to="take a week of triage")
    _require_same(session, desk, week, taken)
    if week.person_id == by:
        raise Refusal("That week is yours already.")
    return _write(session, desk, {week.week_on: by}, taken, by, now)


def take_turns(session: Session, desk_id: int, wanted: bool, *, by: str, now: datetime) -> None:
    """Take turns at triage again, or none: then one's weeks go to the next ones. Raises Refusal unless `by` is there."""
    desk = desks.load(session, desk_id, lock=True)
    desks.require_at(session, desk, by, to="take turns at triage")
    values = {"desk_id": desk_id, "person_id": by, "takes_turns": wanted}
    statement = insert(session, DeskMember).values(values)
    session.execute(
        statement.on_conflict_do_update(index_elements=["desk_id", "person_id"], set_={"takes_turns": wanted})
    )
    if not wanted:
        filling.release(session, desk_id, by, now)
    filling.fill(session, desk_id, now=now)
    filling.show(session, desk_id, now)


def _locked(session: Session, week: Week, by: str, now: datetime, *, to: str) -> tuple[Desk, dict[date, str]]:
    desk = desks.load(session, week.desk_id, lock=True)
    desks.require_at(session, desk, by, to=to)
    return desk, duties.weeks(session, [desk.id], since=duties.this_week(session, now))[desk.id]


def _require_same(session: Session, desk: Desk, week: Week, taken: Mapping[date, str]) -> None:
    if week.desk_id != desk.id or not rotation.is_held(week, taken):
        raise Refusal("The rota changed a moment ago, or that week is over. Look at it again with `/reach-out rota`.")


def _write(
    session: Session, desk: Desk, weeks: dict[date, str], taken: Mapping[date, str], by: str, now: datetime
) -> WeeksSwapped:
    before = {week: taken[week] for week in weeks}
    filling.write_weeks(session, desk.id, weeks)
    filling.show(session, desk.id, now)
    people = _people(session, {by, *weeks.values(), *before.values()})
    return WeeksSwapped(
        desk,
        people[by],
        {week: people[person_id] for week, person_id in weeks.items()},
        {week: people[person_id] for week, person_id in before.items()},
    )


def tells(session: Session, desk_id: int, person_id: str, *, now: datetime) -> Desk | None:
    """The desk, if this person has its triage this week: otherwise there is nothing to tell them."""
    week = duties.this_week(session, now)
    taken = duties.weeks(session, [desk_id], since=week)[desk_id]
    return desks.get(session, desk_id) if taken.get(week) == person_id else None


def told_on(session: Session, person_id: str, on: date, theirs: Worktime, *, now: datetime) -> list[Desk]:
    """The desks of whose week this person is told on this morning of theirs, as far as they still have it."""
    told = _told(on, theirs).where(Post.channel_id == person_id, Post.state != PostState.REFUSED)
    ids = session.scalars(told.with_only_columns(Post.subject_id).order_by(Post.id)).all()
    found = [tells(session, desk_id or 0, person_id, now=now) for desk_id in dict.fromkeys(ids)]
    return [desk for desk in found if desk is not None]


def is_told(session: Session, person_id: str, on: date, theirs: Worktime) -> bool:
    """Whether this person has read on this morning that they have triage, in a message of its own."""
    told = _told(on, theirs).where(Post.channel_id == person_id, Post.message_ts.is_not(None))
    return session.scalar(told.limit(1)) is not None


def _told(on: date, theirs: Worktime) -> Select[int]:
    """What tells somebody of their week on this day, the first one of it on which they work."""
    begins = theirs.calendar.working_day(on - timedelta(days=on.weekday())) == on
    first, last = (
        cadence.instant(on, filling.TOLD_AT, theirs.zone),
        cadence.instant(on + cadence.A_DAY, time(), theirs.zone),
    )
    return select(Post.id).where(Post.card == filling.CARD, Post.due_at >= first, Post.due_at < last, literal(begins))
