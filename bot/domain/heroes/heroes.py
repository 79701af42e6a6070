"""Support heroes, one a week: people enter themselves and take it back, or a rota runs; nobody enters somebody else.

Whether a week has a hero is decided in `_week`, and nowhere else. Somebody who leaves the team or the company gives up the
weeks that are not over. Somebody who is away for all of a week stays entered, but the week is free: anybody can take it,
and if nobody does, it is theirs again once they are not away after all.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence, periods
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.periods import Span
from bot.domain.calendar.wording import days
from bot.domain.company import absences
from bot.domain.heroes import looking, stand_ins
from bot.domain.outbox import undoing
from bot.domain.teams import teams
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.heroes import HeroWeek
from models.sprints import Absence, Sprint
from models.teams import Team

A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class Hero:
    """Somebody who is, or would be, a team's hero."""

    id: str
    name: str


@dataclass(frozen=True)
class Entered:
    """The hero of a week. `off` holds the days on which they are off or away; `others` are the people who took single days."""

    hero: Hero
    off: Sequence[Span] = ()
    others: Mapping[date, Hero] = field(default_factory=dict)


@dataclass(frozen=True)
class Week:
    """One of the `of` weeks of a team's sprint, counted from 1, from its first working day to its last.

    `hero` is none while it is free, also where `away` entered themselves and is away for all of it. `can_undo` when the
    viewer gave it back a moment ago. `in_rota` where the team has a rota: a week is then swapped, and not given back.
    `others` are people who took single days of it.
    """

    team_id: int
    starts_on: date
    ends_on: date
    number: int
    of: int
    hero: Hero | None = None
    away: Hero | None = None
    can_undo: bool = False
    in_rota: bool = False
    others: Mapping[date, Hero] = field(default_factory=dict)

    def is_over(self, today: date) -> bool:
        """Whether its last day has passed."""
        return self.ends_on < today

    def belongs_to(self, person_id: str) -> bool:
        """Whether this person is its hero."""
        return self.hero is not None and self.hero.id == person_id


@dataclass(frozen=True)
class Choice:
    """The weeks that somebody ticked in a form, by first day. `had` are those that were theirs when it was opened."""

    wanted: Sequence[date] = ()
    had: Sequence[date] = ()


# --- who has which week -----------------------------------------------------------------------------------------


def weeks(dates: Dates) -> list[Dates]:
    """The weeks of a sprint. Each ends on the weekday on which the sprint ends."""
    length = dates.ends_on - dates.starts_on
    firsts = [dates.starts_on + number * A_WEEK for number in range(length // A_WEEK + 1)]
    return [Dates(first, first + length % A_WEEK) for first in firsts]


def in_dates(team_id: int, dates: Dates, entered: Mapping[date, Entered]) -> list[Week]:
    """The weeks of a sprint of these dates, each with its hero; `entered` says who entered for which first day."""
    found = weeks(dates)
    return [
        _week(Week(team_id, week.starts_on, week.ends_on, number, len(found)), entered.get(week.starts_on))
        for number, week in enumerate(found, start=1)
    ]


def _week(week: Week, entered: Entered | None) -> Week:
    if entered is None:
        return week
    is_away_all = periods.covers(entered.off, week.starts_on, week.ends_on)
    hero, away = (None, entered.hero) if is_away_all else (entered.hero, None)
    return replace(week, hero=hero, away=away, others=entered.others)


def of(sprint: Sprint) -> list[Week]:
    """The weeks of a sprint that is whole."""
    names = {member.person_id: member.person.name for member in sprint.team.members}
    entered = {
        row.week_on: Entered(
            Hero(row.person_id, row.person.name), absences.spans(sprint, row.person), others_of(row.days, names)
        )
        for row in sprint.hero_weeks
    }
    return in_dates(sprint.team_id, Dates(sprint.starts_on, sprint.ends_on), entered)


def others_of(days: Mapping[str, str] | None, names: Mapping[str, str]) -> dict[date, Hero]:
    """Who took which day of a week; people who left the team take none."""
    return {date.fromisoformat(day): Hero(each, names[each]) for day, each in (days or {}).items() if each in names}


def rows(session: Session, team_id: int, dates: Dates) -> Sequence[HeroWeek]:
    """Who entered for the weeks of a sprint of these dates, each with their aways."""
    query = select(HeroWeek).where(
        HeroWeek.team_id == team_id, HeroWeek.week_on.between(dates.starts_on, dates.ends_on)
    )
    theirs = joinedload(HeroWeek.person).selectinload(Person.aways)
    return session.scalars(query.order_by(HeroWeek.week_on).options(theirs)).all()


def ahead(session: Session, team: Team, dates: Dates, *, now: datetime) -> list[Week]:
    """The weeks that are not over of a sprint of these dates."""
    found = rows(session, team.id, dates)
    others = off(session, team, {row.person_id: row.person for row in found})
    entered = {row.week_on: Entered(Hero(row.person_id, row.person.name), others[row.person_id]) for row in found}
    today, in_rota = cadence.local_date(now, team.zone), looking.runs(session, team.id)
    shown = in_dates(team.id, dates, entered)
    return [replace(week, in_rota=in_rota) for week in shown if not week.is_over(today)]


def named(shown: Sequence[Week]) -> str:
    """The heroes in words: `Noor` where she has every week, else `Ada (week 1), Lee (week 2)`; free weeks are left out."""
    heroes = [week.hero for week in shown]
    if heroes and heroes[0] is not None and all(hero == heroes[0] for hero in heroes):
        return heroes[0].name
    return ", ".join(f"{week.hero.name} (week {week.number})" for week in shown if week.hero is not None)


# --- entering, and taking it back -------------------------------------------------------------------------------


def enter(session: Session, team: Team, week: Dates, *, by: str, now: datetime, field: str | None = None) -> None:
    """Be the team's hero in this week of its sprint. Entered twice it is entered once.

    Raises Refusal for somebody of another team, for a week that is over or has a hero, and for who is away for all of it.
    """
    teams.require_member(team, by, to="be its support hero")
    require_ahead(team, week, now, field=field)
    if is_away(session, team, week, by):
        raise Refusal(f"You are away {_dates(week)}, so the week needs somebody else.", field=field)
    looking.again(session, [team.id], now=now)
    row = insert(session, HeroWeek).values(team_id=team.id, week_on=week.starts_on, person_id=by, entered_at=now)
    # Of two at once the second waits for the first here, and reads below who that was.
    own = row.on_conflict_do_update(
        index_elements=["team_id", "week_on"], set_={"entered_at": HeroWeek.__table__.c.entered_at}
    )
    session.execute(own)
    query = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on == week.starts_on)
    query = query.options(joinedload(HeroWeek.person)).execution_options(populate_existing=True)
    there = session.scalars(query).one()
    if there.person_id == by:
        return
    if teams.is_member(team, there.person_id) and not is_away(session, team, week, there.person_id):
        raise Refusal(f"{there.person.name} is hero {_dates(week)} already.", field=field)
    there.person_id, there.entered_at, there.by_rota = by, now, False
    there.days = stand_ins.without(by, there.days)
    session.flush()


def give_back(session: Session, team: Team, week: Dates, *, by: str, now: datetime) -> None:
    """Be hero in this week no more. It changes nothing where that is somebody else.

    Raises Refusal when it is over, and where a rota runs: there a week is swapped.
    """
    require_ahead(team, week, now)
    if looking.runs(session, team.id):
        raise Refusal("Your team has a hero rota now, so a week isn't given back. Look at it with `/small-team rota`.")
    mine = HeroWeek.team_id == team.id, HeroWeek.week_on == week.starts_on, HeroWeek.person_id == by
    if session.scalar(delete(HeroWeek).where(*mine).returning(HeroWeek.person_id)) is not None:
        stand_ins.end_lost(session, team, today=cadence.local_date(now, team.zone), now=now)
        key = _undo_key(team.id, week.starts_on)
        undoing.remember(session, key, by=by, before={}, left=_who(session, team, week), now=now)


def undo_give_back(session: Session, team: Team, week: Dates, *, by: str, now: datetime) -> None:
    """Be hero in this week after all. Raises Refusal when it is too late, and where somebody else took the week."""
    teams.require_member(team, by, to="be its support hero")
    require_ahead(team, week, now)
    state = _who(session, team, week)
    if undoing.take_back(session, _undo_key(team.id, week.starts_on), state, by=by, now=now) is not None:
        enter(session, team, week, by=by, now=now)


def with_undo(week: Week, lately: Collection[str]) -> Week:
    """The week, and whether the viewer can take it back: nobody has it, and giving it back is among what they did `lately`."""
    is_free = week.hero is None and week.away is None
    return replace(week, can_undo=is_free and _undo_key(week.team_id, week.starts_on) in lately)


def _undo_key(team_id: int, week_on: date) -> str:
    return f"hero:{team_id}:{week_on.isoformat()}"


def _who(session: Session, team: Team, week: Dates) -> dict[str, str | None]:
    query = select(HeroWeek.person_id).where(HeroWeek.team_id == team.id, HeroWeek.week_on == week.starts_on)
    return {"hero": session.scalar(query)}


def choose(session: Session, team: Team, dates: Dates, choice: Choice, *, by: str, now: datetime, field: str) -> None:
    """Take a form's choice: enter for what was ticked, and give back what was theirs and is ticked no more.

    Raises Refusal where `enter` does. What was theirs and is over stays.
    """
    today = cadence.local_date(now, team.zone)
    for week in weeks(dates):
        is_theirs = week.starts_on in choice.had
        if week.starts_on in choice.wanted and not is_theirs:
            enter(session, team, week, by=by, now=now, field=field)
        elif week.starts_on not in choice.wanted and is_theirs and week.ends_on >= today:
            give_back(session, team, week, by=by, now=now)


def leave(session: Session, team: Team, person_id: str, *, now: datetime) -> None:
    """Somebody left the team, or the company: their weeks that are not over are free again, and the days they took."""
    today = cadence.local_date(now, team.zone)
    since = today - A_WEEK
    theirs = HeroWeek.team_id == team.id, HeroWeek.person_id == person_id
    looking.again(session, [team.id], now=now)  # before their weeks: the clock locks them in this order
    stand_ins.leave(session, team, person_id, since, today=today, now=now)
    session.execute(delete(HeroWeek).where(*theirs, HeroWeek.week_on > since))


def require_ahead(team: Team, week: Dates, now: datetime, *, field: str | None = None) -> None:
    """Raise Refusal for a week that is over."""
    if week.ends_on < cadence.local_date(now, team.zone):
        raise Refusal(f"The week of {_dates(week)} is over.", field=field)


def is_away(session: Session, team: Team, week: Dates, person_id: str) -> bool:
    """Whether somebody is away for all of a week, or off for it in its sprint."""
    person = session.scalars(select(Person).where(Person.id == person_id).options(selectinload(Person.aways))).one()
    return periods.covers(off(session, team, {person_id: person})[person_id], week.starts_on, week.ends_on)


def off(session: Session, team: Team, who: Mapping[str, Person]) -> dict[str, list[Span]]:
    """All days on which these people, whose aways are at hand, are away, or off in a sprint of the team."""
    found = {
        person.id: [periods.days(away, person.zone or team.zone) for away in person.aways] for person in who.values()
    }
    written = select(Absence).join(Sprint, Sprint.id == Absence.sprint_id).where(Sprint.team_id == team.id)
    for absence in session.scalars(written.where(Absence.person_id.in_(who))) if who else ():
        found[absence.person_id].append((absence.starts_on, absence.ends_on))
    return found


def _dates(week: Dates) -> str:
    return days(week.starts_on, week.ends_on)
