"""Who answers first at each desk: the person who has the week, or while they are away the next one in line."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import Select, bindparam, exists, select, union
from sqlalchemy.orm import Session, contains_eager

from bot.domain.calendar import cadence, periods, rotation
from bot.domain.calendar.rotation import Crew
from bot.domain.company import company
from bot.domain.company import people as accounts
from bot.domain.desks import desks
from bot.domain.desks.desks import people_of
from bot.domain.teams import teams
from models.base import UtcDateTime
from models.company import Away, Person
from models.desks import Desk, DeskMember, TriageWeek
from models.teams import Membership


@dataclass(frozen=True)
class OnTriage:
    """Who answers first at a desk at the moment; None where nobody is there."""

    desk: Desk
    person: Person | None


@dataclass(frozen=True)
class Duty:
    """The same by id and name."""

    desk_id: int
    desk: str
    person_id: str | None = None
    person: str | None = None


def on_triage(session: Session, desk_id: int, now: datetime) -> Person | None:
    """Who answers first at this desk: the person whose week it is, or while they are away, the next one in line who is there."""
    return next((turn.person for turn in _turns(session, [desks.load(session, desk_id)], now)), None)


def triage(session: Session, *, now: datetime) -> list[OnTriage]:
    """The same for every desk, the oldest first."""
    return _turns(session, desks.everything(session), now)


def at_each_desk(session: Session, *, now: datetime) -> list[Duty]:
    """The same by ids and names, for a screen that opens often: one query while all of them are there, else two."""
    week = this_week(session, now)
    rows = session.execute(_DUTIES, {"now": now, "week": week}).all()
    found = {desk_id: Duty(desk_id, desk) for desk_id, desk, *_ in rows}
    taken: dict[int, dict[date, str]] = {desk_id: {} for desk_id in found}
    for desk_id, desk, week_on, person_id, name, is_missing in rows:
        if week_on is not None:
            taken[desk_id][week_on] = person_id
        if week_on == week and not is_missing:
            found[desk_id] = Duty(desk_id, desk, person_id, name)
    missing = [desk_id for desk_id, duty in found.items() if duty.person_id is None]
    for desk_id, crew in (_crews(session, missing) if missing else {}).items():
        line = rotation.in_line(crew, taken[desk_id])
        there = next((each for each in line if not any(periods.is_away(away, now) for away in each.aways)), None)
        if there is not None:
            found[desk_id] = replace(found[desk_id], person_id=there.id, person=there.name)
    return list(found.values())


def _duties() -> Select[int, str, date | None, str, str, bool]:
    now, week = bindparam("now", type_=UtcDateTime()), bindparam("week", type_=TriageWeek.week_on.type)
    is_over = Away.ends_at.is_not(None) & (Away.ends_at <= now)
    is_away = exists().where(Away.person_id == Person.id, Away.starts_at <= now, ~is_over)
    return (
        select(Desk.id, Desk.name, TriageWeek.week_on, Person.id, Person.name, Person.is_gone | is_away)
        .outerjoin(TriageWeek, (TriageWeek.desk_id == Desk.id) & (TriageWeek.week_on >= week))
        .outerjoin(Person, Person.id == TriageWeek.person_id)
        .where(desks.IS_OPEN)
        .order_by(Desk.id)
    )


_DUTIES = _duties()  # built once: building it takes longer than running it


def _crews(session: Session, desk_ids: Sequence[int]) -> dict[int, Crew]:
    """Who is at these desks, with their aways and whether they take turns: the same as `crews_of`, in one query."""
    seats = union(
        select(Desk.id, Desk.lead_id.label("person_id")),
        select(DeskMember.desk_id, DeskMember.person_id),
        select(Desk.id, Membership.person_id).join(Membership, Membership.team_id == Desk.team_id),
    ).subquery()
    member = (DeskMember.desk_id == seats.c.id) & (DeskMember.person_id == Person.id)
    query = (
        select(seats.c.id, Person, DeskMember.takes_turns)
        .join(Person, Person.id == seats.c.person_id)
        .outerjoin(DeskMember, member)
        .outerjoin(Person.aways)
        .where(seats.c.id.in_(desk_ids))
        .options(contains_eager(Person.aways))
        .execution_options(populate_existing=True)
    )
    settings = company.current(session)
    people: dict[int, list[Person]] = {desk_id: [] for desk_id in desk_ids}
    no_turns: dict[int, set[str]] = {desk_id: set() for desk_id in desk_ids}
    for desk_id, person, takes_turns in session.execute(query).unique():
        if desks.answers(person):
            people[desk_id].append(person)
        if takes_turns is False:
            no_turns[desk_id].add(person.id)
    return {
        desk_id: Crew(desks.by_name(found), frozenset(no_turns[desk_id]), settings.zone, settings.weekend)
        for desk_id, found in people.items()
    }


def _turns(session: Session, desks: Sequence[Desk], now: datetime) -> list[OnTriage]:
    if not desks:
        return []
    week = this_week(session, now)
    taken = weeks(session, [desk.id for desk in desks], since=week)
    crews = crews_of(session, desks)
    found = []
    for desk in desks:
        line = rotation.in_line(crews[desk.id], taken[desk.id])
        there = (person for person in line if not any(periods.is_away(away, now) for away in person.aways))
        found.append(OnTriage(desk, next(there, None)))
    return found


def crews_of(session: Session, desks: Sequence[Desk]) -> dict[int, Crew]:
    """Who is at these desks, with their aways and whether they take turns."""
    settings = company.current(session)
    found = {desk.id: people_of(desk) for desk in desks}
    everybody = [person for crew in found.values() for person in crew]
    accounts.load_aways(session, everybody)
    countries = teams.countries_of(session, [person.id for person in everybody])
    return {
        desk.id: Crew(
            found[desk.id],
            frozenset(member.person_id for member in desk.members if not member.takes_turns),
            settings.zone,
            settings.weekend,
            countries,
        )
        for desk in desks
    }


def this_week(session: Session, now: datetime) -> date:
    """The Monday of this week, by the company's calendar."""
    return rotation.monday(cadence.local_date(now, company.current(session).zone))


def weeks(session: Session, desk_ids: Iterable[int], *, since: date) -> dict[int, dict[date, str]]:
    """Whose week is which at these desks, from this Monday on."""
    found: dict[int, dict[date, str]] = {desk_id: {} for desk_id in desk_ids}
    query = select(TriageWeek.desk_id, TriageWeek.week_on, TriageWeek.person_id)
    query = query.where(TriageWeek.desk_id.in_(found), TriageWeek.week_on >= since)
    for desk_id, week_on, person_id in session.execute(query):
        found[desk_id][week_on] = person_id
    return found
