"""What an admin reads when nothing can be posted in the company's sprint channel."""

from bot.domain.outbox.posts import Message
from bot.domain.teams.channels import Trouble
from bot.views.teams import channels
from models.teams import Lost


def told_message(trouble: Trouble) -> Message:
    """The message to the admin who looks after the company's channels."""
    return lost_message(trouble.channel_id, trouble.lost or Lost.ARCHIVED)


def lost_message(channel_id: str, lost: Lost) -> Message:
    """Why nothing can be posted in the sprint channel, and what to do about it."""
    return channels.company_lost_message(
        channel_id,
        lost,
        what="plans",
        so="Nobody sees the company's page there, nor what people share with `/context`.",
        then="it is posted",
    )
