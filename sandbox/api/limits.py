"""How fast the app may call, in buckets that fill again with time (Slack: apis/web-api/rate-limits)."""

import math
from dataclasses import dataclass

from sandbox.world.core import Core
from sandbox.world.values import Json

CHANNEL_BURST = 4
"""Messages that a channel takes at once before one a second is enforced; Slack says "short bursts" without a number."""
WORKSPACE_BURST = 10
"""The same for all channels together, and for edits; no page of Slack names a number."""

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
    return []
