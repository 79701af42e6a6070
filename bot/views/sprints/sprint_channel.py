"""What an admin reads when nothing can be posted in the company's sprint channel."""

from bot.domain.outbox.posts import Message
from bot.domain.teams.channels import Trouble
from bot.views import kit
from models.teams import Lost

_LOST = {
    Lost.ARCHIVED: ("the channel is archived", "Unarchive it"),
    Lost.REMOVED: ("somebody removed me", "Bring me back with `/invite`"),
    Lost.SHARED: ("the channel is shared with another company, and plans are internal", "Stop sharing it"),
    Lost.HIDDEN: ("the channel is gone, or it is private, and plans are for everybody", "Make it public again"),
}


def told_message(trouble: Trouble) -> Message:
    """The same of what somebody is to be told."""
    return lost_message(trouble.channel_id, trouble.lost or Lost.ARCHIVED)


def lost_message(channel_id: str, lost: Lost) -> Message:
    """To who set the company up, once: nothing can be posted where everybody reads the plans, or nothing may."""
    why, mend = _LOST[lost]
    return Message(
        f"I can't post in {kit.channel(channel_id)} any more: {why}. Nobody sees the company's page there, nor what people "
        f"share with `/context`. {mend}, or choose another channel with `/prickle setup`: then it is posted."
    )
