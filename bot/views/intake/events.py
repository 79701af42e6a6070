"""Slack's words about messages, mentions and emoji, read into ours; and what people see where they wrote them."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.intake.events import EventKind, Heard, Place, Pointed
from bot.domain.outbox.posts import Message
from bot.domain.teams.channels import Trouble
from bot.domain.text.titles import CLIP
from bot.platform.errors import Outdated
from bot.views import kit, routes
from bot.views.intake import requests as request_views
from bot.views.kit import Fields, View, keys
from bot.views.teams import channels
from models.intake.requests import TEXT_LENGTH, Request
from models.teams import Lost

FROM_MESSAGE = "request_from_message"
# Of the many subtypes of a message, those that somebody wrote. The others tell of an edit, a deletion, who joined, …
WRITTEN = (None, "file_share", "thread_broadcast", "me_message")
SLACKBOT = "USLACKBOT"
TOMBSTONE = "tombstone"  # what stands above a thread whose first message was deleted
STAYS = "Its words stay where they are: the message is not in a public channel. Say in your own words what everybody may read."


# --- reading ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A message that was looked up. `author_id` is "" when an app wrote it that is nobody; it is called `author` then."""

    place: Place
    author_id: str
    author: str
    text: str
    files: Sequence[str]


def read_message(event: Mapping[str, Any], us: str) -> Heard | None:
    """A message that a person wrote, as an event or in a channel's history with its `channel`; None for any other.

    An app's messages, ours, Slackbot's, and those that only tell that something happened, are nobody's idea.
    """
    author = event.get("user")
    if event.get("subtype") not in WRITTEN or event.get("bot_id") or not author or author in (us, SLACKBOT):
        return None
    return Heard(
        EventKind.MESSAGE,
        event["channel"],
        event["ts"],
        _above(event),
        author,
        text=_text(event, us),
        files=_files(event),
        us=us,
    )


def read_written(event: Mapping[str, Any], us: str) -> Heard | None:
    """What Slack tells of a message: that somebody wrote, edited or deleted it; None for any other."""
    subtype = event.get("subtype")
    if subtype == "message_changed":
        return _read_edit(event, us)
    if subtype == "message_deleted":
        return _read_deletion(event, event.get("previous_message") or {}, us)
    return read_message(event, us)


def _read_edit(event: Mapping[str, Any], us: str) -> Heard | None:
    """An edit by a person; None when Slack itself changed something, such as what a link in it leads to."""
    now, before = event.get("message") or {}, event.get("previous_message") or {}
    if now.get("subtype") == TOMBSTONE:
        return _read_deletion(event, before, us)  # what has a thread is not taken away
    heard = read_message({**now, "channel": event["channel"]}, us)
    if heard is None or (before and (_text(now, us), _files(now)) == (_text(before, us), _files(before))):
        return None
    return Heard(**{**vars(heard), "kind": EventKind.EDIT, "said_ts": event["ts"]})


def _read_deletion(event: Mapping[str, Any], before: Mapping[str, Any], us: str) -> Heard | None:
    author = before.get("user") or ""
    if author in (us, SLACKBOT) or before.get("subtype") == TOMBSTONE or not before.get("ts"):
        return None
    return Heard(EventKind.DELETION, event["channel"], before["ts"], _above(before), author, us=us, said_ts=event["ts"])


def read_mention(event: Mapping[str, Any], us: str) -> Heard | None:
    """A message in which a person mentions us; None for an app's."""
    heard = read_message({**event, "subtype": None}, us)
    return Heard(**{**vars(heard), "kind": EventKind.MENTION}) if heard else None


def read_reaction(event: Mapping[str, Any], us: str) -> Heard | None:
    """An emoji on a message; None for one of ours, on one of ours, in a direct conversation, or on something else."""
    item = event["item"]
    if item.get("type") != "message" or us in (event["user"], event.get("item_user")):
        return None
    if channels.is_direct(item["channel"]):
        return None  # what two people talk about is for nobody else
    emoji = event["reaction"].partition("::")[0]  # without the tone of its skin
    return Heard(EventKind.EMOJI, item["channel"], item["ts"], person_id=event["user"], emoji=emoji, us=us)


def read_history(message: Mapping[str, Any], channel_id: str, us: str) -> list[Heard]:
    """What is to be heard of a message in a channel's history: itself, and who put an emoji on it."""
    if _above(message) is not None or message.get("user") == us:
        return []  # a reply that was also sent to the channel stays a reply
    item = {"type": "message", "channel": channel_id, "ts": message["ts"]}
    reactions = [
        read_reaction({"item": item, "user": each["users"][0], "reaction": each["name"]}, us)
        for each in message.get("reactions", [])
        if each.get("users")
    ]
    return [each for each in (read_message({**message, "channel": channel_id}, us), *reactions) if each]


def read_found(message: Mapping[str, Any], channel_id: str, us: str) -> Found | None:
    """A message that somebody points at; None for one of ours, and for one that is deleted."""
    author_id = message.get("user") or ""
    if author_id == us or message.get("subtype") == TOMBSTONE:
        return None
    bot = message.get("username") or (message.get("bot_profile") or {}).get("name") or "an app"
    return Found(read_place(message, channel_id), author_id, bot, _text(message, us), _files(message))


def read_place(message: Mapping[str, Any], channel_id: str) -> Place:
    """Where a message stands."""
    return Place(channel_id, message["ts"], _above(message))


def _above(message: Mapping[str, Any]) -> str | None:
    thread_ts = message.get("thread_ts")
    return thread_ts if thread_ts != message["ts"] else None


def _text(message: Mapping[str, Any], us: str) -> str:
    own = re.sub(rf"<@{re.escape(us)}(\|[^>]*)?>[ ,:]*", "", message.get("text") or "").strip()
    return own or "\n".join(_shared(each, us) for each in message.get("attachments", [])).strip()


def _shared(attachment: Mapping[str, Any], us: str) -> str:
    """Another message that was shared without a word. What we or two people said to each other is not copied."""
    if attachment.get("author_id") == us or channels.is_direct(attachment.get("channel_id") or ""):
        return str(attachment.get("from_url") or "")
    words = attachment.get("text") or attachment.get("fallback") or ""
    return "\n".join(filter(None, [words, attachment.get("from_url")]))


def _files(message: Mapping[str, Any]) -> list[str]:
    # Of a file that was deleted since there is no name.
    return [each.get("name") or each.get("title") or "a file" for each in message.get("files", [])]


def words(text: str, files: Sequence[str], names: Mapping[str, str], author: str = "") -> str:
    """What a message says, as people read it, and with `author` who wrote it; "" when it says nothing."""
    said = "\n".join(filter(None, [kit.spoken(text, names).strip(), *(f"{CLIP} {name}" for name in files)]))
    return f"{said}\n({author} wrote this.)" if said and author else said


def said(found: Found, names: Mapping[str, str], asker_id: str) -> str:
    """The same of a message that somebody points at, who is named as its author unless that is who asks."""
    author = names.get(found.author_id) or found.author
    return words(found.text, found.files, names, "" if found.author_id == asker_id else author)


# --- where it was written ---------------------------------------------------------------------------------------


def way_message(request: Request, link: str | None) -> Message:
    """Below a message that became a request elsewhere."""
    where = f"<{link}|{kit.escape(request.title)}>" if link else kit.escape(request.title)
    return Message(f"This is request #{request.id} now: {where}")


def kept_message(request: Request) -> Message:
    """The same, while there is no channel for requests."""
    return Message(request_views.reached_words(request))


def how_to_message() -> Message:
    """The answer to a mention without a word, and to a call for help."""
    words = (
        "Do you want something from the AI team? Mention me with one line of what it is, in a thread as well, "
        "or type `/reach-out` and the line. A vague idea is enough."
    )
    more = "*Menu*, or `/prickle`, shows everything else I can do."
    buttons = kit.actions(routes.REACH_OUT.button("Reach out to the AI team"), routes.MENU.button("Menu"))
    return Message(f"{words} {more}", [kit.section(words), buttons, kit.context(more)])


def closed_message() -> Message:
    """The answer to a mention in a private channel, or in one that another company reads."""
    return Message(
        "What is said in this channel stays here: everybody can read a request. "
        "Type `/reach-out` and one line of what you want."
    )


def ask_a_colleague_message() -> Message:
    """The answer to somebody who is a guest, or from another organization."""
    return Message("Ask a colleague to bring this: only full members of this workspace can reach out here.")


def told_message(trouble: Trouble) -> Message:
    """The message to the admin who looks after the company's channels."""
    return lost_message(trouble.channel_id, trouble.lost or Lost.ARCHIVED)


def lost_message(channel_id: str, lost: Lost) -> Message:
    """Why nothing can be posted in the intake channel, and what to do about it."""
    return channels.company_lost_message(
        channel_id,
        lost,
        what="requests",
        so="`/reach-out` still keeps requests, but nobody sees them.",
        then="they are posted",
    )


# --- a message's menu -------------------------------------------------------------------------------------------


def message_form(place: Place, said: str, author_id: str, me: str, channel_id: str | None) -> View:
    """The form behind *Reach out to the AI team* in a message's menu, with the message's words and who wrote them.

    `author_id` is "" for an app, and for somebody who can't ask. The words go to `channel_id`, once there is one.
    """
    words = kit.shorten(said, TEXT_LENGTH)
    form = request_views.reach_out_form(words)
    where = kit.channel(channel_id) if channel_id else "the channel for requests"
    public = kit.context(f"These words become public: everybody reads them in {where}.")
    hint = "The request is theirs, and you follow it. Leave this empty if the request is yours."
    picker = kit.picker("users_select", "asker", author_id or None)
    asker = [] if author_id == me else [kit.field("asker", "On behalf of", picker, optional=True, hint=hint)]
    carried = [place.channel_id, place.ts, place.thread_ts, author_id, _digest(words)]
    blocks = [public, *form["blocks"], *asker]
    return {**form, "callback_id": FROM_MESSAGE, "private_metadata": json.dumps(carried), "blocks": blocks}


def _digest(words: str) -> str:
    """Enough of a text to know whether somebody changed it."""
    return hashlib.blake2b(" ".join(words.split()).encode(), digest_size=8).hexdigest()


def empty_form() -> View:
    """The same where the message's words stay where they are."""
    form = request_views.reach_out_form()
    return {**form, "blocks": [kit.context(STAYS), *form["blocks"]]}


def read_message_form(view: Mapping[str, Any], me: str) -> tuple[Place, Pointed]:
    """The message, what was made of its words, and who asks."""
    channel_id, ts, thread_ts, author_id, digest = _carried(view)
    fields = Fields(view)
    words = fields.text("title")
    asker_id = me if author_id == me else fields.person("asker") or me
    pointed = Pointed(asker_id, words, me, author_id, is_verbatim=bool(author_id) and _digest(words) == digest)
    return Place(channel_id, ts, thread_ts), pointed


def _carried(view: Mapping[str, Any]) -> list[Any]:
    try:
        return keys.parts(view, 5)
    except Outdated:
        return [*keys.parts(view, 3), "", ""]  # the window was open while an older version ran


def already_view(request_id: int) -> View:
    """Said instead of the form, for a message that is a request, or has one's thread below it."""
    return kit.notice("Reach out", f"This message is request #{request_id} already. Continue in its thread.")
