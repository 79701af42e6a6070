"""A team's rota: whose turn as support hero comes when. People start it and stop it; nobody assigns anything.

The person whose last turn is longest ago goes next, and new people go last. The rota skips people who are away for all of
a week, and they go next when they are back. A week that somebody took or swapped is theirs, and the turns stay as they were. A week that has
begun stays with its hero, unless they leave the team.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, rotation
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.rotation import Crew
from bot.domain.company import company, parts
from bot.domain.company.parts import Part
from bot.domain.heroes import hand_overs, heroes, offers
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.heroes.heroes import Entered, Hero
from bot.domain.teams import teams
from bot.platform.database import insert
from models.heroes import HeroSwap, HeroTurn, HeroWeek, Rota
from models.teams import Team

AHEAD = 8  # weeks that the rota covers, this one included
REMEMBERED = timedelta(weeks=52)  # whose turn was before then is as good as never


@dataclass(frozen=True)
class Asked:
    """Somebody asks who takes their week, or days of it: none of them for the whole week."""

    id: int
    by: str
    days: Sequence[date] = ()


@dataclass(frozen=True)
class RotaWeek:
    """A week of the rota: whose turn it is, and its hero. Without a hero `away` has the week and is away for all of it.

    `others` took single days of it. `asks` is what its hero asks others for.
    """

    dates: Dates
    turn: Hero | None
    hero: Hero | None
    away: Hero | None = None
    others: Mapping[date, Hero] = field(default_factory=dict)
    asks: Asked | None = None

    @property
    def holder(self) -> Hero | None:
        """The person who has the week, even if they are away for all of it."""
        return self.hero or self.away


@dataclass(frozen=True)
class TeamRota:
    """The coming weeks of a team, for a viewer. No weeks are shown until somebody starts the rota."""

    team_id: int
    team: str
    viewer: str
    today: date
    runs: bool
    is_member: bool
    weeks: Sequence[RotaWeek] = ()
    hands_over: HandOver | None = None


@dataclass(frozen=True)
class Turns:
    """Whose turn each week is, by its first day, and who took which week or swapped for it.

    `served` is false while the person whose turn this week is away for all of it.
    """

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
        return TeamRota(team.id, team.name, viewer, today, runs=False, is_member=is_member)
    found = turns_of(session, team, rota, weeks, today)
    names = {member.person_id: Hero(member.person_id, member.person.name) for member in team.members}
    entered, asked = _entered(session, team, found), offers.open_ones(session, team.id)
    shown = [_week(team, week, names.get(found.turns.get(week.starts_on, "")), entered, asked) for week in found.weeks]
    ends = hand_overs.due(session, team, viewer, now=now)
    return TeamRota(team.id, team.name, viewer, today, True, is_member, shown, ends)


def _week(
    team: Team, week: Dates, turn: Hero | None, entered: Mapping[date, Entered], asked: Mapping[date, HeroSwap]
) -> RotaWeek:
    (shown,) = heroes.in_dates(team.id, week, entered)
    swap = asked.get(week.starts_on)
    asks = Asked(swap.id, swap.by_id, [date.fromisoformat(day) for day in swap.days]) if swap is not None else None
    return RotaWeek(week, turn, shown.hero, shown.away, shown.others, asks)


def _entered(session: Session, team: Team, found: Turns) -> dict[date, Entered]:
    people = {member.person_id: member.person for member in team.members}
    names = {person.id: person.name for person in people.values()}
    off = heroes.off(session, team, people)
    query = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on >= _first(found.weeks))
    others = {row.week_on: heroes.others_of(row.days, names) for row in session.scalars(query)}
    who = {week.starts_on: found.hero(week.starts_on) for week in found.weeks}
    return {
        week_on: Entered(Hero(each, names[each]), off[each], others.get(week_on, {}))
        for week_on, each in who.items()
        if each is not None
    }


def _first(weeks: Sequence[Dates]) -> date:
    return min((week.starts_on for week in weeks), default=date.max)


def turns_of(session: Session, team: Team, rota: Rota, weeks: Sequence[Dates], today: date) -> Turns:
    """Whose turn each of these weeks is now. It also loads the team's people and their aways."""
    teams.load_members(session, team)
    crew = _crew(session, team)
    ours = [week for week in weeks if week.starts_on >= rota.begins_on]
    if not ours:
        return Turns([], {}, {})
    first = ours[0].starts_on
    since = HeroTurn.team_id == team.id, HeroTurn.week_on >= first
    given = {row.week_on: row.person_id for row in session.scalars(select(HeroTurn).where(*since))}
    last = _last(session, team, min(first, today + cadence.A_DAY))  # a turn that was to come in an old rhythm is none
    turns, served = in_turn(crew, ours, today, given, last)
    taken = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on >= first, ~HeroWeek.by_rota)
    here = {person.id for person in crew.people}
    own = {row.week_on: row.person_id for row in session.scalars(taken) if row.person_id in here}
    return Turns(ours, turns, own, served)


def _crew(session: Session, team: Team) -> Crew:
    # By seat: who takes another name keeps their place among people whose turns are as long ago.
    seated = sorted(team.members, key=lambda member: member.seat)
    people = [member.person for member in seated if not member.person.is_gone]
    return Crew(
        people,
        frozenset(),
        team.zone,
        company.current(session).weekend,
        {person.id: team.country for person in people},
        heroes.off(session, team, {person.id: person for person in people}),
    )


def _last(session: Session, team: Team, first: date) -> dict[str, date]:
    """When each person's last turn before this week began; people without one, or who joined later, count from the day on which they joined."""
    query = select(HeroTurn.person_id, func.max(HeroTurn.week_on)).group_by(HeroTurn.person_id)
    query = query.where(HeroTurn.team_id == team.id, HeroTurn.week_on < first, HeroTurn.served)
    turns = {person_id: week_on for person_id, week_on in session.execute(query)}  # noqa: C416  (rows are no pairs to a type checker)
    joined = {member.person_id: cadence.local_date(member.joined_at, team.zone) for member in team.members}
    return {person_id: max(on, turns.get(person_id, on)) for person_id, on in joined.items()}


# --- starting and stopping ----------------------------------------------------------------------------------------


def start(session: Session, team: Team, weeks: Sequence[Dates], *, by: str, now: datetime) -> bool:
    """Start the rota with the first of these weeks that has not begun yet. False where one runs already.

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
    return clear(session, team, cadence.local_date(now, team.zone))


def clear(session: Session, team: Team, today: date) -> list[date]:
    """Free the weeks that the rota gave out and that have not begun. Returns their first days."""
    session.execute(delete(HeroTurn).where(HeroTurn.team_id == team.id, HeroTurn.week_on > today))
    ahead = HeroWeek.team_id == team.id, HeroWeek.week_on > today, HeroWeek.by_rota
    gone = session.scalars(delete(HeroWeek).where(*ahead).returning(HeroWeek.week_on)).all()
    session.execute(update(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.by_rota).values(by_rota=False))
    return sorted(gone)
