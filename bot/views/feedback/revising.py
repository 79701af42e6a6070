"""The giver's copy of their feedback, and for ten minutes the form to change it."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.domain.feedback import revising
from bot.domain.feedback.letters import Letter
from bot.domain.feedback.sealing import Words
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.feedback import letters as letter_views
from bot.views.kit import View, keys


def edit_form(shown: Letter) -> View:
    """The same three prompts, with what was written."""
    head = kit.context(f"To {kit.escape(shown.feedback.receiver.name)}. Their message changes, too.")
    return kit.modal(
        letter_views.EDIT,
        "Edit feedback",
        [head, *letter_views.prompt_fields(shown.words)],
        submit="Save",
        close="Cancel",
        metadata=str(shown.feedback.id),
    )


def read_edit(view: Mapping[str, Any]) -> tuple[int, Words]:
    """The feedback's id, and its new words."""
    return keys.number(view["private_metadata"]), letter_views.read_words(view)


def copy(shown: Letter, now: datetime) -> Message:
    """What the giver keeps: that it arrived, what it says, and for ten minutes a way to change it."""
    given = shown.feedback
    if not shown.has_arrived:
        words = f"Slack did not take your feedback to {kit.mention(given.receiver_id)}. Tell them directly."
        return Message(words, [kit.section(words), *letter_views.parts(shown.words)])
    head = f"{kit.mention(given.receiver_id)} has your feedback{letter_views.about_words(shown.words)}"
    until = revising.editable_until(given)
    can_edit = revising.is_editable(given, now)
    became = [
        *(["edited"] if given.edited_at else []),
        *(["they said thanks"] if given.thanked_at else []),
        *([f"they shared it in {kit.channel(given.shared_in_id)}"] if given.shared_in_id else []),
        *([f"you can change it until {kit.moment(until)}"] if can_edit else []),
    ]
    foot = [
        *([kit.context(" · ".join(became))] if became else []),
        *([kit.actions(letter_views.edit_field(given))] if can_edit else []),
    ]
    blocks = kit.fit_message([kit.section(head), *letter_views.parts(shown.words)], foot, letter_views.MORE)
    return Message(
        kit.in_short([head, *letter_views.quoted_lines(shown.words), " · ".join(became)], more=letter_views.MORE),
        blocks,
    )
