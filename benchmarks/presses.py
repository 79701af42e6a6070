"""What people press, each with its Slack call, against a bare Bolt app that makes the same call with a view that never changes.

Over TCP, with databases that sync to the disk, and the same Slack double for all. The bots take turns, so that a busy
moment hits them alike, and of the rounds the median counts. Every answer is checked to be the right form, and everything
that was written to be in the database: a wrong one fails the run, which goes on to tell how many there are.
"""

import gc
import itertools
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks import companies, goals
from benchmarks.goals import Report
from benchmarks.pressed import FIRST, LAST, OPENING, PRESSES, WRITTEN, Press, Ready, require_written
from bot.serving.manifest import manifest
from handlers import FEATURES
from handlers.commands import COMMANDS
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import PostgresDatabases, SqliteDatabases

PEOPLE = 50
ROUNDS = 5
ALONE = 20  # presses one after the other, a round
FEW, MANY = 10, 800  # teams
MOST_S = 2.0  # for a form that writes, with 50 people at once
SQLITE, POSTGRESQL, BARE = "SQLite", "PostgreSQL", "bare Bolt"
TIMES, LAST_TIMES, SIZE_TIMES = 2.0, 1.1, 1.3
COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("p50 alone", "alone", 0.5),
    ("p99 alone", "alone", 0.99),
    (f"p50 of {PEOPLE} at once", "together", 0.5),
    (f"p99 of {PEOPLE} at once", "together", 0.99),
)


@dataclass
class Times:
    """How long answers took in each round, in seconds, and which of them were wrong."""

    alone: list[list[float]] = field(default_factory=list)
    together: list[list[float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def quantile(self, which: str, share: float) -> float:
        """The time within which this share of a round's answers came, in milliseconds: of the rounds, the median."""
        rounds: list[list[float]] = getattr(self, which)
        found = [statistics.quantiles(each, n=1000, method="inclusive")[round(share * 1000) - 1] for each in rounds]
        return statistics.median(found) * 1000

    @property
    def slowest(self) -> float:
        """The longest of all, in seconds."""
        return max(itertools.chain(*self.together))


@dataclass(frozen=True)
class Bot:
    """One that is measured: what it is, in a company of how many teams, and where its database is."""

    kind: str
    teams: int
    port: int
    database_url: str


@dataclass(frozen=True)
class Running:
    """A bot's process, and where it listens."""

    pid: int
    port: int


Found = Mapping[tuple[str, str, int], Times]


def measure() -> Report:
    """The table, and what missed its goal."""
    with ExitStack() as stack:
        slack = workspace()
        server = stack.enter_context(Server(slack))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresDatabases(durable=True)
        stack.callback(postgres.stop)
        new = {SQLITE: SqliteDatabases(folder).new, POSTGRESQL: postgres.new, BARE: SqliteDatabases(folder).new}
        bots = []
        for teams, (kind, database) in itertools.product((FEW, MANY), new.items()):
            url = stack.enter_context(database())
            companies.with_people(slack, url, PEOPLE, teams_more=teams - FEW)
            bots.append(Bot(kind, teams, stack.enter_context(serving(kind, server.api_url, url)).port, url))
        found = _race(slack, bots)
    return Report(f"{_table(found)}\n{_goals_in_words()}", _missed(found))


def workspace() -> Workspace:
    """A Slack with the people who press."""
    slack = Workspace(manifest(COMMANDS, FEATURES))
    slack.enforce_rate_limits = False  # of a minute, in which nobody presses as often as here
    for number in range(PEOPLE):
        slack.add_user(f"person{number:02}")
    slack.add_channel("general", members=[user.id for user in slack.store.users.values()])
    return slack


@contextmanager
def serving(kind: str, api_url: str, database_url: str) -> Iterator[Running]:
    """One of `benchmarks.bots`, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.bots", "bare" if kind == BARE else "prickle", api_url, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own module)
        try:
            yield Running(process.pid, int((process.stdout or sys.stdin).readline()))
        finally:
            process.terminate()


def _race(slack: Workspace, bots: Sequence[Bot]) -> Found:
    entries = [(press, bot) for press in PRESSES for bot in bots if bot.teams == FEW or press.is_list]
    times = {(press.name, bot.kind, bot.teams): Times() for press, bot in entries}
    with ThreadPoolExecutor(PEOPLE) as pool:
        for turn in range(ROUNDS + 1):
            for press, bot in entries:
                slack.app.connect_http(f"http://127.0.0.1:{bot.port}/slack/events")
                forget(slack)
                ready = [press.ready(slack, number) for number in range(PEOPLE)]
                alone, together = _round(slack, press, pool, turn, bot, ready)
                found = times[press.name, bot.kind, bot.teams]
                found.wrong += itertools.chain(*(each.wrong for each in ready))
                if turn:  # the first one warms everything up
                    found.alone.append(alone)
                    found.together.append(together)
    return times


def _round(
    slack: Workspace, press: Press, pool: ThreadPoolExecutor, turn: int, bot: Bot, ready: Sequence[Ready]
) -> tuple[list[float], list[float]]:
    alone = [_timed(slack, press, ready[turn % PEOPLE]) for _ in range(ALONE)]
    pressed = pool.map(lambda each: [_timed(slack, press, each) for _ in range(press.in_a_row)], ready)
    together = list(itertools.chain(*pressed))
    if press.writes and bot.kind != BARE:
        require_written(bot.database_url, [each for each in ready if not each.wrong])
    return alone, together


def forget(slack: Workspace) -> None:
    """Have the double remember nothing: the garbage collector would walk through it in later rounds."""
    with slack.lock:
        for memory in (slack.calls, slack.triggers, slack.response_urls, slack.store.views, slack.store.stacks):
            memory.clear()
    gc.collect()


def _timed(slack: Workspace, press: Press, ready: Ready) -> float:
    request = press.request(slack, ready)
    begun = time.perf_counter()
    answer = slack.app.deliver(request)
    passed = time.perf_counter() - begun
    wrong = press.what_is_wrong(slack, ready, answer)
    if answer.status != 200 or wrong:
        ready.wrong.append(f"{wrong} {answer.status} {answer.trouble} {answer.body[:300]}")
    return passed


# --- the table --------------------------------------------------------------------------------------------------


def _table(found: Found) -> str:
    rows = [["Pressed", "", *(name for name, _, _ in COLUMNS)]]
    for (press, kind, teams), times in found.items():
        base = found[press, BARE, teams]
        values = [(times.quantile(which, share), base.quantile(which, share)) for _, which, share in COLUMNS]
        name = f"{press}, {teams} teams" if (press, kind, MANY) in found else press
        rows.append([name, kind, *(f"{value:.1f} ms ({value / bare:.2f}×)" for value, bare in values)])
    return goals.table(rows)


def _goals_in_words() -> str:
    return (
        f"In brackets: against bare Bolt. Goals: what only opens a window at most {TIMES:g}×; the last button beside the "
        f"first at most {LAST_TIMES}×;\nlists of {MANY} teams beside those of {FEW} at most {SIZE_TIMES}×; none of "
        f"{PEOPLE} people's plans takes over {MOST_S:g} s."
    )


def _missed(found: Found) -> list[str]:
    missed: list[str] = []
    for (press, kind, teams), times in found.items():
        what, base = f"{press}, {teams} teams, {kind}", found[press, BARE, teams]
        if times.wrong:
            missed.append(f"{what}: {len(times.wrong)} answers were wrong, the first: {times.wrong[0]}")
        if kind == BARE:
            continue
        for name, which, share in COLUMNS if press in OPENING else ():
            ratio = times.quantile(which, share) / base.quantile(which, share)
            missed += goals.at_most(f"{what}: {name} beside bare Bolt", ratio, TIMES)
        if press == WRITTEN:
            missed += goals.at_most(f"{what}: the slowest of {PEOPLE} people's", times.slowest, MOST_S, " s")
        if press == LAST:
            ratio = times.quantile("alone", 0.5) / found[FIRST, kind, teams].quantile("alone", 0.5)
            missed += goals.at_most(f"{kind}: the last button beside the first", ratio, LAST_TIMES)
        if teams == MANY:
            ratio = times.quantile("alone", 0.5) / found[press, kind, FEW].quantile("alone", 0.5)
            missed += goals.at_most(f"{what}: beside {FEW} teams", ratio, SIZE_TIMES)
    return missed
