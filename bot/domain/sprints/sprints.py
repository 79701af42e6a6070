"""A team's sprints: which one runs, which one is being planned, and reading one whole."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Protocol, TypeVar

from sqlalchemy import Select, bindparam, inspect, select
from sqlalchemy.orm import Session, joinedload
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.calendar import cadence, periods
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import absences, company
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.heroes import HeroWeek
from models.sprints import Absence, Answer, Change, Item, Sprint
from models.teams import Membership, Team


class Span(Protocol):
    """What has to be known of a sprint to tell which one people mean: a whole row, or these columns of it."""

    @property
    def id(self) -> int: ...

    @property
    def starts_on(self) -> date: ...

    @property
    def ends_on(self) -> date: ...

    @property
    def over_at(self) -> datetime: ...

    @property
    def finalized_at(self) -> datetime | None: ...

    @property
    def closed_at(self) -> datetime | None: ...


S = TypeVar("S", bound=Span)


@dataclass(frozen=True)
class Planning:
    """The sprint to plan now: its dates, and its id once somebody wrote something. `late` when its plan is final."""

    dates: Dates
    sprint_id: int | None
    late: bool


def cadence_of(session: Session, team: Team) -> Cadence:
    """The team's rhythm, with the company's weekend and the team's holidays."""
    return cadence_with(team, company.current(session).weekend)


def cadence_with(team: Team, weekend: str) -> Cadence:
    """The team's rhythm, in a company with this weekend."""
    return Cadence(
        anchor_on=team.anchor_on,
        weeks=team.sprint_weeks,
        zone=team.zone,
        calendar=Calendar(weekend, team.country),
        turn_days=team.turn_days,
        turn_at=team.turn_at,
        reminder_at=team.remind_at,
        nudge_at=team.nudge_at,
    )


def is_over(sprint: Span, now: datetime) -> bool:
    """Whether the sprint was closed or its last day has passed."""
    return sprint.closed_at is not None or sprint.over_at <= now


def is_frozen(sprint: Sprint, now: datetime) -> bool:
    """Whether its marks stay as they are: it was closed, or the turn after it is over. A pause puts that off."""
    passed = (sprint.closes_at or sprint.over_at) <= now
    return sprint.closed_at is not None or (passed and sprint.team.paused_at is None)


def running(sprints: Sequence[S], zone: str, now: datetime) -> S | None:
    """The sprint that has begun and is not over, by the calendar of `zone`."""
    today = cadence.local_date(now, zone)
    return next((sprint for sprint in sprints if sprint.starts_on <= today and not is_over(sprint, now)), None)


def to_plan(sprints: Sequence[Span], rhythm: Cadence, now: datetime) -> Planning:
    """The sprint that people mean when they plan now, given the team's latest sprints by start.

    One that is still early comes first, and of those one whose plan is not final yet. Else it is the next free one.
    Two are early where planning opens for somebody east of the team's zone: then the later one is meant.
    """
    today = cadence.local_date(now, rhythm.zone)
    early = [each for each in sprints if not is_over(each, now) and cadence.is_early(rhythm, dates_of(each), today)]
    if early:
        return planning(max(early, key=lambda each: (each.finalized_at is None, each.starts_on)))
    planned = [dates_of(each) for each in sprints]
    starts_on = cadence.free_start(rhythm, cadence.nearest_start(rhythm, today), planned)
    return Planning(rhythm.dates_from(starts_on), None, late=False)


def planning(sprint: Span) -> Planning:
    """Planning this very sprint."""
    return Planning(dates_of(sprint), sprint.id, late=sprint.finalized_at is not None)


def dates_of(sprint: Span) -> Dates:
    """The sprint's dates."""
    return Dates(sprint.starts_on, sprint.ends_on)


def latest(session: Session, team_id: int) -> list[Sprint]:
    """The team's last three sprints, earliest first: at most one running, one ahead and one behind."""
    query = select(Sprint).where(Sprint.team_id == team_id).order_by(Sprint.starts_on.desc()).limit(3)
    return list(reversed(session.scalars(query).all()))


def load(session: Session, sprint_id: int, *, lock: bool = False) -> Sprint:
    """The sprint with its team, people, items and changes. With `lock`, for deciding something about it.

    Raises Refusal when there is no such sprint.
    """
    sprint = _whole(session, _BY_ID_LOCKED if lock else _BY_ID, {"id": sprint_id})
    if sprint is None:
        raise Refusal(GONE)
    return sprint


GONE = "This sprint is gone. `/sprint` shows the one that runs."

# Built once: building them takes as long as running them, and `selectinload` builds its own each time.
_WHOLE = select(Sprint).options(joinedload(Sprint.team)).execution_options(populate_existing=True)
_BY_ID = _WHOLE.where(Sprint.id == bindparam("id"))
_BY_ID_LOCKED = _BY_ID.with_for_update(of=Sprint)
_BY_DAY = _WHOLE.where(Sprint.team_id == bindparam("team"), Sprint.starts_on == bindparam("day"))
_BY_DAY_LOCKED = _BY_DAY.with_for_update(of=Sprint)


_LISTS: Mapping[str, Select[Any]] = {
    "items": select(Item).where(Item.sprint_id == bindparam("sprint")).order_by(Item.position, Item.id),
    "answers": select(Answer).where(Answer.sprint_id == bindparam("sprint")).order_by(Answer.sent_at, Answer.person_id),
    "absences": select(Absence).where(Absence.sprint_id == bindparam("sprint")).order_by(Absence.starts_on),
    "changes": select(Change).where(Change.sprint_id == bindparam("sprint")).order_by(Change.id),
    "hero_weeks": select(HeroWeek)
    .where(HeroWeek.team_id == bindparam("team"), HeroWeek.week_on.between(bindparam("first"), bindparam("last")))
    .order_by(HeroWeek.week_on)
    .options(joinedload(HeroWeek.person)),
}


def _whole(session: Session, query: Select[Sprint], which: Mapping[str, Any]) -> Sprint | None:
    sprint = session.scalar(query, which)
    if sprint is None:
        return None
    of_it = {"sprint": sprint.id, "team": sprint.team_id, "first": sprint.starts_on, "last": sprint.ends_on}
    for name, rows in _LISTS.items():
        found = session.scalars(rows, of_it, execution_options=teams.AFRESH)
        set_committed_value(sprint, name, found.all())
    teams.load_members(session, sprint.team)
    return _with_people(session, sprint)


def _with_people(session: Session, sprint: Sprint) -> Sprint:
    """The sprint with who stands in its rows. Nearly all of them sit in the team, so they are here already."""
    named: list[tuple[object, str, str | None]] = [
        *((item, "owner", item.owner_id) for item in sprint.items),
        *((answer, "person", answer.person_id) for answer in sprint.answers),
        *((absence, "person", absence.person_id) for absence in sprint.absences),
        *((sprint, name, getattr(sprint, f"{name}_id")) for name in ("finalized_by", "finalized_for")),
    ]
    found = {member.person_id: member.person for member in sprint.team.members}
    if others := {person_id for _, _, person_id in named if person_id is not None} - found.keys():
        found |= {each.id: each for each in session.scalars(select(Person).where(Person.id.in_(others)))}
    for row, name, person_id in named:
        set_committed_value(row, name, found[person_id] if person_id is not None else None)
    return sprint


def as_written(session: Session, sprint: Sprint) -> Sprint:
    """The sprint with what its team's people just wrote into its lists and deleted from them.

    It is read again only where something that was decided beside it has read the team or its people with less of them.
    """
    if _lacks_people(sprint):
        return load(session, sprint.id)
    for name, order in _ORDERS.items():
        set_committed_value(sprint, name, sorted((row for row in getattr(sprint, name) if row in session), key=order))
    return _with_people(session, sprint)


def _lacks_people(sprint: Sprint) -> bool:
    team = sprint.team
    return "members" in inspect(team).unloaded or any("aways" in inspect(each.person).unloaded for each in team.members)


_ORDERS: Mapping[str, Callable[[Any], Any]] = {
    "items": lambda item: (item.position, item.id),
    "answers": lambda answer: (answer.sent_at, answer.person_id),
    "absences": lambda absence: absence.starts_on,
    "changes": lambda change: change.id,
}


def lock(session: Session, sprint_ids: Iterable[int] | Select[int]) -> None:
    """Decide about these sprints alone until the transaction ends. Earlier ones are locked first, by everybody."""
    ids = sprint_ids if isinstance(sprint_ids, Select) else set(sprint_ids)
    session.execute(select(Sprint.id).where(Sprint.id.in_(ids)).order_by(Sprint.id).with_for_update()).all()


def find(session: Session, team: Team, starts_on: date, *, lock: bool = False) -> Sprint | None:
    """The team's sprint that begins on this day, whole. With `lock`, for deciding something about it."""
    return _whole(session, _BY_DAY_LOCKED if lock else _BY_DAY, {"team": team.id, "day": starts_on})


def present(recent: Sequence[Sprint], rhythm: Cadence, now: datetime) -> Dates:
    """The dates of the sprint that runs now, or of the next one, where nobody has written anything for it."""
    today = cadence.local_date(now, rhythm.zone)
    starts_on = cadence.free_start(rhythm, cadence.start_of(rhythm, today), [dates_of(each) for each in recent])
    return rhythm.dates_from(starts_on)


def items_of(session: Session, sprint_id: int) -> Sequence[Item]:
    """The items that stand in a sprint's plan, with their owners."""
    query = select(Item).where(Item.sprint_id == sprint_id, Item.dropped_at.is_(None))
    return session.scalars(query.order_by(Item.position, Item.id).options(joinedload(Item.owner))).all()


def to_show(session: Session, team: Team, *, now: datetime) -> Sprint | None:
    """The sprint that people mean by a team's plan: the running one, else the next one, else the last; whole."""
    recent = latest(session, team.id)
    ahead = [sprint for sprint in recent if not is_over(sprint, now)]
    shown = running(recent, team.zone, now) or next(iter(ahead), None) or next(reversed(recent), None)
    return load(session, shown.id) if shown else None


def ahead(session: Session, team: Team, *, now: datetime) -> Sprint | None:
    """The team's next sprint, whole; None while nobody has written anything for it."""
    recent = latest(session, team.id)
    runs = running(recent, team.zone, now)
    found = next((each for each in recent if not is_over(each, now) and each is not runs), None)
    return load(session, found.id) if found else None


def runs_unfinalized(sprint: Sprint, now: datetime) -> bool:
    """Whether nobody finalized it until its turn was over: it runs as people wrote it."""
    return sprint.finalized_at is None and sprint.settles_at is not None and sprint.settles_at <= now


def require_open(sprint: Sprint, now: datetime, *, field: str | None = None) -> None:
    """Raise Refusal when the sprint is over: its plan stays as it is, though its items are marked a little longer."""
    if is_over(sprint, now):
        raise Refusal(
            "This sprint is over, and its plan stays as it was. `/sprint plan` opens the next one.", field=field
        )


def require_markable(sprint: Sprint, now: datetime) -> None:
    """Raise Refusal once the sprint's marks are frozen."""
    if is_frozen(sprint, now):
        raise Refusal("This sprint is closed, and stays as it was. `/sprint plan` opens the next one.")


def waiting_for(sprint: Sprint, now: datetime) -> list[Person]:
    """The members who have not sent their plan, without those who are away now or off for the whole sprint."""
    answered = {answer.person_id for answer in sprint.answers}
    return [
        member.person
        for member in sprint.team.members
        if member.person_id not in answered
        and not member.person.is_gone
        and not any(periods.is_away(away, now) for away in member.person.aways)
        and not is_off(sprint, member.person)
    ]


def is_off(sprint: Sprint, person: Person) -> bool:
    """Whether this person is off for the whole sprint."""
    return periods.covers(absences.spans(sprint, person), sprint.starts_on, sprint.ends_on)


def open_ones(session: Session, team_id: int) -> list[Sprint]:
    """The team's sprints that are not closed, locked, earliest first."""
    query = select(Sprint).where(Sprint.team_id == team_id, Sprint.closed_at.is_(None)).order_by(Sprint.id)
    return list(session.scalars(query.with_for_update()))


def open_of(session: Session, person_ids: Iterable[str]) -> list[Sprint]:
    """The sprints of these people's teams that are not closed, locked, in the order in which everybody locks them."""
    team_ids = select(Membership.team_id).where(Membership.person_id.in_(person_ids))
    query = select(Sprint).where(Sprint.team_id.in_(team_ids), Sprint.closed_at.is_(None)).order_by(Sprint.id)
    return list(session.scalars(query.with_for_update()))
