"""The exact shapes Slack sends (Slack: reference/interaction-payloads)."""

from sandbox.app.response_urls import issue
from sandbox.world import messages, modals
from sandbox.world.core import Core
from sandbox.world.handed_back import handed_back
from sandbox.world.modals import with_state
from sandbox.world.store import Channel, User, View
from sandbox.world.values import Json, StateValues


def _common(ws: Core, user: User) -> Json:
    return {
        "team": {"id": ws.team_id, "domain": ws.team_domain},
        "user": {"id": user.id, "username": user.handle, "name": user.handle, "team_id": user.team_id or ws.team_id},
        "api_app_id": ws.app_id,
        "token": ws.verification_token,
        "enterprise": None,
        "is_enterprise_install": False,
    }


def channel_name(channel: Channel) -> str:
    """The name Slack puts into payloads: private conversations have none of their own."""
    if channel.is_im:
        return "directmessage"
    if channel.is_mpim:
        return channel.name
    return "privategroup" if channel.is_private else channel.name


def _place(channel: Channel) -> Json:
    return {"id": channel.id, "name": channel_name(channel)}


def _message(ws: Core, message: Json) -> Json:
    """A message as payloads carry it: with its metadata now and then, so that nothing can depend on it."""
    found: Json = handed_back(messages.shown(message, metadata=next(ws.with_metadata)))
    return found


def command(ws: Core, user: User, channel: Channel, name: str, text: str) -> Json:
    """A slash command's form fields (Slack: interactivity/implementing-slash-commands)."""
    return {
        "token": ws.verification_token,
        "team_id": ws.team_id,
        "team_domain": ws.team_domain,
        "channel_id": channel.id,
        "channel_name": channel_name(channel),
        "user_id": user.id,
        "user_name": user.handle,
        "command": name,
        "text": text,
        "api_app_id": ws.app_id,
        "is_enterprise_install": "false",
        "response_url": issue(ws, user.id, channel.id),
        "trigger_id": modals.new_trigger(ws, user.id, from_modal=False),
    }


def view_actions(ws: Core, user: User, view: View, action: Json) -> Json:
    """block_actions from a modal or the Home tab."""
    is_modal = view.payload["type"] == "modal"
    shown = handed_back(with_state(view))
    return {
        "type": "block_actions",
        **_common(ws, user),
        "container": {"type": "view", "view_id": view.id},
        "trigger_id": modals.new_trigger(ws, user.id, from_modal=is_modal),
        "view": shown,
        "state": shown["state"],
        "actions": [handed_back(action)],
    }


def message_actions(ws: Core, user: User, channel: Channel, message: Json, values: StateValues, action: Json) -> Json:
    """block_actions from a message."""
    ephemeral = bool(message.get("is_ephemeral"))
    thread_ts = message.get("thread_ts")
    payload = {
        "type": "block_actions",
        **_common(ws, user),
        "container": {
            "type": "message",
            "message_ts": message["ts"],
            "channel_id": channel.id,
            "is_ephemeral": ephemeral,
            **({"thread_ts": thread_ts} if thread_ts else {}),
        },
        "trigger_id": modals.new_trigger(ws, user.id, from_modal=False),
        "channel": _place(channel),
        "message": _message(ws, message),
        "state": {"values": handed_back(values)},
        "response_url": issue(ws, user.id, channel.id, message["ts"], thread_ts),
        "actions": [handed_back(action)],
    }
    if ephemeral:
        # Slack does not send the content of an ephemeral message back.
        del payload["message"]
    return payload


def submission(ws: Core, user: User, view: View) -> Json:
    """view_submission."""
    return {
        "type": "view_submission",
        **_common(ws, user),
        "trigger_id": modals.new_trigger(ws, user.id, from_modal=True),
        "view": handed_back(with_state(view)),
        "response_urls": _response_urls(ws, user, view),
    }


def _response_urls(ws: Core, user: User, view: View) -> list[Json]:
    shown = with_state(view)["state"]["values"]
    found: list[Json] = []
    for block in view.payload["blocks"]:
        element = block.get("element") or {}
        if not element.get("response_url_enabled"):
            continue
        value = shown[block["block_id"]][element["action_id"]]
        channel_id = value.get("selected_channel") or value.get("selected_conversation")
        if channel_id:
            found.append(
                {
                    "block_id": block["block_id"],
                    "action_id": element["action_id"],
                    "channel_id": channel_id,
                    "response_url": issue(ws, user.id, channel_id),
                }
            )
    return found


def closed(ws: Core, user: User, view: View, *, cleared: bool) -> Json:
    """view_closed."""
    return {"type": "view_closed", **_common(ws, user), "view": handed_back(with_state(view)), "is_cleared": cleared}


def suggestion(ws: Core, user: User, where: Json, block_id: str, action_id: str, value: str) -> Json:
    """block_suggestion; `where` says from which view or message."""
    asked = {"action_id": action_id, "block_id": block_id, "value": value}
    return {"type": "block_suggestion", **_common(ws, user), **where, **asked}


def in_view(view: View) -> Json:
    """Where a suggestion is asked for: a view."""
    return {"container": {"type": "view", "view_id": view.id}, "view": handed_back(with_state(view))}


def in_message(ws: Core, channel: Channel, message: Json) -> Json:
    """Where a suggestion is asked for: a message."""
    container = {
        "type": "message",
        "message_ts": message["ts"],
        "channel_id": channel.id,
        "is_ephemeral": bool(message.get("is_ephemeral")),
    }
    return {"container": container, "channel": _place(channel), "message": _message(ws, message)}


def shortcut(ws: Core, user: User, callback_id: str) -> Json:
    """A global shortcut: it knows no channel."""
    return {
        "type": "shortcut",
        **_common(ws, user),
        "action_ts": ws.store.next_ts(ws.clock()),
        "callback_id": callback_id,
        "trigger_id": modals.new_trigger(ws, user.id, from_modal=False),
    }


def message_shortcut(ws: Core, user: User, channel: Channel, message: Json, callback_id: str) -> Json:
    """A message shortcut."""
    return {
        "type": "message_action",
        **_common(ws, user),
        "action_ts": ws.store.next_ts(ws.clock()),
        "callback_id": callback_id,
        "trigger_id": modals.new_trigger(ws, user.id, from_modal=False),
        "channel": _place(channel),
        "message_ts": message["ts"],
        "message": _message(ws, message),
        "response_url": issue(ws, user.id, channel.id, message["ts"], message.get("thread_ts")),
    }
