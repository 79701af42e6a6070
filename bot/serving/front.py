"""Waitress with deadlines: a client that is slow, or says nothing, costs the others nothing.

Waitress reads requests in one thread and hands whole ones to its workers, so a slow client holds no worker. What it
lacks is an end to waiting: it knows only how long a connection was silent, and a byte a second is never silent. It also
takes no more connections once a hundred are open. Here each phase of a request has a deadline that no byte moves on,
and when there are too many connections those that have waited longest make room.
"""

import resource
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from waitress.adjustments import Adjustments
from waitress.channel import HTTPChannel
from waitress.server import TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher

HEADERS_S = 5.0
BODY_S = 10.0
ANSWER_S = 10.0  # for a client to take what it asked for
KEPT_ALIVE_S = (
    75.0  # longer than the 60 s after which the usual proxies give up a connection, or they would lose requests
)
LOOK_EVERY_S = 1
MOST_CONNECTIONS = 4_000
OTHER_FILES = 200  # the database, Slack, the log
ACCEPTED_AT_ONCE = 64
MAKE_ROOM_FOR = 100
IN_MEMORY = 64 * 1024  # of a request's body; what is longer goes to a temporary file

Phase = tuple[str, object]


class Channel(HTTPChannel):  # type: ignore[misc]  # waitress has no types
    """A connection. Its phase is what it waits for; a phase of None waits for us."""

    def __init__(self, *args: Any, **more: Any) -> None:
        self.since = time.monotonic()
        self._phase: Phase | None = ("headers", None)
        self.has_asked = False
        super().__init__(*args, **more)

    def is_late(self, now: float) -> bool:
        """Whether the client let a deadline pass."""
        phase = self._current()
        if phase != self._phase:
            self._phase, self.since = phase, now
        return phase is not None and now - self.since > _PATIENCE[phase[0]]

    @property
    def waits_for_us(self) -> bool:
        """Whether a request of this connection is being answered."""
        return bool(self.requests)

    def _current(self) -> Phase | None:
        if self.requests:
            return None
        if self.total_outbufs_len or self.close_when_flushed:
            return ("answer", None)
        if self.request is None:
            return ("kept alive" if self.has_asked else "headers", None)
        # Together with the request itself: the next one has its own time.
        return ("body" if self.request.headers_finished else "headers", self.request if self.has_asked else None)


_PATIENCE = {"headers": HEADERS_S, "body": BODY_S, "answer": ANSWER_S, "kept alive": KEPT_ALIVE_S}


class Front(TcpWSGIServer):  # type: ignore[misc]
    """The server. Paths in `own_threads` are answered by so many threads each, whatever the workers wait for.

    A path that ends in a slash stands for all below it.
    """

    channel_class = Channel

    def __init__(
        self, answer: Callable[..., Iterable[bytes]], adj: Adjustments, own_threads: Mapping[str, int]
    ) -> None:
        self._next_look = 0.0
        self._most = _room_for_connections()
        self._own = {path: _workers(count) for path, count in own_threads.items()}
        super().__init__(answer, {}, dispatcher=_workers(adj.threads), adj=adj, sockinfo=adj.listen[0])

    def add_task(self, task: Channel) -> None:
        """Have a request answered."""
        task.has_asked = True
        # A request that could not be read has none; and of several slashes waitress takes all but one away.
        path = "/" + getattr(task.requests[0], "path", "").lstrip("/")
        place = path if path in self._own else path[: path.find("/", 1) + 1]
        workers: ThreadedTaskDispatcher = self._own.get(place, self.task_dispatcher)
        workers.add_task(task)

    def readable(self) -> bool:
        """Asked in each round of the loop. Not waitress's own: that one looks at the wall clock, which can be set back."""
        now = time.monotonic()
        if now >= self._next_look:
            self._next_look = now + LOOK_EVERY_S
            for channel in self.active_channels.values():
                if channel.is_late(now):
                    channel.will_close = True
        return bool(self.accepting)

    def handle_accept(self) -> None:
        """Take the connections that wait; a round of the loop for each would make a burst of them slow."""
        for _ in range(ACCEPTED_AT_ONCE):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                return
        if len(self.active_channels) > self._most:
            self._make_room()

    def _make_room(self) -> None:
        waiting = [each for each in self.active_channels.values() if not (each.waits_for_us or each.will_close)]
        for channel in sorted(waiting, key=lambda each: each.since)[:MAKE_ROOM_FOR]:
            # Not closed on the spot: a new connection could get its number while its events are still being handled.
            channel.will_close = True

    def stop_own_threads(self) -> None:
        """Answer these paths no longer."""
        for workers in self._own.values():
            workers.shutdown(timeout=0)


def listen(answer: Callable[..., Iterable[bytes]], *, own_threads: Mapping[str, int], **adjustments: Any) -> Front:
    """A server that listens. Raises OSError when the address is taken, ValueError when nobody knows its name."""
    adj = Adjustments(
        **adjustments,
        asyncore_use_poll=True,  # `select` knows no file above 1,024
        asyncore_loop_timeout=LOOK_EVERY_S,  # a whole number: half a second would be none, and the loop would spin
        channel_request_lookahead=0,
        inbuf_overflow=IN_MEMORY,
        backlog=socket.SOMAXCONN,
        log_socket_errors=False,  # clients hang up, and nobody needs to read of it
        ident=None,
    )
    return Front(answer, adj, own_threads)


def _workers(count: int) -> ThreadedTaskDispatcher:
    workers = ThreadedTaskDispatcher()
    workers.set_thread_count(count)
    return workers


def _room_for_connections() -> int:
    """How many connections may be open. Takes as many files as the system lets us have."""
    wanted = MOST_CONNECTIONS + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        soft = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    return MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(MOST_CONNECTIONS, max(soft - OTHER_FILES, 50))
