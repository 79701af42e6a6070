"""Messages: posting, editing, deleting, the ones only one person sees, reactions and membership."""

from typing import Any

from sandbox.world import events
from sandbox.world.core import Core
from sandbox.world.errors import SandboxError
from sandbox.world.store import Channel, User
from sandbox.world.values import Json

_EVENT_OF = {"channel": "message.channels", "group": "message.groups", "im": "message.im", "mpim": "message.mpim"}


def kind_of(channel: Channel) -> str:
    """Slack's `channel_type`."""
    if channel.is_im:
        return "im"
    if channel.is_mpim:
        return "mpim"
    return "group" if channel.is_private else "channel"


def audience(channel: Channel) -> list[str] | None:
    """Who may see the channel; None means everybody."""
    return channel.members if channel.is_private or channel.is_im else None


def may_see(channel: Channel, user_id: str) -> bool:
    """True when the person can open the channel."""
    return user_id in channel.members or not (channel.is_private or channel.is_im)


def open_mpim(ws: Core, members: list[str]) -> Channel:
    """The direct conversation of several users (ids), opened if need be."""
    there = set(members)
    found = next((each for each in ws.store.channels.values() if each.is_mpim and set(each.members) == there), None)
    if found is None:
        name = f"mpdm-{'--'.join(sorted(ws.store.users[each].handle for each in members))}-1"
        opened = int(ws.clock())
        found = Channel(ws.store.next_id("C"), name, opened, members[0], is_private=True, is_mpim=True, members=members)
        ws.store.keep_channel(found)
        ws.changed({"type": "channels"}, members)
    return found


def by_app(ws: Core) -> Json:
    """The fields that say that the app wrote it."""
    return {
        "user": ws.bot_user_id,
        "bot_id": ws.bot_id,
        "app_id": ws.app_id,
        "bot_profile": {
            "id": ws.bot_id,
            "app_id": ws.app_id,
            "user_id": ws.bot_user_id,
            "name": ws.manifest.name,
            "deleted": False,
            "team_id": ws.team_id,
        },
    }


def shown(message: Json, *, metadata: bool = False) -> Json:
    """The message as the Web API gives it back: metadata only on request."""
    if metadata or "metadata" not in message:
        return message
    return {key: value for key, value in message.items() if key != "metadata"}


def post(ws: Core, channel: Channel, fields: Json) -> Json:
    """Keep a new message, show it, and tell the app."""
    ts = ws.store.next_ts(ws.clock())
    message = {"type": "message", **fields, "ts": ts, "team": ws.team_id}
    thread_ts = message.get("thread_ts")
    if thread_ts is not None:
        message["parent_user_id"] = channel.messages[thread_ts].get("user", "")
    channel.add(message)
    ws.store.channel_of[ts] = channel.id
    ws.changed({"type": "message", "channel": channel.id, "message": message}, audience(channel))
    if thread_ts is not None:
        parent = channel.messages[thread_ts]
        ws.changed({"type": "message_changed", "channel": channel.id, "message": parent}, audience(channel))
    _tell_app(ws, channel, message)
    return message


def _tell_app(ws: Core, channel: Channel, message: Json) -> None:
    if ws.bot_user_id not in channel.members:
        return
    kind = kind_of(channel)
    event = {**shown(message), "channel": channel.id, "event_ts": message["ts"]}
    if f"<@{ws.bot_user_id}>" in message.get("text", "") and message.get("user") != ws.bot_user_id and kind != "im":
        events.emit(ws, {**event, "type": "app_mention"})
    events.emit(ws, {**event, "channel_type": kind}, _EVENT_OF[kind])


def change(ws: Core, channel: Channel, ts: str, message: Json) -> Json:
    """Put `message` in the place of the one at `ts`."""
    before = channel.messages[ts]
    channel.messages[ts] = message
    ws.changed({"type": "message_changed", "channel": channel.id, "message": message}, audience(channel))
    details = {"message": shown(message), "previous_message": shown(before), "hidden": True}
    _tell_app_of_change(ws, channel, "message_changed", details)
    return message


def delete(ws: Core, channel: Channel, ts: str) -> None:
    """Take a message away."""
    before = channel.remove(ts)
    tombstone = channel.messages.get(ts)
    notice: Json = {"type": "message_deleted", "channel": channel.id, "ts": ts}
    if tombstone is not None:
        notice = {"type": "message_changed", "channel": channel.id, "message": tombstone}
    ws.changed(notice, audience(channel))
    parent = channel.messages.get(before.get("thread_ts", ""))
    if parent is not None:
        ws.changed({"type": "message_changed", "channel": channel.id, "message": parent}, audience(channel))
    if tombstone is not None:
        # Slack takes away no message that has a thread: it tells of another one in its place.
        details = {"message": shown(tombstone), "previous_message": shown(before), "hidden": True}
        _tell_app_of_change(ws, channel, "message_changed", details)
        return
    details = {"previous_message": shown(before), "deleted_ts": ts, "hidden": True}
    _tell_app_of_change(ws, channel, "message_deleted", details)


def _tell_app_of_change(ws: Core, channel: Channel, subtype: str, details: Json) -> None:
    kind = kind_of(channel)
    if ws.bot_user_id in channel.members and _EVENT_OF[kind] in ws.manifest.events:
        ts = ws.store.next_ts(ws.clock())
        event = {"type": "message", "subtype": subtype, **details, "channel": channel.id, "ts": ts, "event_ts": ts}
        events.emit(ws, {**event, "channel_type": kind}, _EVENT_OF[kind])


def whisper(ws: Core, user_id: str, channel: Channel, fields: Json) -> Json:
    """Show a message to one person only. It is not kept over a restart, as Slack does not keep it over a reload."""
    ts = ws.store.next_ts(ws.clock())
    message = {
        "type": "message",
        "subtype": "bot_message",
        **by_app(ws),
        **fields,
        "ts": ts,
        "channel": channel.id,
        "is_ephemeral": True,
    }
    ws.store.ephemerals.setdefault(user_id, []).append(message)
    ws.changed({"type": "ephemeral", "channel": channel.id, "message": message}, [user_id])
    return message


def whispered(ws: Core, user_id: str, ts: str) -> Json | None:
    """The ephemeral message with that ts which the person sees."""
    return next((each for each in ws.store.ephemerals.get(user_id, []) if each["ts"] == ts), None)


def take_back(ws: Core, user_id: str, message: Json) -> None:
    """Remove an ephemeral message."""
    ws.store.ephemerals[user_id].remove(message)
    ws.changed({"type": "ephemeral_deleted", "channel": message["channel"], "ts": message["ts"]}, [user_id])


def replace_whisper(ws: Core, user_id: str, message: Json, fields: Json) -> None:
    """Put new words in the place of an ephemeral message."""
    kept = {key: value for key, value in message.items() if key not in ("text", "blocks", "attachments")}
    changed = {**kept, **fields}
    whispers = ws.store.ephemerals[user_id]
    whispers[whispers.index(message)] = changed
    ws.changed({"type": "ephemeral", "channel": message["channel"], "message": changed}, [user_id])


def react(ws: Core, channel: Channel, ts: str, name: str, user_id: str, *, add: bool = True) -> bool:
    """Add or remove a reaction; False when it was already so."""
    message = channel.messages[ts]
    reactions = [dict(each, users=list(each["users"])) for each in message.get("reactions", [])]
    found = next((each for each in reactions if each["name"] == name), None)
    if add == (found is not None and user_id in found["users"]):
        return False
    if found is None:
        reactions.append(found := {"name": name, "users": [], "count": 0})
    if add:
        found["users"].append(user_id)
    else:
        found["users"].remove(user_id)
    found["count"] = len(found["users"])
    reactions = [each for each in reactions if each["count"]]
    rest = {key: value for key, value in message.items() if key != "reactions"}
    channel.messages[ts] = {**rest, "reactions": reactions} if reactions else rest
    notice = {"type": "message_changed", "channel": channel.id, "message": channel.messages[ts]}
    ws.changed(notice, audience(channel))
    if ws.bot_user_id in channel.members:
        event = {
            "type": "reaction_added" if add else "reaction_removed",
            "user": user_id,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": ts},
        }
        # Slack: reference/events/reaction_added. What no user has written has no item_user.
        events.emit(ws, event | ({"item_user": message["user"]} if message.get("user") else {}))
    return True


def join(ws: Core, channel: Channel, user: User, inviter: str | None = None) -> bool:
    """Become a member; False when one already is."""
    if user.id in channel.members:
        return False
    channel.members.append(user.id)
    ws.changed({"type": "channels"}, None)
    if not channel.is_im:
        words = {"subtype": "channel_join", "user": user.id, "text": f"<@{user.id}> has joined the channel"}
        post(ws, channel, words | ({"inviter": inviter} if inviter else {}))
        _membership(ws, "member_joined_channel", channel, user, inviter)
    return True


def leave(ws: Core, channel: Channel, user: User, actor: str | None = None) -> bool:
    """Stop being a member, by oneself or because `actor` says so; False when one was none."""
    if user.id not in channel.members:
        return False
    if channel.is_general:
        raise SandboxError("Nobody can leave #general.")
    if user.id == ws.bot_user_id:
        # Slack: reference/events/channel_left. Who has left hears this; member_left_channel is for those who stay.
        events.about_channel(ws, channel, "left", {"actor_id": actor or user.id})
    else:
        _membership(ws, "member_left_channel", channel, user, None)
    channel.members.remove(user.id)
    ws.changed({"type": "channels"}, None)
    told(ws, channel, user.id, "channel_leave", f"<@{user.id}> has left the channel")
    return True


def told(ws: Core, channel: Channel, user_id: str, subtype: str, text: str, **more: Any) -> None:
    """What Slack itself writes into a channel (Slack: reference/events/message, "Message subtypes")."""
    if not channel.is_im:
        post(ws, channel, {"subtype": subtype, "user": user_id, "text": text, **more})


def _membership(ws: Core, kind: str, channel: Channel, user: User, inviter: str | None) -> None:
    if ws.bot_user_id not in channel.members:
        return
    letter = "G" if channel.is_private else "C"
    event = {"type": kind, "user": user.id, "channel": channel.id, "channel_type": letter, "team": ws.team_id}
    events.emit(ws, event | ({"inviter": inviter} if inviter else {}))
