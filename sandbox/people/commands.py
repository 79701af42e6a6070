"""Typing a slash command: the app's, or one that Slack itself answers."""

from sandbox.app import payloads, response_urls
from sandbox.people import typed_text
from sandbox.people.interaction import explain, open_to, tell_app
from sandbox.world import messages
from sandbox.world.core import Core
from sandbox.world.errors import AppFailed, SandboxError, SlackError
from sandbox.world.shapes import ResponseUrl
from sandbox.world.store import Channel, User
from sandbox.world.values import Json


def run_command(ws: Core, user: User, channel_id: str, name: str, text: str) -> None:
    """Type a slash command in a channel."""
    with ws.lock:
        channel = open_to(ws, user, channel_id)
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


def _take_answer(ws: Core, target: ResponseUrl, body: Json) -> None:
    with ws.lock:
        try:
            response_urls.answer(ws, target, body)
        except SlackError as error:
            raise AppFailed(explain(error)) from error


def _invite(ws: Core, user: User, channel: Channel, text: str) -> None:
    for name in text.split():
        messages.join(ws, channel, ws.user(name.strip("<@>").partition("|")[0]), user.id)


def _remove(ws: Core, user: User, channel: Channel, text: str) -> None:
    if channel.is_im:
        raise SandboxError("Nobody can be removed from a direct conversation.")
    for name in text.split():
        messages.leave(ws, channel, ws.user(name.strip("<@>").partition("|")[0]), user.id)


def _me(ws: Core, user: User, channel: Channel, text: str) -> None:
    if channel.is_archived or user.id not in channel.members or not text.strip():
        raise SandboxError("This can not be said here.")
    # Slack: reference/events/message/me_message
    messages.post(ws, channel, {"subtype": "me_message", "user": user.id, "text": typed_text.wire(ws, text)})


_BUILT_IN = {"/me": _me, "/invite": _invite, "/remove": _remove, "/kick": _remove}
"""Commands that Slack itself answers (Slack: help, built-in slash commands)."""
