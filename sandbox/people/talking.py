"""What people say to each other: messages, edits, reactions, and coming and going."""

from sandbox.people import typed_text
from sandbox.people.interaction import in_message, open_to
from sandbox.world import messages, passing
from sandbox.world.core import Core
from sandbox.world.emoji_names import is_known
from sandbox.world.errors import SandboxError
from sandbox.world.store import Channel, User
from sandbox.world.values import Json


def say(
    ws: Core,
    user: User,
    channel_id: str,
    text: str,
    thread_ts: str | None = None,
    files: list[Json] | None = None,
    broadcast: bool = False,
) -> Json:
    """Write a message, with `broadcast` a reply that is also sent to the channel."""
    with ws.lock:
        channel = open_to(ws, user, channel_id)
        if channel.is_archived:
            raise SandboxError("This channel is archived.")
        if user.id not in channel.members:
            raise SandboxError(f"{user.shown} is not in #{channel.name}.")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise SandboxError("This thread is not there.")
        if not text.strip() and not files:
            raise SandboxError("There is nothing to send.")
        fields: Json = {"user": user.id, "client_msg_id": ws.store.next_id(""), **typed_text.fields(ws, text)}
        if thread_ts is not None:
            fields["thread_ts"] = thread_ts
        if files:
            fields |= {"files": files, "subtype": "file_share"}
        if broadcast:
            if thread_ts is None:
                raise SandboxError("Only a reply can be sent to the channel as well.")
            # Slack: reference/events/message/thread_broadcast
            fields |= {"subtype": "thread_broadcast", "root": dict(channel.messages[thread_ts])}
        message = messages.post(ws, channel, fields)
        mark_read(ws, user, channel.id)
    ws.background.wait_idle(3.5)
    return message


def edit(ws: Core, user: User, ts: str, text: str) -> Json:
    """Change the words of one's own message. Raises SandboxError."""
    with ws.lock:
        channel, message = _own(ws, user, ts)
        if not text.strip():
            raise SandboxError("There is nothing to send.")
        edited = {"user": user.id, "ts": ws.store.next_ts(ws.clock())}
        changed = messages.change(ws, channel, ts, {**message, **typed_text.fields(ws, text), "edited": edited})
    ws.background.wait_idle(3.5)
    return changed


def delete(ws: Core, user: User, ts: str) -> None:
    """Delete one's own message, or as an admin anybody's. Raises SandboxError."""
    with ws.lock:
        channel, _message = in_message(ws, user, ts).in_message if user.is_admin else _own(ws, user, ts)
        messages.delete(ws, channel, ts)
    ws.background.wait_idle(3.5)


def _own(ws: Core, user: User, ts: str) -> tuple[Channel, Json]:
    channel, message = in_message(ws, user, ts).in_message
    if message.get("is_ephemeral") or message.get("user") != user.id:
        raise SandboxError("Only its author can do that to a message.")
    if channel.is_archived:
        raise SandboxError("This channel is archived.")
    return channel, message


def react(ws: Core, user: User, ts: str, name: str) -> None:
    """Add a reaction, or take one's own back. Raises SandboxError for an emoji that nobody has added."""
    with ws.lock:
        channel, message = in_message(ws, user, ts).in_message
        if message.get("is_ephemeral"):
            raise SandboxError("Nobody can react to a message that only they can see.")
        if message.get("subtype") == "tombstone":
            raise SandboxError("This message is not there.")
        if channel.is_archived:
            raise SandboxError("This channel is archived.")
        name = name.strip(":")
        if not is_known(name, ws.store.emoji):
            raise SandboxError(f"There is no emoji called :{name}: here.")
        if not messages.react(ws, channel, ts, name, user.id):
            messages.react(ws, channel, ts, name, user.id, add=False)
    ws.background.wait_idle(3.5)


def join(ws: Core, user: User, channel_id: str) -> None:
    """Join a public channel."""
    with ws.lock:
        channel = ws.channel(channel_id)
        if channel.is_private or channel.is_im or user.is_restricted:
            raise SandboxError("Somebody has to invite you to that conversation.")
        if channel.is_archived:
            raise SandboxError("This channel is archived.")
        messages.join(ws, channel, user)
    ws.background.wait_idle(3.5)


def invite(ws: Core, user: User, invited: str, channel_id: str) -> None:
    """Bring somebody, or the app, into a channel."""
    with ws.lock:
        messages.join(ws, ws.channel(channel_id), ws.user(invited), user.id)
    passing.settle(ws, 3.5)


def leave(ws: Core, user: User, channel_id: str) -> None:
    """Leave a channel."""
    with ws.lock:
        channel = open_to(ws, user, channel_id)
        if channel.is_im:
            raise SandboxError("Nobody can leave a direct conversation.")
        messages.leave(ws, channel, user)
    ws.background.wait_idle(3.5)


def mark_read(ws: Core, user: User, channel_id: str) -> None:
    """See a channel's messages to the last."""
    with ws.lock:
        channel = ws.channel(channel_id)
        if channel.top:
            ws.store.last_read.setdefault(user.id, {})[channel.id] = channel.top[-1]
            ws.changed({"type": "read", "channel": channel.id, "last_read": channel.top[-1]}, [user.id])
