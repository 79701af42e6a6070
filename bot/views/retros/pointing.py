"""What people see of messages that become notes: the form, and what an emoji made."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.outbox.posts import Message
from bot.domain.retros.pointing import Found, Kept
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from bot.views.retros import notes as note_views
from models.retros import NOTE_LENGTH, Side

FROM_MESSAGE = "note_from_message"
STAYS = "Its words stay where they are: it is not a colleague's message in a public channel. Say in yours what the team can read."


def message_form(found: Found) -> View:
    """The form that makes a note of a message."""
    return _message_form(found, [])


def empty_form(channel_id: str, ts: str) -> View:
    """The same for a message whose words stay where they are."""
    return _message_form(Found("", None, channel_id, ts), [kit.context(STAYS)])


def _message_form(found: Found, above: Sequence[Block]) -> View:
    place = {"channel": found.channel_id, "ts": found.ts, "link": found.link}
    metadata = json.dumps(place if above else {**place, "words": True})
    return kit.modal(
        FROM_MESSAGE,
        "Add to retro",
        [*above, note_views.text_field(cut(found.text)), note_views.side_field(Side.BETTER)],
        submit="Add",
        close="Cancel",
        metadata=metadata,
    )


def read_message_form(view: Mapping[str, Any]) -> tuple[Found, Side]:
    """What becomes a note, and in which column."""
    fields = Fields(view)
    metadata = keys.stored(view)
    found = Found(fields.text("text"), metadata["link"], metadata["channel"], metadata["ts"])
    return found, keys.word(Side, fields.choice("side") or Side.BETTER)


def has_its_words(view: Mapping[str, Any]) -> bool:
    """Whether the form was opened with the message's words in it."""
    return bool(keys.stored(view).get("words"))


def cut(text: str) -> str:
    """What of a message fits into a note."""
    return kit.shorten(" ".join(text.split()), NOTE_LENGTH)


def kept_message(kept: Kept) -> Message:
    """What somebody reads whose emoji made a note."""
    return Message(
        f"Noted for your retro: {note_views.plain(kept.note)}\n`/retro` shows your notes, to edit or delete."
    )
