"""The Events API: what the app subscribed to, delivered at least once."""

import json

from sandbox.world.core import Core
from sandbox.world.handed_back import handed_back
from sandbox.world.shapes import Request, Response
from sandbox.world.store import Channel
from sandbox.world.values import Json

SCOPES: dict[str, tuple[str, ...]] = {
    "app_mention": ("app_mentions:read",),
    "channel_archive": ("channels:read",),
    "channel_deleted": ("channels:read",),
    "channel_left": ("channels:read",),
    "channel_rename": ("channels:read",),
    "channel_shared": ("channels:read", "groups:read"),
    "channel_unarchive": ("channels:read",),
    "channel_unshared": ("channels:read", "groups:read"),
    "group_archive": ("groups:read",),
    "group_left": ("groups:read",),
    "group_rename": ("groups:read",),
    "group_unarchive": ("groups:read",),
    "member_joined_channel": ("channels:read", "groups:read"),
    "member_left_channel": ("channels:read", "groups:read"),
    "message.channels": ("channels:history",),
    "message.groups": ("groups:history",),
    "message.im": ("im:history",),
    "message.mpim": ("mpim:history",),
    "reaction_added": ("reactions:read",),
    "reaction_removed": ("reactions:read",),
    "team_join": ("users:read",),
    "user_change": ("users:read",),
}
"""Of which the app needs one, for each subscription (Slack: reference/events, "Required scopes" on each page)."""

_REASONS = {"operation_timeout": "http_timeout", "dispatch_failed": "http_error"}


def emit(ws: Core, event: Json, subscription: str | None = None) -> None:
    """Queue an event for the app, if its manifest subscribes to it (under `subscription`, or its type) and has the scope.

    Call under the workspace's lock: the payload is written down at once, and delivered by the background thread.
    """
    name = subscription or event["type"]
    if name not in ws.manifest.events or ws.manifest.lacks(SCOPES.get(name, ())):
        return
    payload = json.dumps(_callback(ws, event))
    again = ws.faults.draw(name, event, kind="duplicate_event") is not None
    for _ in range(2 if again else 1):
        ws.background.later(0, lambda: deliver(ws, Request("events_api", payload)))


def about_channel(ws: Core, channel: Channel, what: str, details: Json) -> None:
    """Tell of a channel: channel_archive…, or group_archive… for a private one.

    Everybody hears of public channels, and members of private ones (Slack: reference/events/channel_archive, group_archive).
    """
    if channel.is_private and ws.bot_user_id not in channel.members:
        return
    family = "group" if channel.is_private else "channel"
    emit(ws, {"type": f"{family}_{what}", "channel": channel.id, **details})


def deliver(ws: Core, request: Request) -> Response:
    """Deliver one event; a failure is tried again after `ws.retry_delays`, with the retry headers."""
    response = ws.app.deliver(request)
    if response.trouble is not None and request.retry < len(ws.retry_delays):
        reason = _REASONS.get(response.trouble, "http_error")
        again = Request(request.kind, request.payload, request.retry + 1, reason)
        ws.background.later(ws.retry_delays[request.retry], lambda: deliver(ws, again))
    return response


def _callback(ws: Core, event: Json) -> Json:
    """The envelope of every event (Slack: reference/objects/event-object)."""
    now = ws.clock()
    return {
        "token": ws.verification_token,
        "team_id": ws.team_id,
        "context_team_id": ws.team_id,
        "context_enterprise_id": None,
        "api_app_id": ws.app_id,
        "event": {**handed_back(event), "event_ts": event.get("event_ts") or ws.store.next_ts(now)},
        "type": "event_callback",
        "event_id": ws.store.next_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": ws.team_id,
                "user_id": ws.bot_user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{ws.store.counter:x}",
    }
