"""What a person does in Slack, from the press to the app's answer; the page and `Person` both act through here.

Every act may raise SandboxError (Slack's own client says no) or AppFailed (the app did not answer as it should).
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox.app import payloads, response_urls
from sandbox.app.delivery import Request, Response
from sandbox.app.response_urls import ResponseUrl
from sandbox.people import picking, typed_text
from sandbox.world import events, messages, modals
from sandbox.world.emoji_names import is_known
from sandbox.world.errors import AppFailed, SandboxError, SlackError
from sandbox.world.state import current_values, key_of, stateful_elements
from sandbox.world.store import Channel, User, View
from sandbox.world.values import Json, StateValues

if TYPE_CHECKING:
    from sandbox.world.workspace import Workspace


@dataclass(frozen=True)
class Spot:
    """Where something is pressed: a message in a channel, or a view."""

    view: View | None = None
    channel: Channel | None = None
    message: Json | None = None

    @property
    def blocks(self) -> list[Json]:
        """What can be pressed there."""
        source = self.view.payload if self.view else self.message or {}
        return source.get("blocks") or []

    @property
    def in_message(self) -> tuple[Channel, Json]:
        """The message and its channel; only for a spot that is no view."""
        if self.channel is None or self.message is None:
            raise SandboxError("This is not a message.")
        return self.channel, self.message


def in_view(ws: "Workspace", user: User, view_id: str) -> Spot:
    """One of the person's open views, or their Home tab. Raises SandboxError."""
    view = ws.store.views.get(view_id)
    if view is None or view.user_id != user.id:
        raise SandboxError("This view is not open any more.")
    return Spot(view=view)


def in_message(ws: "Workspace", user: User, ts: str) -> Spot:
    """A message that the person can see, ephemeral ones included. Raises SandboxError."""
    whisper = messages.whispered(ws, user.id, ts)
    if whisper is not None:
        return Spot(channel=ws.store.channels[whisper["channel"]], message=whisper)
    channel = ws.store.channels.get(ws.store.channel_of.get(ts, ""))
    if channel is None or ts not in channel.messages or not messages.may_see(channel, user.id):
        raise SandboxError("This message is not there.")
    return Spot(channel=channel, message=channel.messages[ts])


def tell_app(ws: "Workspace", kind: str, payload: Json) -> Response:
    """Deliver an interaction and wait for the answer. Raises AppFailed."""
    response = ws.app.deliver(Request(kind, json.dumps(payload)))
    if response.trouble is not None:
        raise AppFailed(response.trouble)
    return response


def run_command(ws: "Workspace", user: User, channel_id: str, name: str, text: str) -> None:
    """Type a slash command in a channel."""
    with ws.lock:
        channel = _open_to(ws, user, channel_id)
        if name in _BUILT_IN:
            _BUILT_IN[name](ws, user, channel, text)
            return
        known = ws.manifest.command(name)
        if known is None:
            raise SandboxError(f"{name} is not a valid command.")
        text = typed_text.command_text(ws, text.strip(), escape=bool(known.get("should_escape")))
        payload = payloads.command(ws, user, channel, name, text)
    response = tell_app(ws, "slash_commands", payload)
    body = response.json()
    if body is None and response.body.strip():
        body = {"text": response.body}
    if body:
        _take_answer(ws, ResponseUrl(user.id, channel.id, 0.0), body)


def _take_answer(ws: "Workspace", target: ResponseUrl, body: Json) -> None:
    with ws.lock:
        try:
            response_urls.answer(ws, target, body)
        except SlackError as error:
            raise AppFailed(explain(error)) from error


def explain(error: SlackError) -> str:
    """A refusal with its reasons, in one line."""
    messages_ = error.extra.get("response_metadata", {}).get("messages", [])
    return " ".join([error.code, *messages_])


def _invite(ws: "Workspace", user: User, channel: Channel, text: str) -> None:
    for name in text.split():
        messages.join(ws, channel, ws.user(name.strip("<@>").partition("|")[0]), user.id)


def _remove(ws: "Workspace", user: User, channel: Channel, text: str) -> None:
    if channel.is_im:
        raise SandboxError("Nobody can be removed from a direct conversation.")
    for name in text.split():
        messages.leave(ws, channel, ws.user(name.strip("<@>").partition("|")[0]), user.id)


def _me(ws: "Workspace", user: User, channel: Channel, text: str) -> None:
    if channel.is_archived or user.id not in channel.members or not text.strip():
        raise SandboxError("This can not be said here.")
    # Slack: reference/events/message/me_message
    messages.post(ws, channel, {"subtype": "me_message", "user": user.id, "text": typed_text.wire(ws, text)})


_BUILT_IN = {"/me": _me, "/invite": _invite, "/remove": _remove, "/kick": _remove}
"""Commands that Slack itself answers (Slack: help, built-in slash commands)."""


def _open_to(ws: "Workspace", user: User, channel_id: str) -> Channel:
    channel = ws.channel(channel_id)
    if not messages.may_see(channel, user.id):
        raise SandboxError(f"{user.real_name} cannot see that conversation.")
    return channel


def press(
    ws: "Workspace",
    user: User,
    spot: Spot,
    action_id: str,
    *,
    block_id: str | None = None,
    value: str | None = None,
    picked: Any = None,
    state: StateValues | None = None,
) -> None:
    """Press a button, pick from a menu, choose a date."""
    block, element = picking.find(spot.blocks, action_id, block_id, value)
    chosen = None
    if key_of(element["type"]) is not None:
        chosen = picking.value_of(ws, element, picked, lambda query: suggest(ws, user, spot, action_id, query))
    with ws.lock:
        if state:
            adopt(ws, user, spot, state)
        if chosen is not None:
            _values(ws, user, spot).setdefault(block["block_id"], {})[action_id] = chosen
        action = picking.action(element, block, ws.store.next_ts(ws.clock()), chosen, picked)
        payload = _actions(ws, user, spot, action)
    tell_app(ws, "interactive", payload)


def _actions(ws: "Workspace", user: User, spot: Spot, action: Json) -> Json:
    if spot.view is not None:
        return payloads.view_actions(ws, user, spot.view, action)
    channel, message = spot.in_message
    values = current_values(spot.blocks, _values(ws, user, spot))
    return payloads.message_actions(ws, user, channel, message, values, action)


def _values(ws: "Workspace", user: User, spot: Spot) -> StateValues:
    if spot.view is not None:
        return spot.view.values
    _channel, message = spot.in_message
    return ws.store.message_values.setdefault((user.id, message["ts"]), {})


def adopt(ws: "Workspace", user: User, spot: Spot, state: StateValues) -> None:
    """Take over what the page says was typed; what does not fit the blocks is left out."""
    values = _values(ws, user, spot)
    for block, element in stateful_elements(spot.blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        given = state.get(block_id, {}).get(action_id)
        if given is not None and given.get("type", element["type"]) == element["type"]:
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], **given}


def suggest(ws: "Workspace", user: User, spot: Spot, action_id: str, query: str) -> list[Json]:
    """The options an external select offers for what was typed, groups flattened."""
    body = suggestions(ws, user, spot, action_id, query)
    groups = [group["options"] for group in body.get("option_groups", [])]
    return [each for options in [body.get("options", []), *groups] for each in options]


def suggestions(ws: "Workspace", user: User, spot: Spot, action_id: str, query: str) -> Json:
    """The app's answer to a block_suggestion: {"options": […]} or {"option_groups": […]}."""
    block, element = picking.find(spot.blocks, action_id)
    if not element["type"].endswith("external_select"):
        raise SandboxError("Only an external select asks the app for its options.")
    if len(query) < element.get("min_query_length", 3) and query:
        return {"options": []}
    with ws.lock:
        where = payloads.in_view(spot.view) if spot.view else payloads.in_message(*spot.in_message)
        payload = payloads.suggestion(ws, user, where, block["block_id"], action_id, query)
    body = tell_app(ws, "interactive", payload).json() or {}
    if not isinstance(body.get("options", []), list) or len(body.get("options", [])) > 100:
        raise AppFailed("bad response to a suggestion: options must be a list of at most 100")
    return body


def shortcut(ws: "Workspace", user: User, callback_id: str, message_ts: str | None = None) -> None:
    """Use a shortcut: a global one, or one on a message."""
    known = ws.manifest.shortcut(callback_id)
    if known is None:
        raise SandboxError(f"There is no shortcut called {callback_id}.")
    if (known.get("type") == "message") != (message_ts is not None):
        raise SandboxError(f"The shortcut {callback_id} is of type {known.get('type')}.")
    with ws.lock:
        if message_ts is None:
            payload = payloads.shortcut(ws, user, callback_id)
        else:
            channel, message = _with_a_menu(ws, user, message_ts)
            payload = payloads.message_shortcut(ws, user, channel, message, callback_id)
    tell_app(ws, "interactive", payload)


def _with_a_menu(ws: "Workspace", user: User, ts: str) -> tuple[Channel, Json]:
    """A message with a ⋯ menu: not one that only its reader sees, nor what is left of a deleted one."""
    channel, message = in_message(ws, user, ts).in_message
    if message.get("is_ephemeral"):
        raise SandboxError("A message that only you can see has no menu with shortcuts.")
    if message.get("subtype") == "tombstone":
        raise SandboxError("This message is not there.")
    return channel, message


def open_home(ws: "Workspace", user: User) -> None:
    """Visit the app's Home tab."""
    with ws.lock:
        if not ws.manifest.home_tab:
            raise SandboxError("The app has no Home tab.")
        channel = ws.open_im(ws.bot_user_id, user.id)
        home = ws.store.views.get(ws.store.homes.get(user.id, ""))
        event = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
        events.emit(ws, event | ({"view": modals.with_state(home)} if home else {}))
    ws.background.wait_idle(3.5)


def say(
    ws: "Workspace",
    user: User,
    channel_id: str,
    text: str,
    thread_ts: str | None = None,
    files: list[Json] | None = None,
    broadcast: bool = False,
) -> Json:
    """Write a message, with `broadcast` a reply that is also sent to the channel."""
    with ws.lock:
        channel = _open_to(ws, user, channel_id)
        if channel.is_archived:
            raise SandboxError("This channel is archived.")
        if user.id not in channel.members:
            raise SandboxError(f"{user.real_name} is not in #{channel.name}.")
        if thread_ts is not None and thread_ts not in channel.messages:
            raise SandboxError("This thread is not there.")
        if not text.strip() and not files:
            raise SandboxError("There is nothing to send.")
        fields: Json = {"user": user.id, "text": typed_text.wire(ws, text), "client_msg_id": ws.store.next_id("")}
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


def edit(ws: "Workspace", user: User, ts: str, text: str) -> Json:
    """Change the words of one's own message. Raises SandboxError."""
    with ws.lock:
        channel, message = _own(ws, user, ts)
        if not text.strip():
            raise SandboxError("There is nothing to send.")
        edited = {"user": user.id, "ts": ws.store.next_ts(ws.clock())}
        changed = messages.change(ws, channel, ts, {**message, "text": typed_text.wire(ws, text), "edited": edited})
    ws.background.wait_idle(3.5)
    return changed


def delete(ws: "Workspace", user: User, ts: str) -> None:
    """Delete one's own message. Raises SandboxError."""
    with ws.lock:
        channel, _message = _own(ws, user, ts)
        messages.delete(ws, channel, ts)
    ws.background.wait_idle(3.5)


def _own(ws: "Workspace", user: User, ts: str) -> tuple[Channel, Json]:
    channel, message = in_message(ws, user, ts).in_message
    if message.get("is_ephemeral") or message.get("user") != user.id:
        raise SandboxError("Only its author can do that to a message.")
    if channel.is_archived:
        raise SandboxError("This channel is archived.")
    return channel, message


def react(ws: "Workspace", user: User, ts: str, name: str) -> None:
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


def join(ws: "Workspace", user: User, channel_id: str) -> None:
    """Join a public channel."""
    with ws.lock:
        channel = ws.channel(channel_id)
        if channel.is_private or channel.is_im or user.is_restricted:
            raise SandboxError("Somebody has to invite you to that conversation.")
        if channel.is_archived:
            raise SandboxError("This channel is archived.")
        messages.join(ws, channel, user)
    ws.background.wait_idle(3.5)


def leave(ws: "Workspace", user: User, channel_id: str) -> None:
    """Leave a channel."""
    with ws.lock:
        channel = _open_to(ws, user, channel_id)
        if channel.is_im:
            raise SandboxError("Nobody can leave a direct conversation.")
        messages.leave(ws, channel, user)
    ws.background.wait_idle(3.5)


def mark_read(ws: "Workspace", user: User, channel_id: str) -> None:
    """See a channel's messages to the last."""
    with ws.lock:
        channel = ws.channel(channel_id)
        if channel.top:
            ws.store.last_read.setdefault(user.id, {})[channel.id] = channel.top[-1]
            ws.changed({"type": "read", "channel": channel.id, "last_read": channel.top[-1]}, [user.id])
