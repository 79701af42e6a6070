"""What a lead or an admin reads when something could not be posted."""

from bot.domain.posts import Message
from bot.views import kit

_WHY = {
    "is_archived": "the channel is archived",
    "channel_not_found": "the channel is gone, or is private and Prickle is not in it",
    "not_in_channel": "Prickle is not in the channel",
    "method_not_supported_for_channel_type": "the channel is private and Prickle is not in it",
    "restricted_action": "the workspace lets only some people post there",
}


def refused_message(channel_id: str, error: str) -> Message:
    """Says once what was not posted, why, and what to do."""
    why = _WHY.get(error, f"Slack says “{kit.escape(error)}”")
    return Message(
        f"I could not post in {kit.channel(channel_id)}: {why}. "
        "Unarchive it or invite me with `/invite`, or choose another channel: a team's with `/small-team edit`, "
        "the company's with `/prickle setup`."
    )
