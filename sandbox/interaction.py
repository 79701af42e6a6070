"""What a person does in Slack, from the press to the app's answer; the page and `Person` both act through here.

Every act may raise SandboxError (Slack's own client says no) or AppFailed (the app did not answer as it should).
"""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sandbox import client_checks, events, messages, modals, payloads, picking, response_urls, typed_text
from sandbox.blocks import input_ids
from sandbox.delivery import Request, Response
from sandbox.errors import AppFailed, SandboxError, SlackError
from sandbox.response_urls import ResponseUrl
from sandbox.state import current_values, key_of, stateful_elements
from sandbox.store import Channel, User, View
from sandbox.values import Json, StateValues

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


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
    open_views = [*ws.store.stacks.get(user.id, []), ws.store.homes.get(user.id, "")]
    if view_id not in open_views:
        raise SandboxError("This view is not open any more.")
    return Spot(view=ws.store.views[view_id])


def in_message(ws: "Workspace", user: User, ts: str) -> Spot:
    """A message that the person can see, ephemeral ones included. Raises SandboxError."""
    whisper = messages.whispered(ws, user.id, ts)
    if whisper is not None:
        return Spot(channel=ws.store.channels[whisper["channel"]], message=whisper)
    channel = ws.store.channels.get(ws.store.channel_of.get(ts, ""))
    if channel is None or ts not in channel.messages or not messages.may_see(channel, user.id):
        raise SandboxError("This message is not there.")
    return Spot(channel=channel, message=channel.messages[ts])


def _tell(ws: "Workspace", kind: str, payload: Json) -> Response:
    response = ws.app.deliver(Request(kind, json.dumps(payload)))
    if response.trouble is not None:
        raise AppFailed(response.trouble)
    return response


def run_command(ws: "Workspace", user: User, channel_id: str, name: str, text: str) -> None:
    """Type a slash command in a channel."""
    with ws.lock:
        channel = _open_to(ws, user, channel_id)
        if name == "/invite":
            _invite(ws, user, channel, text)
            return
        known = ws.manifest.command(name)
        if known is None:
            raise SandboxError(f"{name} is not a valid command.")
        text = typed_text.command_text(ws, text.strip(), escape=bool(known.get("should_escape")))
        payload = payloads.command(ws, user, channel, name, text)
    response = _tell(ws, "slash_commands", payload)
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
            raise AppFailed(_explain(error)) from error


def _explain(error: SlackError) -> str:
    messages_ = error.extra.get("response_metadata", {}).get("messages", [])
    return " ".join([error.code, *messages_])


def _invite(ws: "Workspace", user: User, channel: Channel, text: str) -> None:
    for name in text.split():
        messages.join(ws, channel, ws.user(name.strip("<@>").partition("|")[0]), user.id)


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
    _tell(ws, "interactive", payload)


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


def fill(ws: "Workspace", user: User, view: View, block_id: str, picked: Any) -> None:
    """Fill the one input of a block. Sends block_actions if the block says dispatch_action."""
    block = next((each for each in view.payload["blocks"] if each["block_id"] == block_id), None)
    found = [element for owner, element in stateful_elements([block] if block else []) if owner is block]
    if block is None or not found:
        there = [each["block_id"] for each, _element in stateful_elements(view.payload["blocks"])]
        raise SandboxError(f"There is no input called {block_id} here; there is {', '.join(there) or 'none'}.")
    element = found[0]
    if block.get("dispatch_action"):
        press(ws, user, Spot(view=view), element["action_id"], block_id=block_id, picked=picked)
        return
    spot = Spot(view=view)
    chosen = picking.value_of(ws, element, picked, lambda query: suggest(ws, user, spot, element["action_id"], query))
    with ws.lock:
        view.values.setdefault(block_id, {})[element["action_id"]] = chosen


def submit(ws: "Workspace", user: User, view_id: str, state: StateValues | None = None) -> dict[str, str]:
    """Send a form; the errors by block_id, none when it was accepted."""
    with ws.lock:
        spot = in_view(ws, user, view_id)
        view = spot.view
        if view is None or view_id != ws.store.stacks[user.id][-1]:
            raise SandboxError("Another view lies on top of this one.")
        if view.payload["submit"] is None:
            raise SandboxError("This view has nothing to submit.")
        if state:
            adopt(ws, user, spot, state)
        values = current_values(view.payload["blocks"], view.values)
        view.errors = client_checks.errors(view.payload["blocks"], values)
        if view.errors:
            modals.tell(ws, user.id)
            return view.errors
        payload = payloads.submission(ws, user, view)
    response = _tell(ws, "interactive", payload)
    with ws.lock:
        return _after_submission(ws, user, view, response)


def _after_submission(ws: "Workspace", user: User, view: View, response: Response) -> dict[str, str]:
    body = response.json()
    if body is None and response.body.strip() not in ("", "{}"):
        raise AppFailed(f"bad response to a submission: {response.body[:100]}")
    stack = ws.store.stacks.get(user.id, [])
    place = stack.index(view.id) if view.id in stack else None
    if not body:
        if place is not None:
            modals.close(ws, user.id, keep=place)
        return {}
    try:
        return _respond(ws, user, view, place, body)
    except SlackError as error:
        raise AppFailed(f"bad response to a submission: {_explain(error)}") from error


def _respond(ws: "Workspace", user: User, view: View, place: int | None, body: Json) -> dict[str, str]:
    action = body.get("response_action")
    if action == "errors":
        return _show_errors(ws, user, view, body.get("errors"))
    if action == "clear":
        modals.close(ws, user.id, keep=0)
    elif action in ("update", "push"):
        checked = modals.checked(body.get("view"))
        if place is None:
            raise SlackError("not_found")
        if action == "update":
            modals.replace(ws, view, checked)
        else:
            modals.push(ws, user.id, checked)
    else:
        raise AppFailed(f"bad response to a submission: response_action {action}")
    return {}


def _show_errors(ws: "Workspace", user: User, view: View, errors: Any) -> dict[str, str]:
    if not isinstance(errors, dict) or not errors:
        raise AppFailed("bad response to a submission: errors must name at least one block")
    wrong = set(errors) - input_ids(view.payload)
    if wrong:
        raise AppFailed(f"bad response to a submission: no input block called {', '.join(sorted(wrong))}")
    if not all(isinstance(each, str) and each for each in errors.values()):
        raise AppFailed("bad response to a submission: every error must be a text")
    view.errors = errors
    modals.tell(ws, user.id)
    return errors


def close(ws: "Workspace", user: User, view_id: str, *, everything: bool = False) -> None:
    """Close a view, or all of them; the app hears of those with notify_on_close."""
    with ws.lock:
        stack = ws.store.stacks.get(user.id, [])
        if view_id not in stack:
            raise SandboxError("This view is not open any more.")
        place = stack.index(view_id)
        views = modals.stack(ws, user.id)
        everything = everything or bool(views[place].payload["clear_on_close"])
        gone = views if everything else views[place:]
        told = [
            payloads.closed(ws, user, view, cleared=everything)
            for view in reversed(gone)
            if view.payload["notify_on_close"]
        ]
        modals.close(ws, user.id, keep=0 if everything else place)
    for payload in told:
        _tell(ws, "interactive", payload)


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
    body = _tell(ws, "interactive", payload).json() or {}
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
            channel, message = in_message(ws, user, message_ts).in_message
            payload = payloads.message_shortcut(ws, user, channel, message, callback_id)
    _tell(ws, "interactive", payload)


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
) -> Json:
    """Write a message."""
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
        message = messages.post(ws, channel, fields)
        mark_read(ws, user, channel.id)
    ws.background.wait_idle(3.5)
    return message


def react(ws: "Workspace", user: User, ts: str, name: str) -> None:
    """Add a reaction, or take one's own back."""
    with ws.lock:
        channel, message = in_message(ws, user, ts).in_message
        if message.get("is_ephemeral"):
            raise SandboxError("Nobody can react to a message that only they can see.")
        name = name.strip(":")
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
