"""chat.*: posting, editing, deleting (Slack: reference/methods/chat.postMessage and its neighbours)."""

import json
from typing import Any

from sandbox.api import lookup
from sandbox.api.args import Args
from sandbox.blocks import check_message
from sandbox.world import messages, pictures
from sandbox.world.block_ids import with_fresh_ids
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.store import Channel
from sandbox.world.values import Json

POST_CHARACTERS = 40_000
"""Longer texts are cut off. Slack: reference/methods/chat.postMessage, "Truncating content"."""
UPDATE_CHARACTERS = 4_000
"""Slack: reference/methods/chat.update, `msg_too_long`."""
METADATA_BYTES = 20_000


def post_message(ws: Core, args: Args) -> Json:
    """chat.postMessage."""
    channel = _target(ws, args.need("channel"))
    fields = _content(ws, args)
    if not fields:
        raise SlackError("no_text")
    fields["text"] = fields.get("text", "")[:POST_CHARACTERS]
    metadata = _metadata(args)
    if metadata:
        fields["metadata"] = metadata
    _thread(channel, args, fields)
    _may_post(channel, args)
    message = messages.post(ws, channel, messages.by_app(ws) | fields)
    return {"channel": channel.id, "ts": message["ts"], "message": message}


def _target(ws: Core, wanted: str) -> Channel:
    """Where to post: an id, a name, or a person, whose DM is opened."""
    user = ws.store.users.get(wanted)
    if user is not None:
        if user.deleted or user.is_bot:
            raise SlackError("channel_not_found" if user.deleted else "cannot_dm_bot")
        if not ws.manifest.messages_tab:
            raise SlackError("messages_tab_disabled")
        return ws.open_im(ws.bot_user_id, user.id)
    if wanted not in ws.store.channels:
        named = ws.store.channel_named(wanted.removeprefix("#"))
        wanted = named.id if named is not None else wanted
    channel = lookup.visible(ws, wanted)
    if channel.is_archived:
        raise SlackError("is_archived")
    if ws.bot_user_id not in channel.members and ws.manifest.lacks(("chat:write.public",)):
        raise SlackError("not_in_channel")
    return channel


def _content(ws: Core, args: Args) -> Json:
    """The text, blocks and attachments of a call; only those that were sent."""
    fields: Json = {}
    text = args.text("text")
    if text.strip():
        fields["text"] = text
    markdown = args.text("markdown_text")
    if markdown:
        if text or args.has("blocks"):
            raise SlackError("markdown_text_conflict")
        if len(markdown) > 12_000:
            raise SlackError("msg_too_long")
        fields["text"] = markdown
    blocks = args.json("blocks", "invalid_blocks_format")
    if blocks is not None:
        checked = check_message(blocks, pictures.checker(ws))
        if checked:
            fields["blocks"] = with_fresh_ids(ws, checked)
    attachments = args.json("attachments", "invalid_attachments")
    if attachments:
        fields["attachments"] = checked_attachments(ws, attachments)
    return fields


def checked_attachments(ws: Core, attachments: Any) -> list[Json]:
    """Attachments that Slack would take. Raises SlackError."""
    if not isinstance(attachments, list) or not all(isinstance(each, dict) for each in attachments):
        raise SlackError("invalid_attachments")
    if len(attachments) > 100:
        raise SlackError("too_many_attachments")
    for each in attachments:
        if "blocks" in each:
            check_message(each["blocks"], pictures.checker(ws))
    return attachments


def _metadata(args: Args) -> Json | None:
    """Metadata as {event_type, event_payload}; {} clears, None was not sent."""
    metadata = args.json("metadata", "invalid_metadata_format")
    if metadata is None or metadata == {}:
        return metadata  # type: ignore[no-any-return]
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    if set(metadata) - {"event_type", "event_payload", "entities"}:
        raise SlackError("invalid_metadata_schema")
    if len(json.dumps(metadata)) > METADATA_BYTES:
        raise SlackError("metadata_too_large")
    return metadata


_RESTRICTED = {
    "read_only": "restricted_action_read_only_channel",
    "thread_only": "restricted_action_thread_only_channel",
    "non_threadable": "restricted_action_non_threadable_channel",
}


def _may_post(channel: Channel, args: Args) -> None:
    """Slack: reference/methods/chat.postMessage, "Errors"."""
    is_reply = bool(args.text("thread_ts"))
    allowed = {"": True, "read_only": False, "thread_only": is_reply, "non_threadable": not is_reply}
    if not allowed[channel.posting]:
        raise SlackError(_RESTRICTED[channel.posting])


def _thread(channel: Channel, args: Args, fields: Json) -> None:
    thread_ts = args.text("thread_ts")
    if not thread_ts:
        return
    parent = channel.messages.get(thread_ts)
    if parent is None:
        # Posted at the channel's root, without a word about it: slack-go#1571.
        return
    if parent.get("thread_ts", thread_ts) != thread_ts or str(parent.get("subtype", "")).startswith("channel_"):
        raise SlackError("cannot_reply_to_message")
    fields["thread_ts"] = thread_ts
    if args.flag("reply_broadcast"):
        fields["subtype"] = "thread_broadcast"


def update(ws: Core, args: Args) -> Json:
    """chat.update. Text without blocks deletes the blocks; omitted metadata stays, {} clears it."""
    channel = lookup.visible(ws, args.need("channel"))
    before = lookup.message(channel, args.need("ts"))
    check_edit(ws, channel, before, args.text("text"))
    fields = _content(ws, args)
    if not fields:
        raise SlackError("no_text")
    after = _updated(ws, before, fields, _metadata(args))
    messages.change(ws, channel, before["ts"], after)
    return {"channel": channel.id, "ts": before["ts"], "text": after["text"], "message": after}


def check_edit(ws: Core, channel: Channel, before: Json, text: str) -> None:
    """Raises SlackError when the app may not put `text` in the place of a message."""
    if before.get("bot_id") != ws.bot_id or str(before.get("subtype", "")).startswith("channel_"):
        raise SlackError("cant_update_message")
    if channel.is_archived:
        # Slack: reference/methods/chat.update, "Errors". Posting there is refused with is_archived.
        raise SlackError("is_inactive")
    if len(text) > UPDATE_CHARACTERS:
        raise SlackError("msg_too_long")


def _updated(ws: Core, before: Json, fields: Json, metadata: Json | None) -> Json:
    dropped = {"blocks", "text"} if "text" in fields else set()
    if metadata is not None:
        dropped.add("metadata")
    after = {key: value for key, value in before.items() if key not in dropped} | fields
    after.setdefault("text", "")
    if metadata:
        after["metadata"] = metadata
    after["edited"] = {"user": ws.bot_user_id, "ts": ws.store.next_ts(ws.clock())}
    return after


def delete(ws: Core, args: Args) -> Json:
    """chat.delete."""
    channel = lookup.visible(ws, args.need("channel"))
    message = lookup.message(channel, args.need("ts"))
    if message.get("bot_id") != ws.bot_id:
        raise SlackError("cant_delete_message")
    messages.delete(ws, channel, message["ts"])
    return {"channel": channel.id, "ts": message["ts"]}


def post_ephemeral(ws: Core, args: Args) -> Json:
    """chat.postEphemeral."""
    channel = lookup.visible(ws, args.need("channel"))
    if channel.is_archived:
        raise SlackError("is_archived")
    user = ws.store.users.get(args.need("user"))
    if ws.bot_user_id not in channel.members and ws.manifest.lacks(("chat:write.public",)):
        raise SlackError("not_in_channel")
    if user is None or user.id not in channel.members:
        raise SlackError("user_not_in_channel")
    fields = _content(ws, args)
    if not fields:
        raise SlackError("no_text")
    fields["text"] = fields.get("text", "")[:POST_CHARACTERS]
    thread_ts = args.text("thread_ts")
    if thread_ts in channel.messages:
        fields["thread_ts"] = thread_ts
    message = messages.whisper(ws, user.id, channel, fields)
    return {"message_ts": message["ts"]}


def get_permalink(ws: Core, args: Args) -> Json:
    """chat.getPermalink."""
    channel = lookup.visible(ws, args.need("channel"))
    message = lookup.message(channel, args.need("message_ts"))
    ts = message["ts"]
    link = f"{ws.base_url}/archives/{channel.id}/p{ts.replace('.', '')}"
    thread_ts = message.get("thread_ts", ts)
    if thread_ts != ts:
        link += f"?thread_ts={thread_ts}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}
