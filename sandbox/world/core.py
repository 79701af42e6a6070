"""What every part of the sandbox shares: the state of one workspace, and the shapes that pass between its parts.

`sandbox.workspace.Workspace` is the same thing with the verbs of the people who run it.
"""

import itertools
import random
import threading
from collections.abc import Callable, Iterable
from copy import deepcopy
from typing import Protocol

from sandbox.world import manifest as manifests
from sandbox.world.background import Background
from sandbox.world.clock import Clock, as_clock
from sandbox.world.errors import SandboxError
from sandbox.world.faults import Faults
from sandbox.world.notices import Notices
from sandbox.world.shapes import Call, Request, Response, ResponseUrl, Trigger
from sandbox.world.store import Channel, Store, User
from sandbox.world.values import Json

CALLS_KEPT = 20_000


class Connection(Protocol):
    """The way to the app, whatever it is made of."""

    @property
    def connected(self) -> bool:
        """True when there is somebody to deliver to."""

    def deliver(self, request: Request) -> Response:
        """Deliver and wait for the answer. Never raises: what went wrong is in `trouble`."""

    def close_sockets(self) -> None:
        """Cut every connection without a goodbye."""


class Core:
    """A Slack workspace with one app in it. Thread-safe; it has no network of its own."""

    team_id = "T0SANDBOX1"
    team_name = "Sandbox"
    team_domain = "sandbox"
    team_number = 10_000_001
    app_id = "A0SANDBOX1"
    bot_id = "B0SANDBOX1"
    bot_user_id = "U0SANDBOXB"
    verification_token = "sandbox-verification"  # noqa: S105

    def __init__(
        self,
        app: Connection,
        manifest: Json | None,
        *,
        bot_token: str,
        app_token: str,
        clock: Callable[[], float] | None,
    ) -> None:
        self.manifest = manifests.read(manifest)
        self.bot_token = bot_token
        self.app_token = app_token
        self._clock = as_clock(clock)
        self.random = random.Random(0)  # noqa: S311 - ids only; a run can be repeated
        self.lock = threading.RLock()
        self.store = Store()
        self.notices = Notices()
        self.background = Background("sandbox-events")
        self.saving: Callable[[], None] | None = None
        self.app = app
        self.faults = Faults(app.close_sockets)
        self.calls: list[Call] = []
        self.triggers: dict[str, Trigger] = {}
        self.response_urls: dict[str, ResponseUrl] = {}
        self.tickets: set[str] = set()
        self.booked: dict[str, float] = {}
        self.messages_a_minute = 300
        self.edits_a_minute = 60
        self.next_status_end = float("inf")
        self.base_url = "http://127.0.0.1:0"
        self.retry_delays: tuple[float, ...] = (0.0, 60.0, 300.0)
        self.raise_on_trouble = True
        self.enforce_rate_limits = True
        self.with_metadata = itertools.cycle((False, True))
        self._closers: list[Callable[[], None]] = []

    @property
    def clock(self) -> Clock:
        """Epoch seconds here, when called; `move_to` of the workspace moves it forward."""
        return self._clock

    @clock.setter
    def clock(self, source: Callable[[], float]) -> None:
        self._clock = as_clock(source)

    def user(self, name_or_id: str) -> User:
        """Somebody by id, or by any of their names. Raises SandboxError when there is nobody."""
        wanted = name_or_id.removeprefix("@")
        user = self.store.users.get(wanted) or self.store.user_named(wanted) or self.store.user_called(wanted)
        if user is None:
            raise SandboxError(f"There is nobody called {name_or_id} here.")
        return user

    def channel(self, name_or_id: str) -> Channel:
        """A conversation by id or name. Raises SandboxError when there is none."""
        wanted = name_or_id.removeprefix("#")
        channel = self.store.channels.get(wanted) or self.store.channel_named(wanted)
        if channel is None:
            raise SandboxError(f"There is no channel called {name_or_id} here.")
        return channel

    def dm(self, user: str) -> str:
        """The id of the app's DM with somebody (id or name), opened if need be."""
        with self.lock:
            return self.open_im(self.bot_user_id, self.user(user).id).id

    def open_im(self, first: str, second: str) -> Channel:
        """The DM of two users (ids)."""
        found = self.store.im(first, second)
        if found is None:
            channel_id = self.store.next_id("D")
            members = [first, second]
            found = Channel(channel_id, "", int(self.clock()), first, is_im=True, members=members)
            self.store.keep_channel(found)
            self.changed({"type": "channels"}, members)
        return found

    def messages(self, channel: str, thread_ts: str | None = None) -> list[Json]:
        """Copies of a channel's top-level messages, or of a thread's, oldest first, metadata included."""
        with self.lock:
            found = self.channel(channel)
            stamps = found.top if thread_ts is None else [thread_ts, *found.replies.get(thread_ts, [])]
            return [deepcopy(found.messages[ts]) for ts in stamps if ts in found.messages]

    def changed(self, notice: Json, to: Iterable[str] | None) -> None:
        """Tell the pages of some people, or everybody (None), and have the change saved. Call under the lock."""
        self.notices.publish(notice, to)
        if self.saving is not None:
            self.saving()

    def record(self, method: str, args: Json, error: str | None) -> None:
        """Remember a Web API call in `calls` (the last 20,000)."""
        self.calls.append(Call(method, args, self.clock(), error is None, error))
        if len(self.calls) > CALLS_KEPT:
            del self.calls[: CALLS_KEPT // 2]

    def on_close(self, closer: Callable[[], None]) -> None:
        """Have `closer` called by `close`."""
        self._closers.append(closer)

    def close(self) -> None:
        """End the threads and save what is not saved yet."""
        self.background.close()
        for closer in self._closers:
            closer()
        self._closers.clear()
