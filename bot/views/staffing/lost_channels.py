"""What a lead or an admin reads when their channel is lost."""

from bot.domain.outbox.posts import Message
from bot.domain.teams.channels import Trouble
from bot.views import kit
from bot.views.teams.channels import lost_words, refused_message


def told_message(trouble: Trouble) -> Message:
    """Says once what is the matter with a channel, and what to do."""
    if trouble.lost is None:
        return refused_message(trouble.channel_id, trouble.error)
    return Message(lost_words(trouble.channel_id, trouble.lost, f"of {kit.escape(trouble.team_name)} "))
