"""What people see of messages that become notes: the form, and what an emoji made."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.outbox.posts import Message
from bot.domain.retros.pointing import Found, Kept, Withdrawn
from bot.domain.text.titles import CLIP
from bot.platform.errors import Outdated
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from bot.views.retros import notes as note_views
from models.retros import LINK_LENGTH, NOTE_LENGTH, Side

FROM_MESSAGE = "note_from_message"
LONGEST_PLACE = 60  # a channel and a message in it, as Slack names them
OURS = "The message is Prickle's own. `/retro` takes a note in your words."
CLOSED = "It isn't in a public channel of this company, so its words stay there. `/retro` takes a note in your words."
UNREAD = "Prickle can't read that message any more. `/retro` takes a note in your words."
STAYS = "Its words stay where they are: it is not a colleague's message in a public channel. Say in your own words what the team may read."


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
    channel_id, ts, link = (str(metadata[name] or "") for name in ("channel", "ts", "link"))
    if len(channel_id) + len(ts) > LONGEST_PLACE or len(link) > LINK_LENGTH:
        raise Outdated
    found = Found(fields.text("text"), link or None, channel_id, ts)
    return found, keys.word(Side, fields.choice("side") or Side.BETTER)


def has_its_words(view: Mapping[str, Any]) -> bool:
    """Whether the form was opened with the message's words in it."""
    return bool(keys.stored(view).get("words"))


def cut(text: str) -> str:
    """What of a message fits into a note."""
    return kit.shorten(" ".join(text.split()), NOTE_LENGTH)


def words(message: Mapping[str, Any], names: Mapping[str, str]) -> str:
    """What a message says as a note: where it says nothing, what was sent with it."""
    said = kit.spoken(message.get("text") or "", names).strip()
    files = [each.get("title") or each.get("name") or "" for each in message.get("files") or ()]
    return cut(said or " ".join(f"{CLIP} {name}" for name in files if name) or "A message without words")


def noted_message(kept: Kept | str) -> Message:
    """The answer to an emoji reaction: a note was made, or why there is none."""
    if isinstance(kept, str):
        return Message(f"Your emoji made no note. {kept}")
    said = note_views.plain(kept.note)
    if not kept.is_new:
        return Message(f"It is in your retro already: {said}\n`/retro` shows your notes, to edit or delete.")
    shared = "\nA teammate had noted it, too. It is one note with both names." if kept.is_shared else ""
    return Message(f"Noted for your retro: {said}{shared}\n`/retro` shows your notes, to edit or delete.")


def left_message(left: Withdrawn) -> Message:
    """What somebody reads who took their emoji off a message again."""
    said = note_views.plain(left.note)
    if left.stays:
        return Message(f"The note stays in your retro: {said}\n{left.stays}")
    return Message(f"Taken back, as you took the emoji off: {said}")
