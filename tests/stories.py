"""Beginnings that many tests share: each is lived through once by a worker and on a database, and copied from then on."""

import itertools
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from freezegun.api import FrozenDateTimeFactory

from bot.platform import clock
from bot.platform.database import Database
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import persistence
from tests.databases import PostgresDatabases, SqliteDatabases
from tests.world import MANIFEST, Bot, World

Story = Callable[[World], None]


class After(Protocol):
    """Makes the world as it is at the end of these stories, told one after the other."""

    def __call__(self, *stories: Story) -> World: ...


@dataclass(frozen=True)
class _Kept:
    """How the world was at a story's end."""

    database: str
    slack: str
    random: Any
    now: datetime


class Stories:
    """The stories that were told so far, on one kind of database."""

    def __init__(
        self, databases: SqliteDatabases | PostgresDatabases, server: Server, hands: FrozenDateTimeFactory
    ) -> None:
        self._databases, self._server, self._hands = databases, server, hands
        self._kept: dict[tuple[Story, ...], _Kept] = {}
        self._bots: dict[str, Bot] = {}
        self._numbers = itertools.count()

    @contextmanager
    def world_after(self, *stories: Story) -> Iterator[World]:
        """A world of its own in which all of these stories have happened, each after the one before it."""
        if stories not in self._kept:
            self._kept[stories] = self._tell(*stories)
        kept = self._kept[stories]
        self._hands.move_to(kept.now.replace(tzinfo=None))
        slack = Workspace(MANIFEST)
        slack.store = persistence.restore(json.loads(kept.slack))
        slack.random.setstate(kept.random)
        with self._world(slack, like=kept.database) as world:
            yield world

    def close(self) -> None:
        """Tell no more."""
        for bot in self._bots.values():
            bot.db.dispose()

    def _tell(self, *stories: Story) -> _Kept:
        """Every beginning of the stories is kept too, for others may go on from there."""
        if not stories:
            with self._world(Workspace(MANIFEST)) as world:
                world.settle_in()
                return self._keep(world)
        with self.world_after(*stories[:-1]) as world:
            stories[-1](world)
            return self._keep(world)

    def _keep(self, world: World) -> _Kept:
        slack = json.dumps(persistence.snapshot(world.slack.store))
        database = f"told_{next(self._numbers)}"
        self._databases.keep(database)
        return _Kept(database, slack, world.slack.random.getstate(), clock.now())

    @contextmanager
    def _world(self, slack: Workspace, *, like: str | None = None) -> Iterator[World]:
        with self._databases.told_in(like) as url:
            self._server.workspace = slack
            if url not in self._bots:
                # An engine remembers how each statement reads in SQL, and Bolt what each listener asks for: finding
                # that out takes longer than many a test.
                self._bots[url] = Bot(slack, self._server, Database(url))
            with World(slack, self._bots[url], self._hands) as world:
                yield world
            slack.app.disconnect()
            slack.close()
            if self._databases.is_replaced:
                world.db.dispose()
