"""The Slack app manifest, made from what the app really listens to."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.web import SlackResponse

from bot.serving.web import EVENTS_PATH
from handlers.features import Command, Feature

# Every scope, with the calls and events that need it. `prickle doctor` holds the token against these.
SCOPES = {
    "app_mentions:read": "to hear of a mention: people reach out by mentioning Prickle with one line, and in a thread, where "
    "Slack takes no commands, that is the only way",
    "channels:history": "to hear of messages in the intake channel, to find those that Prickle missed, and to see whether a "
    "message was posted before the connection broke: conversations.history and .replies",
    "channels:join": "to join a team's channel and the intake channel without an invitation: conversations.join",
    "channels:read": "to know whether a channel is archived or shared with another company, and who is in it: "
    "conversations.info and .members, and the events of channels",
    "chat:write": "to post and edit: chat.postMessage and chat.update",
    "commands": "to offer slash commands and shortcuts",
    "files:write": "to post a team's trends and a desk's capacity as pictures: files.getUploadURLExternal and .completeUploadExternal",
    "im:history": "to see whether a message was posted in a DM before the connection broke: conversations.history",
    "im:write": "to open a DM with somebody: conversations.open",
    "pins:write": "to pin in the intake channel how to reach out and who has triage: pins.add and .remove",
    "reactions:read": "to hear of an emoji on a message: one makes it a note for a team's retro, another one a request",
    "usergroups:read": "to know who answers at a desk, if it has a user group: usergroups.list and .users.list",
    "users:read": "to know who is who, and who is new or gone: users.list, and the events of accounts",
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
