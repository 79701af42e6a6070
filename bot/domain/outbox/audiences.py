"""Who reads along in a channel, and whether we were there before."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import CompoundSelect, bindparam, exists, null, select, union_all
from sqlalchemy.orm import Session

from models.company import Company
from models.outbox import Card, Post
from models.teams import Lost, Team


@dataclass(frozen=True)
class Internal:
    """A channel whose messages are for this company only; `is_shared` while another one reads along."""

    is_shared: bool


def internal(session: Session, channel_id: str) -> Internal | None:
    """Whether this is a team's channel or one of the company's, which are for this company only; None for any other.

    So is one that was such a channel, as long as cards of ours stand there.
    """
    found = session.execute(_PLACES, {"channel": channel_id}).all()
    return Internal(is_shared=any(row.lost == Lost.SHARED for row in found)) if found else None


_PLACES: CompoundSelect[Any] = union_all(
    select(Team.channel_lost.label("lost")).where(Team.channel_id == bindparam("channel")),
    select(Company.intake_lost).where(Company.intake_channel_id == bindparam("channel")),
    select(Company.sprint_lost).where(Company.sprint_channel_id == bindparam("channel")),
    select(null()).where(
        exists().where(
            Post.posted_in_id == bindparam("channel"),
            Post.card.is_not(None),
            Post.message_ts.is_not(None),
            Post.card != Card.REQUEST_LINK,
        )
    ),
)


def was_in(session: Session, channel_id: str) -> bool:
    """Whether we have posted in this channel, or somebody took us out of this team's: we do not come back by ourselves."""
    if session.scalar(select(Team.channel_lost).where(Team.channel_id == channel_id)) is not None:
        return True
    stood = exists().where(Post.posted_in_id == channel_id, Post.channel_id == channel_id, Post.message_ts.is_not(None))
    return session.scalar(select(stood)) or False
