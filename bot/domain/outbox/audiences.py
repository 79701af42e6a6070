"""Who reads along in a channel, and whether we were there before."""

from dataclasses import dataclass

from sqlalchemy import (
    exists,
    select,
)
from sqlalchemy.orm import Session

from models.company import Company
from models.outbox import Post
from models.teams import Lost, Team


@dataclass(frozen=True)
class Internal:
    """A channel whose messages are for this company only; `is_shared` while another one reads along."""

    is_shared: bool


def internal(session: Session, channel_id: str) -> Internal | None:
    """Whether this is a team's channel or one of the company's, which are for this company only; None for any other."""
    team = session.execute(select(Team.channel_lost).where(Team.channel_id == channel_id)).first()
    settings = session.get_one(Company, 1)
    if team is None and channel_id not in (settings.intake_channel_id, settings.sprint_channel_id):
        return None
    is_intake = channel_id == settings.intake_channel_id
    lost = {team.channel_lost if team else None, settings.intake_lost if is_intake else None}
    return Internal(is_shared=Lost.SHARED in lost)


def was_in(session: Session, channel_id: str) -> bool:
    """Whether we have posted in this channel, or somebody took us out of this team's: we do not come back by ourselves."""
    if session.scalar(select(Team.channel_lost).where(Team.channel_id == channel_id)) is not None:
        return True
    stood = exists().where(Post.posted_in_id == channel_id, Post.channel_id == channel_id, Post.message_ts.is_not(None))
    return session.scalar(select(stood)) or False
