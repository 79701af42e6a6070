"""One week, round by round: the clock stands at the same instant for all replicas, who work at once and die at random."""

import multiprocessing
import random
import threading
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import select

from bot.domain.rhythm import next_due
from bot.platform import clock
from bot.platform.database import Database
from bot.serving.manifest import manifest
from handlers import FEATURES
from handlers.commands import COMMANDS
from models.outbox import Post, PostState
from models.teams import Team
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.chaos import founding, replica
from tests.chaos.clock import RoundClock
from tests.chaos.company import BEGINS, ENDS, Small
from tests.chaos.edge import Edge
from tests.chaos.life import Life
from tests.chaos.people import Crowd
from tests.chaos.speed import LIMITS
from tests.chaos.weather import Away, Disk, Sky, Weather

REPLICAS = 3
QUIET = timedelta(hours=6)  # the longest time without a round
BUSY = timedelta(minutes=2)  # from one round to the next while something is due; longer than a lease
FAULTS = ("ratelimited", "server_error", "lost_reply", "slow")  # each as often as the others
SPARE = 1.5  # so many more replicas are killed than have to be: some are found at rest


# Forked from a process that has imported everything already: a new replica is there in no time.
FORKS = multiprocessing.get_context("forkserver")


class Replica:
    """A process that is told the time, and may be killed."""

    def __init__(self, database_url: str, api_url: str, token: str) -> None:
        self._line, other_end = FORKS.Pipe()
        self._process = FORKS.Process(target=replica.work, args=(other_end, database_url, api_url, token), daemon=True)
        self._process.start()
        other_end.close()
        self.is_dead = False
        self.failed: list[str] = []  # jobs of its last round, in words

    def begin(self, moment: datetime, sky: Sky) -> None:
        """Have it do everything that is due at `moment`."""
        self._line.send((moment, sky))

    def kill(self) -> None:
        """End it with -9, in the middle of whatever it does."""
        self.is_dead = True
        self._process.kill()

    def finished(self) -> bool:
        """Wait until its round is done; False when it was killed before that."""
        try:
            self.failed = self._line.recv()
        except (EOFError, ConnectionError):
            return False
        return True

    def gone(self) -> None:
        """End it, if it lives, and tidy up."""
        self._line.close()
        self._process.join(timeout=20)


@dataclass
class Log:
    """What happened: rounds, and kills of which some found nobody at work."""

    rounds: int = 0
    kills: int = 0
    idle_kills: int = 0
    calls: int = 0
    failed: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0


class Week:
    """The company, its Slack, its database and its replicas, from Monday to the Tuesday after."""

    def __init__(
        self,
        database_url: str,
        teams: list[Small],
        *,
        seed: int,
        kills: int,
        faults: float,
        strikes: int,
        life: Life,
        stopped: Away | None = None,
    ) -> None:
        self.url, self.teams, self.kills, self._faults = database_url, teams, kills, faults
        self.life, self._everybody = life, [*teams, *life.teams]
        self.dice = random.Random(seed)  # noqa: S311
        self.log = Log()
        self.now = RoundClock(BEGINS)
        self.slack = Workspace(manifest(COMMANDS, FEATURES), clock=lambda: self.now().timestamp())
        self.slack.faults.random = random.Random(seed)  # noqa: S311
        self.db = Database(database_url)
        self._disk = Disk(self.db.engine)
        self.weather = Weather(database_url, self.slack, FORKS, random.Random(seed), strikes, stopped)  # noqa: S311
        self.ids: dict[str, str] = {}
        self.team_ids: dict[str, int] = {}
        self._lasted = 0.1  # seconds that a busy round takes: whoever dies shall die at work

    def run(self, progress: Callable[[str], None] = lambda _line: None) -> None:
        """Live through the whole week."""
        begun = time.monotonic()
        real_now, clock.now = clock.now, self.now
        try:
            with Server(self.slack) as server:
                self._run(server, progress)
        finally:
            clock.now = real_now
            self.log.seconds = time.monotonic() - begun

    def close(self) -> None:
        """Let go of everything."""
        self.slack.close()
        self.db.dispose()

    def _run(self, server: Server, progress: Callable[[str], None]) -> None:
        edge = self.weather.edge = Edge(self.slack, server, self.dice)
        self.ids = founding.meet(self.slack, server, edge, self.db, self.now, self._everybody)
        self.team_ids = founding.found(self.slack, self.db, self._everybody, self.ids)
        self.crowd = Crowd(self.slack, self._everybody, self.ids, self.now)
        FORKS.set_forkserver_preload(["tests.chaos.replica", "tests.chaos.week"])
        self._replicas = [self._replica(server) for _ in range(REPLICAS)]
        try:
            self._misbehave()
            self._live(server, progress)
            self._calm_down(server)
        finally:
            for each in self._replicas:
                each.gone()
            self.crowd.close()
            edge.close()

    def _replica(self, server: Server) -> Replica:
        return Replica(self.url, server.api_url, self.slack.bot_token)

    def _misbehave(self) -> None:
        self.slack.enforce_rate_limits = True
        self.slack.messages_a_minute = LIMITS.messages_a_minute
        self.slack.edits_a_minute = LIMITS.edits_a_minute
        for kind in FAULTS:
            # Each fault draws for itself; what is left is a good call.
            self.slack.faults.add(
                kind,
                times=None,
                probability=self._faults / len(FAULTS),
                retry_after=self.dice.choice((1, 2, 3)),
                seconds=self.dice.uniform(0.05, 0.2),
            )

    # --- rounds -------------------------------------------------------------------------------------------------

    def _count_calls(self) -> None:
        """The workspace remembers the last calls only."""
        self.log.calls += len(self.slack.calls)
        self.slack.calls.clear()

    def _live(self, server: Server, progress: Callable[[str], None]) -> None:
        moment, day = BEGINS, BEGINS.date()
        while moment < ENDS:
            busy = self._round(server, moment, deadly=True)
            self.crowd.look()
            moment = max(self._next(moment, busy), self.now())
            if moment.date() != day:
                progress(f"{day:%a %d %B}: {self.log.rounds} rounds, {self.log.kills} kills")
                day = moment.date()

    def _next(self, moment: datetime, busy: bool) -> datetime:
        if busy:
            return moment + BUSY
        with self.db.read() as session:
            at = [moment + QUIET, next_due.following(session, moment), self.crowd.next_at, self.life.next_at]
        return max(min(each for each in at if each is not None), moment + timedelta(seconds=1))

    def _round(self, server: Server, moment: datetime, *, deadly: bool) -> bool:
        """Everybody works at once, people too. True when something is still due."""
        moment = self.now.set(moment)
        self.life.strike(self.slack, self.ids, moment)
        deadly = deadly and self._is_something_due()
        with self.weather.round(is_busy=deadly, is_pressed=self._is_pressed(moment)) as sky:
            self._work(server, moment, sky, deadly=deadly)
        self._count_calls()
        self.log.rounds += 1
        return self._is_something_due()

    def _is_pressed(self, moment: datetime) -> bool:
        return self.crowd.next_at is not None and self.crowd.next_at <= moment

    def _work(self, server: Server, moment: datetime, sky: Sky, *, deadly: bool) -> None:
        for each in self._replicas:
            each.begin(moment, sky)
        self._disk.is_full = sky.is_full
        begun = time.monotonic()
        timers = [threading.Timer(self.dice.uniform(0, self._lasted), each.kill) for each in self._doomed(deadly)]
        for timer in timers:
            timer.start()
        self.crowd.act()
        alive = [each.finished() for each in self._replicas]
        if deadly and all(alive):
            self._lasted = time.monotonic() - begun
        for timer in timers:
            timer.join()
        self._count(alive, len(timers))
        for each, lives in zip(self._replicas, alive, strict=True):
            self.log.failed.update(each.failed if lives else [])
        self._replace(server, alive)
        self._disk.is_full = False

    def _doomed(self, deadly: bool) -> list[Replica]:
        """Whoever dies in this round. They die all week long, and at no round that one could tell beforehand."""
        passed = (self.now() - BEGINS) / (ENDS - BEGINS)
        enough = self.log.kills >= SPARE * self.kills * passed
        if not deadly or enough or self.dice.random() < 0.5:
            return []
        return self.dice.sample(self._replicas, self.dice.choice((1, 1, 1, 2, 3)))

    def _count(self, alive: list[bool], doomed: int) -> None:
        killed = alive.count(False)
        if killed > doomed:
            raise RuntimeError("A replica ended by itself.")
        self.log.kills += killed
        self.log.idle_kills += doomed - killed

    def _replace(self, server: Server, alive: list[bool]) -> None:
        for place, lives in enumerate(alive):
            # Who was killed right after its round is found dead when it is told the next one.
            if not lives or self._replicas[place].is_dead:
                self._replicas[place].gone()
                self._replicas[place] = self._replica(server)

    def _calm_down(self, server: Server) -> None:
        """Slack behaves again, nobody dies, and nobody presses anything: what is still due gets through."""
        self.log.faults = Counter({fault.kind: fault.hits for fault in self.slack.faults.active})
        self.slack.faults.clear()
        moment = max(ENDS, self.now())
        for _ in range(60):
            busy = self._round(server, moment, deadly=False)
            moment = max(moment + timedelta(seconds=61), self.now())
            if not busy:
                return

    def _is_something_due(self) -> bool:
        with self.db.read() as session:
            soon = self.now() + timedelta(minutes=1)  # the company's page waits for what else may change on it
            due = select(Post.id).where(Post.state == PostState.DUE, Post.due_at <= soon).limit(1)
            teams = select(Team.id).where(Team.next_at <= self.now()).limit(1)
            return session.scalar(due) is not None or session.scalar(teams) is not None
