"""What a person does in Slack, from the press to the app's answer; the page and `Person` both act through here.

Every act may raise SandboxError (Slack's own client says no) or AppFailed (the app did not answer as it should).
"""

import json
from dataclasses import dataclass
from typing import Any

from sandbox.app import payloads
from sandbox.people import picking
from sandbox.world import events, messages, modals
from sandbox.world.core import Core
from sandbox.world.errors import AppFailed, SandboxError, SlackError
from sandbox.world.shapes import Request, Response
from sandbox.world.state import current_values, key_of, stateful_elements
from sandbox.world.store import Channel, User, View
from sandbox.world.values import Json, StateValues


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


def in_view(ws: Core, user: User, view_id: str) -> Spot:
    """One of the person's open views, or their Home tab. Raises SandboxError."""
    view = ws.store.views.get(view_id)
    if view is None or view.user_id != user.id:
        raise SandboxError("This view is not open any more.")
    return Spot(view=view)


def in_message(ws: Core, user: User, ts: str) -> Spot:
    """A message that the person can see, ephemeral ones included. Raises SandboxError."""
    whisper = messages.whispered(ws, user.id, ts)
    if whisper is not None:
        return Spot(channel=ws.store.channels[whisper["channel"]], message=whisper)
    channel = ws.store.channels.get(ws.store.channel_of.get(ts, ""))
    if channel is None or ts not in channel.messages or not messages.may_see(channel, user.id):
        raise SandboxError("This message is not there.")
    return Spot(channel=channel, message=channel.messages[ts])


def tell_app(ws: Core, kind: str, payload: Json) -> Response:
    """Deliver an interaction and wait for the answer. Raises AppFailed."""
    response = ws.app.deliver(Request(kind, json.dumps(payload)))
    if response.trouble is not None:
        raise AppFailed(response.trouble)
    return response


def open_to(ws: Core, user: User, channel_id: str) -> Channel:
    """A conversation that the person can see. Raises SandboxError."""
    channel = ws.channel(channel_id)
    if not messages.may_see(channel, user.id):
        raise SandboxError(f"{user.shown} cannot see that conversation.")
    return channel


def explain(error: SlackError) -> str:
    """A refusal with its reasons, in one line."""
    messages_ = error.extra.get("response_metadata", {}).get("messages", [])
    return " ".join([error.code, *messages_])


def press(
    ws: Core,
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


def _actions(ws: Core, user: User, spot: Spot, action: Json) -> Json:
    if spot.view is not None:
        return payloads.view_actions(ws, user, spot.view, action)
    channel, message = spot.in_message
    values = current_values(spot.blocks, _values(ws, user, spot))
    return payloads.message_actions(ws, user, channel, message, values, action)


def _values(ws: Core, user: User, spot: Spot) -> StateValues:
    if spot.view is not None:
        return spot.view.values
    _channel, message = spot.in_message
    return ws.store.message_values.setdefault((user.id, message["ts"]), {})


def adopt(ws: Core, user: User, spot: Spot, state: StateValues) -> None:
    """Take over what the page says was typed; what does not fit the blocks is left out."""
    values = _values(ws, user, spot)
    for block, element in stateful_elements(spot.blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        given = state.get(block_id, {}).get(action_id)
        if given is not None and given.get("type", element["type"]) == element["type"]:
            values.setdefault(block_id, {})[action_id] = {"type": element["type"], **given}


def suggest(ws: Core, user: User, spot: Spot, action_id: str, query: str) -> list[Json]:
    """The options an external select offers for what was typed, groups flattened."""
    body = suggestions(ws, user, spot, action_id, query)
    groups = [group["options"] for group in body.get("option_groups", [])]
    return [each for options in [body.get("options", []), *groups] for each in options]


def suggestions(ws: Core, user: User, spot: Spot, action_id: str, query: str) -> Json:
    """The app's answer to a block_suggestion: {"options": […]} or {"option_groups": […]}."""
    block, element = picking.find(spot.blocks, action_id)
    if not element["type"].endswith("external_select"):
        raise SandboxError("Only an external select asks the app for its options.")
    if len(query) < element.get("min_query_length", 3) and query:
        return {"options": []}
    with ws.lock:
        where = payloads.in_view(spot.view) if spot.view else payloads.in_message(ws, *spot.in_message)
        payload = payloads.suggestion(ws, user, where, block["block_id"], action_id, query)
    body = tell_app(ws, "interactive", payload).json() or {}
    if not isinstance(body.get("options", []), list) or len(body.get("options", [])) > 100:
        raise AppFailed("bad response to a suggestion: options must be a list of at most 100")
    return body


def shortcut(ws: Core, user: User, callback_id: str, message_ts: str | None = None) -> None:
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


def _with_a_menu(ws: Core, user: User, ts: str) -> tuple[Channel, Json]:
    """A message with a ⋯ menu: not one that only its reader sees, nor what is left of a deleted one."""
    channel, message = in_message(ws, user, ts).in_message
    if message.get("is_ephemeral"):
        raise SandboxError("A message that only you can see has no menu with shortcuts.")
    if message.get("subtype") == "tombstone":
        raise SandboxError("This message is not there.")
    return channel, message


def open_home(ws: Core, user: User) -> None:
    """Visit the app's Home tab."""
    with ws.lock:
        if not ws.manifest.home_tab:
            raise SandboxError("The app has no Home tab.")
        channel = ws.open_im(ws.bot_user_id, user.id)
        home = ws.store.views.get(ws.store.homes.get(user.id, ""))
        event = {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "home"}
        events.emit(ws, event | ({"view": modals.with_state(home)} if home else {}))
    ws.background.wait_idle(3.5)


def open_messages(ws: Core, user: User) -> None:
    """Visit the app's Messages tab: the same event, of another tab and without a view."""
    with ws.lock:
        channel = ws.open_im(ws.bot_user_id, user.id)
        events.emit(ws, {"type": "app_home_opened", "user": user.id, "channel": channel.id, "tab": "messages"})
    ws.background.wait_idle(3.5)
