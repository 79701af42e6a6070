"""How fast the app may call, in buckets that fill again with time (Slack: apis/web-api/rate-limits)."""

import math
from dataclasses import dataclass

from sandbox.world.core import Core
from sandbox.world.values import Json

CHANNEL_BURST = 4
"""Messages that a channel takes at once before one a second is enforced; Slack says "short bursts" without a number."""
WORKSPACE_BURST = 10
"""The same for all channels together, and for edits; no page of Slack names a number."""
CONNECTION_BURST = 10
"""An app may open all its connections at once; no page of Slack says how fast."""

A_MINUTE = {1: 1, 2: 20, 3: 50, 4: 100}
"""Calls a minute that Slack promises to take, by tier."""
TIERS = {
    "apps.connections.open": 1,
    "bots.info": 3,
    "chat.delete": 3,
    "chat.getPermalink": 4,
    "chat.postEphemeral": 4,
    "conversations.history": 3,
    "conversations.info": 3,
    "conversations.join": 3,
    "conversations.leave": 3,
    "conversations.list": 2,
    "conversations.members": 4,
    "conversations.open": 3,
    "conversations.replies": 3,
    "conversations.setTopic": 2,
    "files.completeUploadExternal": 4,
    "files.getUploadURLExternal": 4,
    "files.info": 4,
    "pins.add": 2,
    "pins.remove": 2,
    "reactions.add": 3,
    "reactions.remove": 2,
    "team.info": 3,
    "usergroups.list": 2,
    "usergroups.users.list": 2,
    "users.conversations": 3,
    "users.info": 4,
    "users.list": 2,
    "users.lookupByEmail": 3,
    "users.profile.get": 4,
    "views.open": 4,
    "views.publish": 4,
    "views.push": 4,
    "views.update": 4,
}
"""Slack: "Rate limits" on each method's page. auth.test has a tier of its own, hundreds a minute."""

ROUNDING = 0.00001
"""Seconds by which sums of fractions of a second miss the second."""


@dataclass(frozen=True)
class Bucket:
    """`burst` calls at once, and one more every `seconds`."""

    name: str
    seconds: float
    burst: int

    def wait(self, ws: Core, now: float) -> float:
        """Seconds until the next call is due; 0 or less when it is now."""
        return self._booked(ws, now) - now

    def take(self, ws: Core, now: float) -> None:
        """Count a call."""
        ws.booked[self.name] = self._booked(ws, now) + self.seconds

    def _booked(self, ws: Core, now: float) -> float:
        return max(ws.booked.get(self.name, 0.0), now - (self.burst - 1) * self.seconds)


def too_fast(ws: Core, method: str, args: Json) -> int:
    """Whole seconds to wait before the call may come again, 0 when it may be done now; then it is counted."""
    if not ws.enforce_rate_limits:
        return 0
    now, buckets = ws.clock(), _buckets(ws, method, args)
    longest = max((bucket.wait(ws, now) for bucket in buckets), default=0.0)
    if longest > ROUNDING:
        return max(1, math.ceil(longest - ROUNDING))
    for bucket in buckets:
        bucket.take(ws, now)
    return 0


def _buckets(ws: Core, method: str, args: Json) -> list[Bucket]:
    if method == "chat.postMessage":
        channel = Bucket(f"channel {args.get('channel')}", 1.0, CHANNEL_BURST)
        return [channel, Bucket("messages", 60 / ws.messages_a_minute, WORKSPACE_BURST)]
    if method == "chat.update":
        return [Bucket("edits", 60 / ws.edits_a_minute, WORKSPACE_BURST)]
    tier = TIERS.get(method)
    if tier is None:
        return []
    return [Bucket(method, 60 / A_MINUTE[tier], CONNECTION_BURST if tier == 1 else A_MINUTE[tier])]
