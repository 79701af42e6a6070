"""What receivers see when they share feedback, or thank for it."""

from collections.abc import Mapping
from typing import Any

from bot.domain.feedback.letters import Letter
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.feedback import letters as letter_views
from bot.views.kit import View, keys
from models.feedback import Feedback

SHARE = "feedback_share"


def thanks_message(given: Feedback) -> Message:
    """What the giver reads when they are thanked."""
    return Message(f"🙏 {kit.mention(given.receiver_id)} thanks you for your feedback.")


def share_form(shown: Letter) -> View:
    """What everybody would read, before they do."""
    where = kit.channel(shown.team.channel_id) if shown.team else "your team's channel"
    name = kit.escape(shown.feedback.giver.name)
    head = kit.section(f"Everybody in {where} will read this, with {name}'s name and yours:")
    return kit.modal(
        SHARE,
        "Share it",
        kit.fit_view([head, kit.divider(), *letter_views.parts(shown.words)], [], letter_views.MORE),
        submit="Share",
        close="Keep it to myself",
        metadata=str(shown.feedback.id),
    )


def read_share(view: Mapping[str, Any]) -> int:
    """The feedback's id."""
    return keys.number(view["private_metadata"])


def shared_card(shown: Letter) -> Message:
    """What the receiver's team reads."""
    given = shown.feedback
    head = f"{kit.mention(given.receiver_id)} shares feedback from {kit.mention(given.giver_id)}"
    blocks = kit.fit_message([kit.section(head), *letter_views.parts(shown.words)], [], "… and more.")
    return Message(kit.in_short([head, *letter_views.quoted_lines(shown.words)], more="… and more."), blocks)
