"""What becomes of a team that loses its channel."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.intake import intake_channel
from bot.domain.outbox import posts
from bot.domain.sprints import cards, sprint_channel, sprints
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


def find(session: Session, channel_id: str, *, is_ours: bool, now: datetime) -> Team | None:
    """Note that a channel can be posted in again: its team's sprints continue, and the posts that failed are sent.

    If somebody removed us and we are not back (`is_ours`), the channel stays lost.
    """
    seen = team_channels.at(session, channel_id)
    if seen is not None and seen.channel_lost == Lost.REMOVED and not is_ours:
        return None
    posts.draw_refused(session, channel_id, now=now)
    team = team_channels.find_again(session, channel_id, now)
    if team is not None:
        for sprint in sprints.open_ones(session, team.id):
            cards.redraw(session, sprint, now=now)
    return team


def find_all(session: Session, channel_id: str, *, is_ours: bool, now: datetime) -> None:
    """The same for any channel, a team's or the company's."""
    find(session, channel_id, is_ours=is_ours, now=now)
    sprint_channel.find(session, channel_id, is_ours=is_ours, now=now)
    intake_channel.find(session, channel_id, is_ours=is_ours, now=now)


def lost_ones(session: Session) -> dict[str, Lost]:
    """The channels of teams and of the company in which nothing can be posted, and why."""
    query = select(Team.channel_id, Team.channel_lost).where(Team.channel_lost.is_not(None), Team.closed_at.is_(None))
    found = {channel_id: Lost(str(lost)) for channel_id, lost in session.execute(query)}
    settings = company.current(session)
    if settings.sprint_channel_id is not None and settings.sprint_lost is not None:
        found[settings.sprint_channel_id] = Lost(settings.sprint_lost)
    if settings.intake_channel_id is not None and settings.intake_archived_at is not None:
        found[settings.intake_channel_id] = Lost(settings.intake_lost or Lost.ARCHIVED)
    return found


def refused(session: Session, channel_id: str, error: str, *, now: datetime) -> Trouble | None:
    """Slack refused a post with this error. None when nobody is to be told, or was told already.

    That a channel of the company's is lost, `sprint_channel` and `intake_channel` tell.
    """
    team = team_channels.at(session, channel_id)
    if error in channels.LOSSES:
        return lose(session, channel_id, channels.LOSSES[error], now=now)
    person_id = team_channels.responsible_for(session, channel_id)
    if person_id is None or (team is not None and team.channel_lost is not None):
        return None
    return Trouble(f"refused:{channel_id}:{now:%Y-%m-%d}", person_id, channel_id, error=error)
