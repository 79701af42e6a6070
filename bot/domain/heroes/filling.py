"""Writes whose weeks are coming: the rota's turns, and the heroes that plans, Home and pages read."""

from collections.abc import Sequence
from datetime import date, datetime, time

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.domain.heroes import rota, stand_ins
from bot.domain.heroes.heroes import Hero
from bot.platform.database import insert
from models.company import Person
from models.heroes import HeroTurn, HeroWeek, Rota
from models.teams import Team


def fill(session: Session, team: Team, weeks: Sequence[Dates], *, now: datetime) -> list[date]:
    """Write whose weeks the coming ones are. Returns the first days of those that changed hands."""
    rota_row = session.scalar(select(Rota).where(Rota.team_id == team.id).with_for_update())
    if rota_row is None:
        return []
    today = cadence.local_date(now, team.zone)
    if team.closed_at is not None or not parts.is_on(session, Part.ROTA):
        rota_row.next_at = None
        return rota.clear(session, team, today)
    before = stand_ins.rows(session, team, weeks).keys()
    _keep_taken(session, team, weeks, today)
    found = rota.turns_of(session, team, rota_row, weeks, today)
    rota_row.next_at = _next_at(weeks, today, team.zone)
    _write_turns(session, team, found, today)
    changed = _write_weeks(session, team, found, today, now)
    stand_ins.keep(session, team, weeks, before, today)
    return changed


def _keep_taken(session: Session, team: Team, weeks: Sequence[Dates], today: date) -> None:
    """In a new rhythm, what somebody took or swapped is theirs in the week in which its first day lies."""
    ahead = HeroWeek.team_id == team.id, HeroWeek.week_on > today
    rows = {row.week_on: row for row in session.scalars(select(HeroWeek).where(*ahead).with_for_update())}
    starts = [week.starts_on for week in weeks]
    for week_on, row in rows.items():
        into = max((start for start in starts if start <= week_on), default=None)
        if row.by_rota or into is None or into in (week_on, *starts[-1:]) or into <= today:
            continue
        there = rows.get(into)
        if there is None or there.by_rota:
            if there is not None:
                session.delete(there)
            session.delete(row)
            session.flush()
            session.add(HeroWeek(team_id=team.id, week_on=into, person_id=row.person_id, entered_at=row.entered_at))
            session.flush()


def _next_at(weeks: Sequence[Dates], today: date, zone: str) -> datetime | None:
    """When the next week begins: then the one that it covers last is new."""
    following = next((week.starts_on for week in weeks if week.starts_on > today), None)
    return None if following is None else cadence.instant(following, time(), zone)


def _write_turns(session: Session, team: Team, found: rota.Turns, today: date) -> None:
    session.execute(delete(HeroTurn).where(HeroTurn.team_id == team.id, HeroTurn.week_on >= _since(found, today)))
    for week_on, person_id in found.turns.items():
        served = found.served or week_on > today
        session.add(HeroTurn(team_id=team.id, week_on=week_on, person_id=person_id, served=served))
    session.flush()


def _since(found: rota.Turns, today: date) -> date:
    """From when on everything is written anew: in a new rhythm also days that begin no week any more."""
    return min([today + cadence.A_DAY, *(week.starts_on for week in found.weeks)])


def _write_weeks(session: Session, team: Team, found: rota.Turns, today: date, now: datetime) -> list[date]:
    ahead = HeroWeek.team_id == team.id, HeroWeek.week_on >= _since(found, today)
    query = select(HeroWeek).where(*ahead, HeroWeek.by_rota)
    there = {row.week_on: row for row in session.scalars(query.with_for_update())}
    wanted = {week_on: each for week_on, each in found.turns.items() if week_on not in found.taken}
    changed = [week_on for week_on, row in there.items() if wanted.get(week_on) != row.person_id]
    for week_on in there.keys() - wanted.keys() - found.taken.keys():
        session.delete(there[week_on])
    for week_on, person_id in wanted.items():
        if week_on not in there:
            changed.append(week_on)
            row = insert(session, HeroWeek).values(
                team_id=team.id, week_on=week_on, person_id=person_id, entered_at=now, by_rota=True
            )
            session.execute(row.on_conflict_do_nothing(index_elements=["team_id", "week_on"]))
        elif there[week_on].person_id != person_id:
            there[week_on].person_id, there[week_on].entered_at = person_id, now
            there[week_on].days = stand_ins.without(person_id, there[week_on].days)
    session.flush()
    return sorted(changed)


def hero_of(session: Session, team: Team, week_on: date) -> Hero | None:
    """Who has the week of this first day."""
    row = session.get(HeroWeek, (team.id, week_on))
    person = session.get(Person, row.person_id) if row is not None else None
    return Hero(person.id, person.name) if person is not None else None
