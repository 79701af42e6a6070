"""Misbehaviour on request: the limits, lost replies and crashes that Slack has on a bad day."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from sandbox.world.values import Json

KINDS = ("ratelimited", "lost_reply", "slow", "server_error", "error", "duplicate_event", "unprocessed_file")
_ASKED_FOR = ("duplicate_event", "unprocessed_file")
"""Kinds that strike no call, but something else, for which they are drawn by name."""


@dataclass
class Fault:
    """One kind of trouble, for one method (or all), for a number of times (or always)."""

    kind: str
    method: str | None = None
    channel: str | None = None
    times: int | None = 1
    retry_after: int = 1
    seconds: float = 0.0
    code: str = "internal_error"
    probability: float = 1.0
    after: int = 0
    hits: int = 0

    def strikes(self, method: str, args: Json) -> bool:
        """True when this call is one that the fault is meant for."""
        return (
            (self.times is None or self.hits < self.times)
            and self.method in (None, method)
            and self.channel in (None, args.get("channel"))
        )

    def is_time(self) -> bool:
        """True when the calls that go well are over; counts one of them otherwise."""
        self.after -= 1
        return self.after < 0


@dataclass
class Faults:
    """The faults in force, for any thread. Random ones are drawn from a seeded generator, so that a run can be repeated."""

    close_sockets: Callable[[], None]
    """Cuts every Socket Mode connection without a goodbye."""
    active: list[Fault] = field(default_factory=list)
    random: Random = field(default_factory=lambda: Random(0))  # noqa: S311 - no secret depends on it
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def add(
        self,
        kind: str,
        method: str | None = None,
        *,
        channel: str | None = None,
        times: int | None = 1,
        retry_after: int = 1,
        seconds: float = 1.0,
        code: str = "internal_error",
        probability: float = 1.0,
        after: int = 0,
    ) -> Fault:
        """Misbehave from now on; the returned fault counts its `hits`.

        The first `after` calls that it is meant for go well. `times=None` is for ever, and `method=None` every call: with `probability=0.05` that is 5 % of all of them.
        `ratelimited`, `server_error` and `error` refuse before anything is done; `lost_reply` and `slow` do it first.
        For `duplicate_event`, `method` names the event type; for `unprocessed_file` the file: an image block that shows
        it is refused as if Slack had not looked through the upload yet.

        Raises ValueError for a kind that does not exist.
        """
        if kind not in KINDS:
            raise ValueError(f"There is no fault called {kind}; there are {', '.join(KINDS)}.")
        fault = Fault(kind, method, channel, times, retry_after, seconds, code, probability, after)
        with self._lock:
            self.active.append(fault)
        return fault

    def clear(self) -> None:
        """Behave again."""
        with self._lock:
            self.active.clear()

    def draw(self, method: str, args: Json, *, kind: str | None = None) -> Fault | None:
        """The fault that strikes this call, or with `kind` this event or file, counted; None for a good day.

        Each fault draws for itself, in the order in which they were added, and the first that strikes is the only one.
        """
        with self._lock:
            for fault in self.active:
                if (
                    (fault.kind == kind if kind else fault.kind not in _ASKED_FOR)
                    and fault.strikes(method, args)
                    and fault.is_time()
                    and (fault.probability >= 1 or self.random.random() < fault.probability)
                ):
                    fault.hits += 1
                    return fault
        return None
