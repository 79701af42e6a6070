"""What goes wrong around the replicas and is nobody's fault: the database is away, locked or full, Slack hangs,
connections are half open, the clock is set back.

Nothing of it may cost or double a message, so the oracle makes no exception for it. When it strikes is drawn from the seed.
"""

import random
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from multiprocessing.context import ForkServerContext

from sqlalchemy import Engine, event
from sqlalchemy.pool import ConnectionPoolEntry

from sandbox.workspace import Workspace
from tests.chaos.edge import Edge

ANYWHERE = ("hangs", "back", "half open")
BACK = timedelta(minutes=10)
OFTEN = 0.25  # of the busy rounds, until each kind has struck often enough
LOCKED_S = 3.0  # longer than anybody waits for a lock
STOPPED_S = 2.0
HANGS_S = 9.0  # longer than the delivery waits for Slack
NO_LIMIT = 2**32 - 2  # pages of an SQLite file

Away = Callable[[], AbstractContextManager[None]]


@dataclass(frozen=True)
class Sky:
    """What the replicas are told of a round: how far their clock is set back, and whether their disk is full."""

    back: timedelta = timedelta()
    is_full: bool = False


@dataclass
class Weather:
    """Draws what strikes. `stopped` stops the database's server for a block, where there is one."""

    url: str
    slack: Workspace
    forks: ForkServerContext
    dice: random.Random
    strikes: int  # of each kind, in the week
    stopped: Away | None = None
    edge: Edge | None = None
    struck: Counter[str] = field(default_factory=Counter)

    @property
    def kinds(self) -> tuple[str, ...]:
        """What can strike here."""
        if self.url.startswith("sqlite"):
            return ("locked", "full", *ANYWHERE)
        return ("stopped", *ANYWHERE) if self.stopped else ANYWHERE

    def enough(self, kind: str) -> bool:
        """Whether this has struck as often as was asked for."""
        return self.struck[kind] >= self.strikes

    @contextmanager
    def round(self, *, is_busy: bool, is_pressed: bool) -> Iterator[Sky]:
        """The weather of one round, which begins before the replicas do and is over after them."""
        met = {kind for kind in self.kinds if (is_pressed if kind == "half open" else is_busy)}
        left = sorted(kind for kind in met if not self.enough(kind))
        kind = self.dice.choice(left) if left and self.dice.random() < OFTEN else None
        if kind is not None:
            self.struck[kind] += 1
        with self._strike(kind):
            yield Sky(BACK if kind == "back" else timedelta(), is_full=kind == "full")

    def _strike(self, kind: str | None) -> AbstractContextManager[None]:
        if kind == "locked":
            return self._locked()
        if kind == "stopped" and self.stopped is not None:
            return self._away(self.stopped)
        if kind == "half open" and self.edge is not None:
            return self.edge.half_open()
        if kind == "hangs":
            # Twice: what is posted anew after a lost answer hangs as well, perhaps.
            self.slack.faults.add("slow", "chat.postMessage", times=2, seconds=HANGS_S)
        return nullcontext()

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Another process writes, and takes its time."""
        line, other_end = self.forks.Pipe()
        process = self.forks.Process(target=hold, args=(self.url.removeprefix("sqlite:///"), other_end), daemon=True)
        process.start()
        line.recv()
        yield
        process.join()

    @contextmanager
    def _away(self, stopped: Away) -> Iterator[None]:
        """The server stops in the middle of the round, and comes back in a while."""

        def stop() -> None:
            time.sleep(self.dice.uniform(0, 0.3))
            with stopped():
                time.sleep(STOPPED_S)

        thread = threading.Thread(target=stop)
        thread.start()
        yield
        thread.join()


def hold(path: str, line: object) -> None:
    """Have the write lock for a while. In a process of its own."""
    with sqlite3.connect(path, isolation_level=None, timeout=20) as connection:
        connection.execute("BEGIN IMMEDIATE")
        line.send("mine")  # type: ignore[attr-defined]
        time.sleep(LOCKED_S)
        connection.execute("ROLLBACK")
    connection.close()


class Disk:
    """The disk under an SQLite database, as one process sees it: full or not."""

    def __init__(self, engine: Engine) -> None:
        self.is_full = False
        if engine.dialect.name == "sqlite":
            event.listen(engine, "checkout", self._limit)

    def _limit(self, connection: sqlite3.Connection, _record: ConnectionPoolEntry, _proxy: object) -> None:
        # SQLite takes the pages that there are for the least, so 1 is "no more than now".
        connection.execute(f"PRAGMA max_page_count = {1 if self.is_full else NO_LIMIT}").fetchall()
