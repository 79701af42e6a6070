"""Which channels plans may stand in."""

from dataclasses import dataclass

from bot.errors import Refusal


@dataclass(frozen=True)
class Channel:
    """What Slack says of a channel. `is_shared` when people of another company read along."""

    name: str
    is_archived: bool
    is_shared: bool


def require_internal(channel: Channel, *, field: str) -> None:
    """Raise Refusal for a channel in which nothing can be posted, or in which another company would read the plans."""
    if channel.is_archived:
        raise Refusal(f"#{channel.name} is archived. Unarchive it, or choose another channel.", field=field)
    if channel.is_shared:
        raise Refusal(
            f"#{channel.name} is shared with another company. Plans are internal: choose another.", field=field
        )
