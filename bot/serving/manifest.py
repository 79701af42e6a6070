"""The Slack app manifest, made from what the app really listens to."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.web import SlackResponse

from bot.serving.web import EVENTS_PATH
from handlers.features import Command, Feature

# Every scope, with the calls and events that need it. `prickle doctor` holds the token against these.
SCOPES = {
    "app_mentions:read": "to hear of a mention: people who mention Prickle with a line of what they want reach out, and in a "
    "thread that is the only way",
    "channels:history": "to hear of messages in the intake channel, and to see whether one was missed, or posted before the "
    "connection broke: conversations.history and .replies",
    "channels:join": "a team's public channel needs no invitation, nor does the intake channel: conversations.join",
    "channels:read": "is a channel archived, or shared with another company? Who is in it? Was Prickle removed from it? "
    "conversations.info and .members, and the events of channels",
    "chat:write": "to post and edit: chat.postMessage and chat.update",
    "commands": "slash commands and shortcuts",
    "files:write": "a team's trends and a desk's capacity are pictures: files.getUploadURLExternal and .completeUploadExternal",
    "im:history": "to see whether a message was posted in a DM before the connection broke: conversations.history",
    "im:write": "to open a DM with somebody: conversations.open",
    "pins:write": "how to reach out, and who has triage, is pinned in the intake channel: pins.add and .remove",
    "reactions:read": "to hear of an emoji on a message: a team's own makes it a note for the retro, the company's a request",
    "usergroups:read": "the members of a user group answer at a desk: usergroups.list and .users.list",
    "users:read": "who is who, and who is new or gone: users.list, and the events that an account is new or changed",
}


def missing_scopes(identity: SlackResponse) -> list[str]:
    """The scopes that the app was not given, by what Slack answered to auth.test; none when it did not say."""
    headers = {name.lower(): value for name, value in identity.headers.items()}
    granted = {scope.strip() for scope in headers.get("x-oauth-scopes", ",".join(SCOPES)).split(",")}
    return sorted(set(SCOPES) - granted)


def without_scopes(missing: Sequence[str]) -> str:
    """What it means that these are missing, and what to do."""
    return f"The app lacks {', '.join(missing)}. Paste `prickle manifest` under App Manifest, then reinstall the app."


def manifest(
    commands: Sequence[Command], features: Sequence[Feature], *, public_url: str | None = None
) -> dict[str, Any]:
    """The manifest to paste at "Create an app". Without `public_url` it turns Socket Mode on."""
    address = {"request_url": f"{public_url.rstrip('/')}{EVENTS_PATH}"} if public_url else {}
    events = sorted({event for feature in features for event in feature.events})
    return {
        "display_information": {
            "name": "Prickle",
            "description": "Keeps small teams in rhythm: sprint planning, in the open.",
            "background_color": "#4a3b2a",
        },
        "features": {
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": True,
            },
            "bot_user": {"display_name": "Prickle", "always_online": True},
            "shortcuts": [
                {
                    "name": shortcut.name,
                    "type": shortcut.kind,
                    "callback_id": shortcut.callback_id,
                    "description": shortcut.description,
                }
                for feature in features
                for shortcut in feature.shortcuts
            ],
            "slash_commands": [
                {
                    "command": command.name,
                    "description": command.description,
                    "usage_hint": command.usage,
                    "should_escape": False,
                    **({"url": address["request_url"]} if address else {}),
                }
                for command in commands
            ],
        },
        "oauth_config": {"scopes": {"bot": sorted(SCOPES)}},
        "settings": {
            "event_subscriptions": {**address, "bot_events": events},
            "interactivity": {
                "is_enabled": True,
                **address,
                **({"message_menu_options_url": address["request_url"]} if address else {}),
            },
            "org_deploy_enabled": False,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": False,
        },
    }
