"""The hand-over at the end of a hero's week: one line for the next one, in the team's channel, once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, parts
from bot.domain.company.parts import Part
from bot.domain.heroes import heroes, looking
from bot.domain.heroes.heroes import Hero, Week
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.heroes import HeroWeek
from models.outbox import Post
from models.teams import Team

LONGEST = 500
A_WEEK = timedelta(weeks=1)


@dataclass(frozen=True)
class HandOver:
    """A week that ends, and whose week the next one is; None where nobody has it."""

    team_id: int
    week_on: date
    to: Hero | None


def key(team_id: int, week_on: date) -> str:
    """The key of the one message that hands a week over."""
    return f"hero_hand_over:{team_id}:{week_on}"


def due(session: Session, team: Team, person_id: str, *, now: datetime) -> HandOver | None:
    """What this person can hand over: their week, from its last working day on, until they have, or the next one ends."""
    if not looking.runs(session, team.id):
        return None
    today = cadence.local_date(now, team.zone)
    calendar = Calendar(company.current(session).weekend, team.country)
    query = select(HeroWeek).where(
        HeroWeek.team_id == team.id, HeroWeek.week_on.between(today - A_WEEK, today + A_WEEK)
    )
    rows = session.scalars(query.order_by(HeroWeek.week_on)).all()
    current = next((row for row in reversed(rows) if row.week_on <= today), None)
    if current is None or _ends(current, calendar) != person_id or today < last_day(current.week_on, calendar):
        return None
    if session.scalar(select(exists().where(Post.key == key(team.id, current.week_on)))):
        return None
    following = next((row for row in rows if row.week_on > current.week_on), None)
    if following is not None and following.person_id == person_id:
        return None
    person = session.get(Person, following.person_id) if following is not None else None
    return HandOver(team.id, current.week_on, Hero(person.id, person.name) if person is not None else None)


def of_viewer(session: Session, shown: Sequence[Week], viewer: str, today: date, *, now: datetime) -> HandOver | None:
    """The same, where the team's weeks are known: it costs nothing for people who have none that runs."""
    running = [week for week in shown if week.in_rota and week.starts_on <= today]
    mine = [week for week in running if week.belongs_to(viewer) or viewer in {each.id for each in week.others.values()}]
    return due(session, session.get_one(Team, mine[0].team_id), viewer, now=now) if mine else None


def _ends(week: HeroWeek, calendar: Calendar) -> str:
    """Who is hero on the week's last day: its hero, or who took that day over."""
    return str(week.days.get(last_day(week.week_on, calendar).isoformat(), week.person_id))


def last_day(week_on: date, calendar: Calendar) -> date:
    """The last working day of the week that begins on this day."""
    return calendar.working_days_before(week_on + A_WEEK, 1)


def write(session: Session, team_id: int, week_on: date, line: str, *, by: str, now: datetime) -> HandOver | None:
    """Hand a week over in one line, which the caller has said. None where it was handed over before.

    Raises Refusal without words, for somebody else's week, and while no rota runs.
    """
    parts.require(session, Part.ROTA)
    team = teams.get(session, team_id, lock=True)
    teams.require_member(team, by, to="hand a week over")
    words = " ".join(line.split())
    if not words or len(words) > LONGEST:
        raise Refusal(f"Write what the next one has to know, in at most {LONGEST} characters.", field="line")
    found = due(session, team, by, now=now)
    if found is not None and found.week_on == week_on:
        return found
    row = session.get(HeroWeek, (team_id, week_on))
    calendar = Calendar(company.current(session).weekend, team.country)
    if row is None or _ends(row, calendar) != by:
        raise Refusal("That week is not yours, so its hero hands it over.", field="line")
    if session.scalar(select(exists().where(Post.key == key(team_id, week_on)))):
        return None
    dates = Dates(week_on, week_on)
    heroes.require_ahead(team, dates, now, field="line")
    raise Refusal("You hand a week over on its last day.", field="line")
