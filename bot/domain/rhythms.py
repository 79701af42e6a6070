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
    for sprint in sprints.open_ones(session, team_id):
        sprint.over_at = sprints.dates_of(sprint).over_at(team.zone)
        session.flush()
        plans.show(session, sprints.whole(session, sprint.id), now=now)
    return team
