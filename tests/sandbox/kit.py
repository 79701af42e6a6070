"""Small Block Kit pieces, a small picture, and the manifest that the tests' app has."""

import struct
import zlib
from typing import Any

from sandbox.world.values import Json

SCOPES = [
    "app_mentions:read",
    "chat:write",
    "commands",
    "users:read",
    "users:read.email",
    "users.profile:read",
    "channels:read",
    "channels:history",
    "channels:join",
    "groups:read",
    "groups:history",
    "im:read",
    "im:write",
    "im:history",
    "reactions:read",
    "reactions:write",
    "files:write",
    "files:read",
    "usergroups:read",
    "team:read",
    "pins:write",
]

EVENTS = [
    "app_home_opened",
    "app_mention",
    "message.channels",
    "message.im",
    "reaction_added",
    "reaction_removed",
    "member_joined_channel",
    "team_join",
    "user_change",
]

MANIFEST: Json = {
    "display_information": {"name": "Tester"},
    "features": {
        "bot_user": {"display_name": "tester"},
        "app_home": {"home_tab_enabled": True},
        "slash_commands": [
            {"command": "/hello", "description": "Says hello"},
            {"command": "/who", "description": "Names somebody", "should_escape": True},
        ],
        "shortcuts": [
            {"name": "Start", "type": "global", "callback_id": "start", "description": "Starts"},
            {"name": "Keep", "type": "message", "callback_id": "keep", "description": "Keeps"},
        ],
    },
    "oauth_config": {"scopes": {"bot": SCOPES}},
    "settings": {"event_subscriptions": {"bot_events": EVENTS}},
}


def plain(text: str = "Text", **more: Any) -> Json:
    return {"type": "plain_text", "text": text, **more}


def chosen(value: str = "a", text: str = "A") -> Json:
    """An option as Slack hands it back."""
    return {"text": plain(text, emoji=True), "value": value}


def mrkdwn(text: str = "Text") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "Text", **more: Any) -> Json:
    return {"type": "section", "text": mrkdwn(text), **more}


def button(text: str = "Press", action_id: str = "press", **more: Any) -> Json:
    return {"type": "button", "text": plain(text), "action_id": action_id, **more}


def actions(*elements: Json, **more: Any) -> Json:
    return {"type": "actions", "elements": list(elements), **more}


def option(value: str = "a", text: str = "A", **more: Any) -> Json:
    return {"text": plain(text), "value": value, **more}


def select(*options: Json, **more: Any) -> Json:
    return {"type": "static_select", "action_id": "pick", "options": list(options or [option()]), **more}


def typed(**more: Any) -> Json:
    return {"type": "plain_text_input", "action_id": "typed", **more}


def entry(element: Json | None = None, block_id: str = "entry", **more: Any) -> Json:
    return {"type": "input", "block_id": block_id, "label": plain("Label"), "element": element or typed(), **more}


def modal(*blocks: Json, **more: Any) -> Json:
    view = {
        "type": "modal",
        "callback_id": "form",
        "title": plain("Form"),
        "submit": plain("Send"),
        "blocks": list(blocks),
    }
    return {key: value for key, value in {**view, **more}.items() if value is not None}


def png() -> bytes:
    """The smallest picture: one dark pixel."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0\0")
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")
