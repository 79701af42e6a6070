"""Which channels a team may post its plans in."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.platform.errors import Refusal
from models.teams import Lost

SHARED = "is_shared"  # our own word, beside Slack's: we refuse to post there
LOSSES = {
    "is_archived": Lost.ARCHIVED,
    "is_inactive": Lost.ARCHIVED,  # what Slack says instead of it when something is edited there
    "not_in_channel": Lost.REMOVED,
    "channel_not_found": Lost.HIDDEN,
    "method_not_supported_for_channel_type": Lost.HIDDEN,
    SHARED: Lost.SHARED,
}
"""Which error of a post means that a channel is lost, and why."""
FORBIDDEN: Mapping[Lost | None, str] = {Lost.SHARED: SHARED, Lost.HIDDEN: "channel_not_found"}
"""What we refuse with where Slack would take the post, since not everybody reads it there, or others do."""


@dataclass(frozen=True)
class Channel:
    """What Slack says of a channel. `is_shared` when people of another company read along; `is_ours` when we are in it."""

    name: str
    is_archived: bool
    is_private: bool
    is_shared: bool
    is_ours: bool

    @property
    def lost(self) -> Lost | None:
        """Why nothing may be posted here; None while all is well. Whether we are in it is another matter."""
        if self.is_archived:
            return Lost.ARCHIVED
        if self.is_shared:
            return Lost.SHARED
        return Lost.HIDDEN if self.is_private else None

    @property
    def is_open(self) -> bool:
        """Whether everybody of the company may read it, and nobody else: only from there words are taken elsewhere."""
        return not (self.is_private or self.is_shared)


@dataclass(frozen=True)
class Seen:
    """What a look at a channel says: why nothing may be posted there, if so, and whether we are in it."""

    lost: Lost | None
    is_ours: bool


@dataclass(frozen=True)
class Trouble:
    """Somebody is to be told that nothing can be posted in a channel, once a `key`.

    `error` is Slack's word for it. A team that has `lost` the channel is asked nothing until it is found again.
    """

    key: str
    person_id: str
    channel_id: str
    error: str = ""
    lost: Lost | None = None
    team_name: str = ""


def tell(session: Session, trouble: Trouble | None, say: Callable[[Trouble], Message], *, now: datetime) -> None:
    """Tell the people who can mend it, once; nobody if there is nothing to tell."""
    if trouble is not None:
        posts.write(session, trouble.key, trouble.person_id, say(trouble), now=now)


def require_internal(channel: Channel | None, *, field: str, what: str = "Plans are") -> None:
    """Raise Refusal for a channel in which Prickle can't post, or which another company reads.

    None is one of which Slack tells us nothing.
    """
    if channel is None or channel.is_private:
        raise Refusal("Prickle can't see this channel: it is gone, or private. Choose a public one.", field=field)
    if channel.is_archived:
        raise Refusal(f"#{channel.name} is archived. Unarchive it, or choose another channel.", field=field)
    if channel.is_shared:
        raise Refusal(f"#{channel.name} is shared with another company. {what} internal: choose another.", field=field)
