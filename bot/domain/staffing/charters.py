"""What a team is, and where its cards stand."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.intake import team_requests
from bot.domain.planning import contents
from bot.domain.retros import openings
from bot.domain.sprints import cards, sprints
from bot.domain.teams import foundings
from bot.domain.teams.foundings import Charter
from models.teams import Team


def edit(session: Session, team_id: int, charter: Charter, *, by: str, now: datetime) -> Team:
    """Change what a team is. In a new channel its cards are posted anew. Raises Refusal unless `by` leads it."""
    team = foundings.edit(session, team_id, charter, by=by, now=now)
    for sprint in sprints.open_ones(session, team_id):
        cards.leave(session, cards.current(session, sprint), team.channel_id, now=now)
        contents.show(session, sprints.load(session, sprint.id), now=now)
    openings.move(session, team, now=now)
    team_requests.redraw_cards(session, team_requests.of_team(session, team_id), now=now)
    return team
