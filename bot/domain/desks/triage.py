"""The triage rota: who has which week, and how people swap two, take one, or take no turns."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import Select, delete, func, literal, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, rotation
from bot.domain.calendar.rotation import Crew
from bot.domain.company import company
from bot.domain.desks import desks, duties, rota_card
from bot.domain.desks.duties import OnTriage
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import worktimes
from bot.domain.teams.worktimes import Worktime
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Company, Person
from models.desks import Desk, DeskMember, TriageWeek
from models.intake.requests import Ball, Request
from models.outbox import Card, Post, PostState

CARD = Card.TRIAGE  # in the DM of who has triage, on their Monday morning
TOLD_AT = time(10, 1)  # the requests that wait are written at ten


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
    return _write(session, desk, {mine.week_on: other.person_id, other.week_on: mine.person_id}, taken, by, now)


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
        _release(session, desk_id, by, now)
    fill(session, desk_id, now=now)
    _show(session, desk_id, now)


def _locked(session: Session, week: Week, by: str, now: datetime, *, to: str) -> tuple[Desk, dict[date, str]]:
    desk = desks.load(session, week.desk_id, lock=True)
    desks.require_at(session, desk, by, to=to)
    return desk, duties.weeks(session, [desk.id], since=duties.this_week(session, now))[desk.id]


def _require_same(session: Session, desk: Desk, week: Week, taken: Mapping[date, str]) -> None:
    if week.desk_id != desk.id or taken.get(week.week_on) != week.person_id:
        raise Refusal("The rota changed a moment ago, or that week is over. Look at it again with `/reach-out rota`.")


def _write(
    session: Session, desk: Desk, weeks: dict[date, str], taken: Mapping[date, str], by: str, now: datetime
) -> WeeksSwapped:
    before = {week: taken[week] for week in weeks}
    _write_weeks(session, desk.id, weeks)
    _show(session, desk.id, now)
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
    first, last = (cadence.instant(on, TOLD_AT, theirs.zone), cadence.instant(on + cadence.A_DAY, time(), theirs.zone))
    return select(Post.id).where(Post.card == CARD, Post.due_at >= first, Post.due_at < last, literal(begins))


# --- as time passes -------------------------------------------------------------------------------------------


def due(session: Session, *, now: datetime) -> bool:
    """Whether a week is still to be filled, or its person to be told."""
    aside = set(session.scalars(select(Desk.id).where(~set_asides.not_aside(What.DESK, Desk.id, now))))
    found = [desk for desk in desks.everything(session) if desk.id not in aside]
    if not found:
        return False
    crews, week = duties.crews_of(session, found), duties.this_week(session, now)
    taken = duties.weeks(session, [desk.id for desk in found], since=week)
    return any(_is_due(session, desk, crews[desk.id], taken[desk.id], week) for desk in found)


def _is_due(session: Session, desk: Desk, crew: Crew, taken: dict[date, str], week: date) -> bool:
    if _filled(session, desk, crew, taken, week) != _covered(taken, week):
        return True
    return week in taken and not _has_row(session, _key(desk.id, week))


def fill_weeks(session: Session, *, now: datetime) -> int:
    """Give this week and the coming ones of every desk to somebody. Returns how many weeks changed hands."""
    is_free = set_asides.not_aside(What.DESK, Desk.id, now)
    ids = session.scalars(select(Desk.id).where(desks.IS_OPEN, is_free).order_by(Desk.id)).all()
    changed: dict[int, int] = {}

    def fill_all(some: Sequence[int]) -> None:
        changed.update({desk_id: fill(session, desk_id, now=now) for desk_id in some})

    set_asides.each(session, What.DESK, ids, fill_all, now=now)
    return sum(changed.values())


def fill(session: Session, desk_id: int, *, now: datetime) -> int:
    """The same for one desk."""
    return _fill(session, desks.load(session, desk_id, lock=True), now)


def _release(session: Session, desk_id: int, person_id: str, now: datetime) -> None:
    here = (TriageWeek.desk_id == desk_id, TriageWeek.person_id == person_id)
    session.execute(delete(TriageWeek).where(*here, TriageWeek.week_on >= duties.this_week(session, now)))


def _fill(session: Session, desk: Desk, now: datetime) -> int:
    """Fill the weeks of a desk that is locked, tell who has this one, and draw the card where that is another person."""
    week = duties.this_week(session, now)
    taken = duties.weeks(session, [desk.id], since=week)[desk.id]
    before = _covered(taken, week)
    filled = _filled(session, desk, duties.crews_of(session, [desk])[desk.id], taken, week)
    changed = [each for each in rotation.coming(week) if filled.get(each) != before.get(each)]
    _write_weeks(session, desk.id, {each: filled.get(each) for each in changed})
    person_id, was = filled.get(week), before.get(week)
    begins = not _has_row(session, _key(desk.id, week))
    if person_id is not None and (begins or person_id != was):
        key = _key(desk.id, week) if begins else f"{_key(desk.id, week)}:{person_id}"
        _tell(session, key, desk.id, session.get_one(Person, person_id), week, now)
    if (begins and person_id is not None) or person_id != was:
        _show(session, desk.id, now)
    return len(changed)


def _show(session: Session, desk_id: int, now: datetime) -> None:
    """Have the pinned card say who has triage, and every request that waits on them."""
    rota_card.show(session, now=now)
    query = select(Request.id).where(Request.desk_id == desk_id, Request.waiting_on.in_((Ball.DESK, Ball.LEADS)))
    posts.redraw_all(session, Card.REQUEST, session.scalars(query).all(), now=now)


def _filled(session: Session, desk: Desk, crew: Crew, taken: dict[date, str], week: date) -> dict[date, str]:
    query = select(TriageWeek.person_id, func.max(TriageWeek.week_on)).group_by(TriageWeek.person_id)
    query = query.where(TriageWeek.desk_id == desk.id, TriageWeek.week_on < week)
    before = {person_id: last for person_id, last in session.execute(query)}  # noqa: C416  (rows are no pairs to a type checker)
    return rotation.fill(crew, rotation.coming(week), taken, before)


def _covered(taken: dict[date, str], week: date) -> dict[date, str]:
    return {each: taken[each] for each in rotation.coming(week) if each in taken}


def _write_weeks(session: Session, desk_id: int, people: Mapping[date, str | None]) -> None:
    free = [week for week, person_id in people.items() if person_id is None]
    session.execute(delete(TriageWeek).where(TriageWeek.desk_id == desk_id, TriageWeek.week_on.in_(free)))
    for week, person_id in people.items():
        if person_id is not None:
            values = {"desk_id": desk_id, "week_on": week, "person_id": person_id}
            statement = insert(session, TriageWeek).values(values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["desk_id", "week_on"], set_={"person_id": person_id})
            )


def _key(desk_id: int, week: date) -> str:
    return f"triage:{desk_id}:{week}"


def _has_row(session: Session, key: str) -> bool:
    return session.scalar(select(Post.id).where(Post.key == key)) is not None


def _tell(session: Session, key: str, desk_id: int, person: Person, week: date, now: datetime) -> None:
    """One message to who has this week: on their Monday, or in the daytime when it is theirs only then.

    It comes a moment after the morning's reminders are written, so that one message shows what waits, too.
    """
    theirs = worktimes.for_person(session, person)
    zone, calendar = theirs.zone, theirs.calendar
    due_at = cadence.in_daytime(max(now, cadence.instant(week, cadence.HELLO, zone)), zone, calendar)
    due_at = max(due_at, cadence.instant(calendar.working_day(week), TOLD_AT, zone))
    # Who is only at work again when the week is over reads nothing of it: the post is there, and expires unsent.
    expires_at = min(due_at + cadence.PROMPT_LIVES, cadence.instant(week + timedelta(weeks=1), time(), zone))
    prompt_posts.ask(session, key, CARD, desk_id, person.id, due_at=due_at, expires_at=expires_at, now=now)
