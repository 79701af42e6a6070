"""The weeks that lie ahead of a team: those of the sprint that runs and of the one after it."""

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.heroes import heroes
from bot.domain.outbox import home_refresh
from bot.domain.sprints import cards, sprints
from bot.domain.sprints.sprints import Span
from bot.platform.errors import Refusal
from models.sprints import Sprint
from models.teams import Team


def ahead(recent: Sequence[Span], rhythm: Cadence, now: datetime) -> list[Dates]:
    """The sprint that runs, or comes next where none does, and the one after it, given the team's latest by start.

    Those that nobody wrote anything for are as the rhythm has them.
    """
    found = [sprints.dates_of(each) for each in recent if not sprints.is_over(each, now)]
    planned = [sprints.dates_of(each) for each in recent]
    present = cadence.start_of(rhythm, cadence.local_date(now, rhythm.zone))
    while len(found) < 2:
        found.append(rhythm.dates_from(cadence.free_start(rhythm, present, [*planned, *found])))
    return sorted(found, key=lambda dates: dates.starts_on)[:2]


def of_team(session: Session, team: Team, week_on: date, *, now: datetime) -> Dates:
    """The week that begins on this day, of the running sprint or the coming one. Raises Refusal when it is of neither."""
    coming = ahead(sprints.latest(session, team.id), sprints.cadence_of(session, team), now)
    for week in (week for dates in coming for week in heroes.weeks(dates)):
        if week.starts_on == week_on:
            return week
    raise Refusal("That week is over, or the team's sprints begin on other days now. `/sprint` shows what comes.")


def redraw(session: Session, team: Team, week: Dates, *, now: datetime) -> None:
    """Have everything drawn anew that shows this week: its sprint's cards, if there are any, and the team's Homes."""
    query = select(Sprint).where(Sprint.team_id == team.id, Sprint.starts_on <= week.starts_on)
    sprint = session.scalar(query.where(Sprint.ends_on >= week.starts_on))
    if sprint is not None:
        cards.redraw(session, sprint, now=now)
    home_refresh.touch_team(session, team.id, now=now)
