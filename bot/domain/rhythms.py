"""What a team's charter means for its sprints: their dates, the instant they are over, and where their cards stand."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.domain import plans, sprints, teams
from bot.domain.teams import Charter
from models.sprints import Sprint
from models.teams import Team


def edit(session: Session, team_id: int, charter: Charter, *, by: str, now: datetime) -> Team:
    """Change what a team is. Raises Refusal unless `by` leads it.

    Sprints keep their dates; a new rhythm begins after the last of them. In a new zone they are over at its midnight,
    and in a new channel their cards are posted anew.
    """
    last_day = session.scalar(select(func.max(Sprint.ends_on)).where(Sprint.team_id == team_id))
    team = teams.edit(session, team_id, charter, by=by, now=now, last_day=last_day)
    rhythm = sprints.cadence_of(session, team)
    for sprint in sprints.open_ones(session, team_id):
        dates = sprints.dates_of(sprint)
        sprint.over_at, sprint.closes_at = dates.over_at(team.zone), dates.closes_at(team.zone, rhythm.calendar)
        session.flush()
        plans.show(session, sprints.whole(session, sprint.id), now=now)
    return team
