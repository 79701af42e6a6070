"""The workspace as one person's page sees it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from sandbox.world import messages, modals
from sandbox.world.errors import SandboxError
from sandbox.world.store import Channel, User
from sandbox.world.values import Json

if TYPE_CHECKING:
    from sandbox.workspace import Workspace


def state(ws: "Workspace", user_id: str | None, page: str = "", roles: Mapping[str, str] | None = None) -> Json:
    """Everything the page needs to draw itself; without a person, the people only. `roles` are words about them by id."""
    users = [{**user_json(user), "role": (roles or {}).get(user.id, "")} for user in ws.store.users.values()]
    if not user_id:
        return {"users": users, "now": ws.clock()}
    user = ws.user(user_id)
    home = ws.store.views.get(ws.store.homes.get(user.id, ""))
    return {
        "me": user_json(user),
        "users": users,
        "channels": [channel_json(ws, user, each) for each in _listed(ws, user)],
        "app": app_json(ws),
        "modal": modals.shown(ws, modals.screen_of(user.id, page)),
        "home": modals.with_state(home) if home else None,
        "now": ws.clock(),
    }


def user_json(user: User) -> Json:
    """Somebody, as the page shows them."""
    keys = (
        "id",
        "name",
        "real_name",
        "display_name",
        "handle",
        "tz",
        "is_admin",
        "is_bot",
        "is_restricted",
        "deleted",
        "color",
        "title",
    )
    return {key: getattr(user, key) for key in (*keys, "status_emoji", "status_text", "status_expiration")}


def app_json(ws: "Workspace") -> Json:
    """The app, as the page offers it."""
    return {
        "user_id": ws.bot_user_id,
        "bot_id": ws.bot_id,
        "app_id": ws.app_id,
        "name": ws.manifest.name,
        "home_tab": ws.manifest.home_tab,
        "connected": ws.app.connected,
        "commands": [
            {
                "command": each["command"],
                "description": each.get("description", ""),
                "usage_hint": each.get("usage_hint", ""),
            }
            for each in ws.manifest.commands
        ],
        "shortcuts": [
            {key: each.get(key, "") for key in ("name", "type", "callback_id", "description")}
            for each in ws.manifest.shortcuts
        ],
    }


def _listed(ws: "Workspace", user: User) -> list[Channel]:
    """A guest sees no more than they are in (Slack: help, guest roles)."""
    found = ws.store.channels_of(user.id) if user.is_restricted else ws.store.channels.values()
    return [each for each in found if messages.may_see(each, user.id)]


def channel_json(ws: "Workspace", user: User, channel: Channel) -> Json:
    """A conversation in the person's sidebar."""
    last_read = ws.store.last_read.get(user.id, {}).get(channel.id, "0")
    is_member = user.id in channel.members
    other = next((each for each in channel.members if each != user.id), user.id) if channel.is_im else None
    return {
        "id": channel.id,
        "name": channel.name if other is None else ws.store.users[other].shown,
        "is_im": channel.is_im,
        "is_private": channel.is_private,
        "user": other,
        "topic": channel.topic,
        "is_member": is_member,
        "is_archived": channel.is_archived,
        "num_members": len(channel.members),
        "unread": channel.unread(user.id, last_read) if is_member else 0,
        "last_read": last_read,
        "latest": channel.top[-1] if channel.top else None,
    }


def channel_messages(ws: "Workspace", user_id: str, channel_id: str, thread_ts: str | None) -> Json:
    """A channel's messages or a thread's, oldest first, with what only this person sees in its place."""
    user, channel = ws.user(user_id), ws.channel(channel_id)
    if not messages.may_see(channel, user.id):
        raise SandboxError(f"{user.shown} cannot see that conversation.")
    stamps = channel.top if not thread_ts else [thread_ts, *channel.replies.get(thread_ts, [])]
    found = [channel.messages[ts] for ts in stamps if ts in channel.messages]
    whispers = [
        each
        for each in ws.store.ephemerals.get(user.id, [])
        if each["channel"] == channel.id and each.get("thread_ts") == (thread_ts or None)
    ]
    return {"messages": sorted(found + whispers, key=lambda each: str(each["ts"]))}
