"""A team's rota: whose turn as support hero comes when. People start it and stop it; nobody assigns anything.

Whose turn is longest ago goes next, and who joined goes last. People who are away for all of a week are skipped, and are
next when they are back. A week that somebody took or swapped is theirs, and the turns stay as they were. A week that has
begun stays with its hero, unless they leave the team.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, rotation
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.rotation import Crew
from bot.domain.company import company, parts
from bot.domain.company.parts import Part
from bot.domain.heroes import heroes
from bot.domain.heroes.heroes import Hero
from bot.domain.teams import teams
from bot.platform.database import insert
from models.heroes import HeroTurn, HeroWeek, Rota
from models.teams import Team

AHEAD = 8  # weeks that the rota covers, this one included
REMEMBERED = timedelta(weeks=52)  # whose turn was before then is as good as never


@dataclass(frozen=True)
class RotaWeek:
    """A week of the rota: whose turn it is, and its hero. Without a hero `away` has the week and is away for all of it."""

    dates: Dates
    turn: Hero | None
    hero: Hero | None
    away: Hero | None = None


@dataclass(frozen=True)
class TeamRota:
    """The coming weeks of a team, for a viewer. No weeks are shown until somebody starts the rota."""

    team_id: int
    team: str
    today: date
    runs: bool
    is_member: bool
    weeks: Sequence[RotaWeek] = ()


@dataclass(frozen=True)
class Turns:
    """Whose turn the weeks are, by first day, and which of them somebody took or swapped. `served` unless who has
    the week that runs is away for all of it."""

    weeks: Sequence[Dates]
    turns: Mapping[date, str]
    taken: Mapping[date, str]
    served: bool = True

    def hero(self, week_on: date) -> str | None:
        """Who has the week of this first day."""
        return self.taken.get(week_on, self.turns.get(week_on))


def in_turn(
    crew: Crew, weeks: Sequence[Dates], today: date, given: Mapping[date, str], last: Mapping[str, date]
) -> tuple[dict[date, str], bool]:
    """Whose turn each of these weeks is, and whether the one that runs is served.

    `given` says whose turn each week was so far: it holds for a week that has begun, while they are in the team. `last` is
    when each person's last turn began, or when they joined.
    """
    here, last = {person.id for person in crew.people}, dict(last)
    begun = {
        week.starts_on: given[week.starts_on] for week in weeks if week.starts_on <= today and _holds(week, given, here)
    }
    served = True
    for week_on, person_id in begun.items():
        served = person_id in {person.id for person in crew.able(week_on)}
        if served:
            last[person_id] = week_on
    rest = [week.starts_on for week in weeks if week.starts_on not in begun]
    return begun | rotation.fill(crew, rest, {}, last), served


def _holds(week: Dates, given: Mapping[date, str], here: set[str]) -> bool:
    return given.get(week.starts_on) in here


# --- reading ------------------------------------------------------------------------------------------------------


def read(session: Session, team: Team, weeks: Sequence[Dates], viewer: str, *, now: datetime) -> TeamRota:
    """The rota of a team as it is at this moment."""
    parts.require(session, Part.ROTA)
    today, is_member = cadence.local_date(now, team.zone), teams.is_member(team, viewer)
    rota = session.get(Rota, team.id)
    if rota is None or team.closed_at is not None:
        return TeamRota(team.id, team.name, today, runs=False, is_member=is_member)
    found = _turns(session, team, rota, weeks, today)
    names = {member.person_id: Hero(member.person_id, member.person.name) for member in team.members}
    entered = _entered(session, team, found, names)
    shown = [
        RotaWeek(week, names.get(found.turns.get(week.starts_on, "")), *_who(team, week, entered))
        for week in found.weeks
    ]
    return TeamRota(team.id, team.name, today, runs=True, is_member=is_member, weeks=shown)


def _who(team: Team, week: Dates, entered: Mapping[date, heroes.Entered]) -> tuple[Hero | None, Hero | None]:
    (shown,) = heroes.in_dates(team.id, week, entered)
    return shown.hero, shown.away


def _entered(session: Session, team: Team, found: Turns, names: Mapping[str, Hero]) -> dict[date, heroes.Entered]:
    off = heroes.off(session, team, {member.person_id: member.person for member in team.members})
    who = {week.starts_on: found.hero(week.starts_on) for week in found.weeks}
    return {week_on: heroes.Entered(names[each], off[each]) for week_on, each in who.items() if each is not None}


def _turns(session: Session, team: Team, rota: Rota, weeks: Sequence[Dates], today: date) -> Turns:
    """Whose turn the weeks are now. It has the team's people and their aways at hand afterwards."""
    teams.load_members(session, team)
    crew = _crew(session, team)
    ours = [week for week in weeks if week.starts_on >= rota.begins_on]
    if not ours:
        return Turns([], {}, {})
    first = ours[0].starts_on
    since = HeroTurn.team_id == team.id, HeroTurn.week_on >= first
    given = {row.week_on: row.person_id for row in session.scalars(select(HeroTurn).where(*since))}
    turns, served = in_turn(crew, ours, today, given, _last(session, team, first))
    taken = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on >= first, ~HeroWeek.by_rota)
    here = {person.id for person in crew.people}
    own = {row.week_on: row.person_id for row in session.scalars(taken) if row.person_id in here}
    return Turns(ours, turns, own, served)


def _crew(session: Session, team: Team) -> Crew:
    people = sorted(
        (member.person for member in team.members if not member.person.is_gone),
        key=lambda person: (person.name.casefold(), person.id),
    )
    return Crew(
        people,
        frozenset(),
        team.zone,
        company.current(session).weekend,
        {person.id: team.country for person in people},
        heroes.off(session, team, {person.id: person for person in people}),
    )


def _last(session: Session, team: Team, first: date) -> dict[str, date]:
    """When each person's last turn before this week began; who had none, or joined since, goes by when they joined."""
    query = select(HeroTurn.person_id, func.max(HeroTurn.week_on)).group_by(HeroTurn.person_id)
    query = query.where(HeroTurn.team_id == team.id, HeroTurn.week_on < first, HeroTurn.served)
    turns = {person_id: week_on for person_id, week_on in session.execute(query)}  # noqa: C416  (rows are no pairs to a type checker)
    joined = {member.person_id: cadence.local_date(member.joined_at, team.zone) for member in team.members}
    return {person_id: max(on, turns.get(person_id, on)) for person_id, on in joined.items()}


# --- starting and stopping ----------------------------------------------------------------------------------------


def start(session: Session, team: Team, weeks: Sequence[Dates], *, by: str, now: datetime) -> bool:
    """Let a rota say who is hero, from the first of these weeks on that is still whole. False where one runs already.

    Raises Refusal for somebody of another team, and while the part is off.
    """
    parts.require(session, Part.ROTA)
    teams.require_member(team, by, to="start its hero rota")
    teams.require_open(team)
    today = cadence.local_date(now, team.zone)
    begins_on = next(week.starts_on for week in weeks if week.starts_on >= today)
    values = {"begins_on": begins_on, "started_by_id": by, "started_at": now, "next_at": now}
    row = insert(session, Rota).values(team_id=team.id, **values).on_conflict_do_nothing(index_elements=["team_id"])
    if session.scalar(row.returning(Rota.team_id)) is None:
        return False
    _remember(session, team, begins_on)
    return True


def _remember(session: Session, team: Team, begins_on: date) -> None:
    """The weeks that people had before count as their turns."""
    known = select(HeroTurn.week_on).where(HeroTurn.team_id == team.id)
    query = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on.not_in(known))
    for row in session.scalars(
        query.where(HeroWeek.week_on.between(begins_on - REMEMBERED, begins_on - cadence.A_DAY))
    ):
        session.add(HeroTurn(team_id=team.id, week_on=row.week_on, person_id=row.person_id))
    session.flush()


def stop(session: Session, team: Team, *, by: str, now: datetime) -> list[date] | None:
    """Let people enter themselves again. Returns the first days of the weeks that nobody has any more; None if no rota ran.

    The week that runs stays with its hero, and what somebody took or swapped stays theirs. Raises Refusal for somebody of
    another team.
    """
    teams.require_member(team, by, to="stop its hero rota")
    if session.scalar(delete(Rota).where(Rota.team_id == team.id).returning(Rota.team_id)) is None:
        return None
    return _clear(session, team, cadence.local_date(now, team.zone))


def _clear(session: Session, team: Team, today: date) -> list[date]:
    session.execute(delete(HeroTurn).where(HeroTurn.team_id == team.id, HeroTurn.week_on > today))
    ahead = HeroWeek.team_id == team.id, HeroWeek.week_on > today, HeroWeek.by_rota
    gone = session.scalars(delete(HeroWeek).where(*ahead).returning(HeroWeek.week_on)).all()
    session.execute(update(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.by_rota).values(by_rota=False))
    return sorted(gone)


# --- filling ------------------------------------------------------------------------------------------------------


def fill(session: Session, team: Team, weeks: Sequence[Dates], *, now: datetime) -> list[date]:
    """Write whose weeks the coming ones are. Returns the first days of those that changed hands."""
    rota = session.scalar(select(Rota).where(Rota.team_id == team.id).with_for_update())
    if rota is None:
        return []
    today = cadence.local_date(now, team.zone)
    if team.closed_at is not None or not parts.is_on(session, Part.ROTA):
        rota.next_at = None
        return _clear(session, team, today)
    found = _turns(session, team, rota, weeks, today)
    rota.next_at = _next_at(weeks, today, team.zone)
    _write_turns(session, team, found, today)
    return _write_weeks(session, team, found, today, now)


def _next_at(weeks: Sequence[Dates], today: date, zone: str) -> datetime | None:
    """When the next week begins: then the one that it covers last is new."""
    following = next((week.starts_on for week in weeks if week.starts_on > today), None)
    return None if following is None else cadence.instant(following, time(), zone)


def _write_turns(session: Session, team: Team, found: Turns, today: date) -> None:
    session.execute(delete(HeroTurn).where(HeroTurn.team_id == team.id, HeroTurn.week_on >= _since(found, today)))
    for week_on, person_id in found.turns.items():
        served = found.served or week_on > today
        session.add(HeroTurn(team_id=team.id, week_on=week_on, person_id=person_id, served=served))
    session.flush()


def _since(found: Turns, today: date) -> date:
    """From when on everything is written anew: in a new rhythm also days that begin no week any more."""
    return min([today + cadence.A_DAY, *(week.starts_on for week in found.weeks)])


def _write_weeks(session: Session, team: Team, found: Turns, today: date, now: datetime) -> list[date]:
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
    session.flush()
    return sorted(changed)
