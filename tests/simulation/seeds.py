"""Many companies, one after the other or in several processes, and what was met in them."""

import gc
import multiprocessing
import os
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import MEMORY, PostgresDatabases, SqliteDatabases
from tests.simulation.company import Bot
from tests.simulation.life import STEPS, Broken, live

NAME = "company"
AT_ONCE = 10  # seeds that a process takes at a time


@dataclass
class Lived:
    """What became of some seeds."""

    seeds: int = 0
    met: Counter[str] = field(default_factory=Counter)
    broken: list[str] = field(default_factory=list)

    def __iadd__(self, other: "Lived") -> "Lived":
        self.seeds += other.seeds
        self.met += other.met
        self.broken += other.broken
        return self


class Lives:
    """Lives through seeds on one kind of database."""

    def __init__(self, databases: SqliteDatabases | PostgresDatabases) -> None:
        self._databases = databases
        self._bot: Bot | None = None

    def live(
        self, seed: int, steps: int = STEPS, planted: AbstractContextManager[object] | None = None
    ) -> Counter[str]:
        """What was met in the company of this seed. Raises Broken."""
        with self._databases.new(NAME) as url:
            self._bot = self._bot or _loaded(url)
            try:
                with planted or nullcontext():
                    return live(self._bot, seed, steps).met
            finally:
                self._bot.db.dispose()

    def breaks(self, seed: int, planted: AbstractContextManager[object]) -> Broken | None:
        """The rule that this seed breaks while a bug is planted."""
        try:
            self.live(seed, planted=planted)
        except Broken as broken:
            return broken
        return None

    def many(self, seeds: Iterable[int]) -> Lived:
        """The same for several, whatever becomes of each."""
        lived = Lived()
        for seed in seeds:
            lived.seeds += 1
            try:
                lived.met += self.live(seed)
            except Broken as broken:
                lived.broken.append(self._shortened(broken).told())
        return lived

    def _shortened(self, broken: Broken) -> Broken:
        """The same rule, broken by as few steps as a few tries find."""
        shortest, steps = broken, STEPS
        while steps > 1:
            steps //= 2
            try:
                self.live(broken.seed, steps)
            except Broken as shorter:
                if shorter.sentence == broken.sentence:
                    shortest = shorter
                    continue
            break
        return shortest


def _loaded(url: str) -> Bot:
    """The bot, and all that it has loaded put where the search for garbage never looks again."""
    bot = Bot(url)
    gc.collect()
    gc.freeze()
    return bot


@contextmanager
def lives(kind: str) -> Iterator[Lives]:
    """On SQLite or PostgreSQL, in memory."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory(prefix="prickle", dir=MEMORY) as folder:
            yield Lives(SqliteDatabases(Path(folder)))
        return
    databases = PostgresDatabases()
    try:
        yield Lives(databases)
    finally:
        databases.stop()


def _some(job: tuple[str, Sequence[int]]) -> Lived:
    kind, seeds = job
    with lives(kind) as here:
        return here.many(seeds)


def parallel(kind: str, seeds: Sequence[int]) -> Iterator[Lived]:
    """Live through the seeds with a process for each processor, and return what was met, some seeds at a time."""
    jobs = [(kind, seeds[start : start + AT_ONCE]) for start in range(0, len(seeds), AT_ONCE)]
    with multiprocessing.get_context("spawn").Pool(os.cpu_count()) as pool:
        yield from pool.imap_unordered(_some, jobs)


def one_by_one(kind: str, seeds: Sequence[int]) -> Iterator[Lived]:
    """The same in this process alone."""
    with lives(kind) as here:
        yield here.many(seeds)
