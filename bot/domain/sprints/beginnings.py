"""Makes a sprint's row when somebody first writes something for it. Several people at once make only one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.sprints import sprints
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.sprints import Sprint
from models.teams import Team


def at(session: Session, team: Team, starts_on: date, *, now: datetime) -> Sprint:
    """The team's sprint that begins on this day, locked; made if it is the one to plan and nobody wrote anything yet.

    Raises Refusal for a day on which no sprint of this team begins any more.
    """
    sprint = sprints.find(session, team, starts_on, lock=True)
    if sprint is not None:
        return sprint
    rhythm = sprints.cadence_of(session, team)
    meant = sprints.to_plan(sprints.latest(session, team.id), rhythm, now)
    if meant.dates.starts_on != starts_on:
        raise Refusal("This form is for another sprint, not for the next one. Copy your lines and open it again.")
    return sprints.load(session, _insert(session, team, meant.dates, rhythm, now=now), lock=True)


def new_row(team_id: int, dates: Dates, rhythm: Cadence, *, now: datetime) -> dict[str, Any]:
    """A sprint that nobody wrote for yet, as the values of its row."""
    return {
        "team_id": team_id,
        "starts_on": dates.starts_on,
        "ends_on": dates.ends_on,
        "over_at": dates.over_at(rhythm.zone),
        "closes_at": dates.closes_at(rhythm.zone, rhythm.calendar),
        "direction": "",
        "impacted": "",
        "revision": 0,
        "created_at": now,
    }


def id_at(session: Session, team: Team, starts_on: date, *, now: datetime) -> int:
    """The team's sprint that begins on this day; made if it is the present one and nobody wrote anything for it yet.

    Raises Refusal for a day on which no sprint of this team begins.
    """
    found = session.scalar(select(Sprint.id).where(Sprint.team_id == team.id, Sprint.starts_on == starts_on))
    if found is not None:
        return found
    rhythm = sprints.cadence_of(session, team)
    dates = sprints.present(sprints.latest(session, team.id), rhythm, now)
    if dates.starts_on != starts_on:
        raise Refusal("This form is for another sprint, not for the one that runs. Copy your lines and open it again.")
    return _insert(session, team, dates, rhythm, now=now)


def _insert(session: Session, team: Team, dates: Dates, rhythm: Cadence, *, now: datetime) -> int:
    session.execute(
        insert(session, Sprint)
        .values(new_row(team.id, dates, rhythm, now=now))
        .on_conflict_do_nothing(index_elements=["team_id", "starts_on"])
    )
    query = select(Sprint.id).where(Sprint.team_id == team.id, Sprint.starts_on == dates.starts_on)
    return session.scalars(query).one()
