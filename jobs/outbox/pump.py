"""Keeps posts in flight: as many at once as there are threads, and as fast as the pace allows.

One slow answer holds up one thread and nothing else. What waits for its turn waits in the database.
"""

import logging
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.outbox import deliveries, paces, settling
from bot.domain.outbox.deliveries import Claim
from bot.domain.outbox.paces import Lane, Limits
from bot.platform.database import Database

# Posts in flight, each with a thread. A Slack call lasts 8 s at most, so that even a slow Slack gets 60 a minute.
AT_ONCE = {Lane.MESSAGES: 8, Lane.EDITS: 4}
RUN = timedelta(seconds=0.9)  # below the second from one run to the next, so that none is left out
SHORTEST_REST = timedelta(seconds=0.05)  # at a fast pace: some posts a claim rather than a claim for each
LONGEST_REST = timedelta(seconds=0.2)

log = logging.getLogger(__name__)


@dataclass
class LaneQueue:
    """The posts of a lane in view and in flight. `again_at` is when to claim next; None when nothing waits for that."""

    room: int
    queue: Sequence[int] = ()
    again_at: datetime | None = None
    second_over_at: datetime | None = None
    flying: set[Future[None]] = field(default_factory=set)


class Pump:
    """Hands claimed posts to `deliver`, each in a thread; `deliver` settles what became of it and raises nothing."""

    def __init__(
        self,
        db: Database,
        deliver: Callable[[Claim], None],
        now: Callable[[], datetime],
        limits: Limits,
        pool: Executor | None = None,
    ) -> None:
        self._db = db
        self._deliver = deliver
        self._now = now
        self._limits = limits
        self._pool = pool or ThreadPoolExecutor(sum(AT_ONCE.values()), thread_name_prefix="delivery")
        self._lines = {lane: LaneQueue(room) for lane, room in AT_ONCE.items()}
        self._running = threading.Lock()
        self._stopping = threading.Event()
        self._called = threading.Event()

    def run(self) -> int:
        """Launch what is due, or gets its turn within the second. What is in flight then lands by itself.

        Returns how many posts were tried.
        """
        tried = 0
        with self._running:
            ends_at = self._now() + RUN
            self._begin()
            while (now := self._now()) < ends_at and not self._called.is_set():
                tried += self._launch()
                next_at = self._next_at()
                if next_at is None and not self._flying():
                    break
                self._rest(min(next_at or ends_at, ends_at) - now)
        return tried

    def drain(self) -> int:
        """Launch what is due at this moment, and wait until it has landed. Returns how many posts were tried."""
        tried = 0
        with self._alone():
            self._begin()
            while True:
                tried += self._launch()
                if not self._flying():
                    return tried
                self._rest(LONGEST_REST)

    @contextmanager
    def still(self) -> Iterator[None]:
        """While it is held nothing is in flight."""
        with self._alone():
            wait(self._flying())
            yield

    def stop(self) -> None:
        """Launch nothing more, and wait for what is in flight."""
        self._stopping.set()
        with self._alone():
            self._pool.shutdown(wait=True)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """While it is held nothing is launched by anybody else: a run that only waits for its next turn ends at once."""
        self._called.set()
        with self._running:
            if not self._stopping.is_set():
                self._called.clear()
            yield

    def _begin(self) -> None:
        """Look anew: others deliver too, and something may have been written."""
        now = self._now()
        for line in self._lines.values():
            line.queue, line.again_at = (), now
        with self._db.read() as session:
            is_anything_stale = settling.is_anything_stale(session, now=now)
        if is_anything_stale:
            self._expire()

    def _expire(self) -> None:
        while True:
            with self._db.begin() as session:
                keys = settling.expire(session, now=self._now())
            if not keys:
                return
            log.warning("%d posts came too late to be of use, and are not posted: %s", len(keys), ", ".join(keys))

    def _launch(self) -> int:
        for line in self._lines.values():
            line.flying = {each for each in line.flying if not each.done()}
        return sum(self._launch_in(lane, line) for lane, line in self._lines.items() if self._has_turn(line))

    def _has_turn(self, line: LaneQueue) -> bool:
        has_room = len(line.flying) < line.room and not self._stopping.is_set()
        return has_room and line.again_at is not None and line.again_at <= self._now()

    def _launch_in(self, lane: Lane, line: LaneQueue) -> int:
        now = self._now()
        if not line.queue:
            with self._db.read() as session:
                line.queue = deliveries.queue(session, lane, now=now)
            # When all that is due is in flight, or somebody else's, there may be more when a channel's second is over.
            line.again_at = line.second_over_at if line.second_over_at and line.second_over_at > now else None
        if not line.queue:
            return 0
        room = line.room - len(line.flying)
        with self._db.begin() as session:
            turn = deliveries.claim(session, lane, line.queue, now=now, room=room, limits=self._limits)
        line.queue, line.again_at = turn.left, turn.again_at
        if turn.claims:
            line.second_over_at = now + paces.BETWEEN_CALLS
        line.flying |= {self._pool.submit(self._deliver, claim) for claim in turn.claims}
        return len(turn.claims)

    def _flying(self) -> set[Future[None]]:
        return {each for line in self._lines.values() for each in line.flying}

    def _next_at(self) -> datetime | None:
        moments = [line.again_at for line in self._lines.values() if line.again_at and len(line.flying) < line.room]
        return min(moments, default=None)

    def _rest(self, at_most: timedelta) -> None:
        """Until something has landed, and makes room for more, or until the time is over."""
        seconds = max(at_most, SHORTEST_REST).total_seconds()
        flying = self._flying()
        if flying:
            wait(flying, timeout=seconds, return_when=FIRST_COMPLETED)
        else:
            self._called.wait(seconds)
