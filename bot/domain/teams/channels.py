"""Which channels a team may post its plans in."""

from dataclasses import dataclass

from bot.platform.errors import Refusal
from models.teams import Lost

# Slack's word for an archived channel, when something is posted there, and when something is edited there.
ARCHIVED = frozenset({"is_archived", "is_inactive"})


@dataclass(frozen=True)
class Channel:
    """What Slack says of a channel. `is_shared` when people of another company read along; `is_ours` when we are in it."""

    name: str
    is_archived: bool
    is_private: bool
    is_shared: bool
    is_ours: bool

    @property
    def is_open(self) -> bool:
        """Whether everybody of the company may read it, and nobody else: only from there words are taken elsewhere."""
        return not (self.is_private or self.is_shared)


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


def require_internal(channel: Channel, *, field: str) -> None:
    """Raise Refusal for a channel in which nothing can be posted, or in which another company would read the plans."""
    if channel.is_archived:
        raise Refusal(f"#{channel.name} is archived. Unarchive it, or choose another channel.", field=field)
    if channel.is_shared:
        raise Refusal(
            f"#{channel.name} is shared with another company. Plans are internal: choose another.", field=field
        )
