"""What becomes of a team that loses its channel."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.outbox import posts
from bot.domain.sprints import cards, sprints
from bot.domain.teams import channels, team_channels
from bot.domain.teams.channels import Trouble
from models.teams import Lost, Team


def lose(session: Session, channel_id: str, lost: Lost, *, now: datetime) -> Trouble | None:
    """Nothing can be posted in a team's channel any more, or nothing may. None when somebody was told of that already."""
    team = team_channels.lose(session, channel_id, lost, now)
    person_id = team_channels.responsible_for(session, channel_id) if team else None
    if team is None or person_id is None:
        return None
    key = f"lost:{channel_id}:{now:%Y%m%d%H%M%S%f}"
    return Trouble(key, person_id, channel_id, lost=lost, team_name=team.name)


def find(session: Session, channel_id: str, *, now: datetime) -> Team | None:
    """A channel can be posted in again: a team that lost it goes on, and what could not be posted is posted."""
    posts.draw_refused(session, channel_id, now=now)
    team = team_channels.find_again(session, channel_id, now)
    if team is not None:
        for sprint in sprints.open_ones(session, team.id):
            cards.redraw(session, sprint, now=now)
    return team


def refused(session: Session, channel_id: str, error: str, *, now: datetime) -> Trouble | None:
    """Slack refused a post with this error. None when nobody is to be told, or was told already."""
    team = team_channels.at(session, channel_id)
    if team is not None and error in channels.LOSSES:
        return lose(session, channel_id, channels.LOSSES[error], now=now)
    person_id = team_channels.responsible_for(session, channel_id)
    if person_id is None or (team is not None and team.channel_lost is not None):
        return None
    return Trouble(f"refused:{channel_id}:{now:%Y-%m-%d}", person_id, channel_id, error=error)
