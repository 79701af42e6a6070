"""How much memory the bot holds after 100,000 commands, beside what it held after the first 1,000.

The bot is a process of its own, so that nothing of Slack's double counts. `python -m benchmarks.memory --count 100000`
runs it on both databases; `make test-all` runs a short one.
"""

import argparse
import itertools
import sys
import tempfile
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

from benchmarks import companies, presses
from benchmarks.pressed import Ready, command
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world.store import User
from tests.databases import PostgresDatabases, SqliteDatabases

WARM = 1_000
COUNT = 100_000
MOST = 1.1
HANDS = 8  # people who type at the same moment
LOOK_EVERY = 1_000
COMMANDS = (
    ("/sprint", ""),
    ("/sprint", "plan"),
    ("/sprint", "company"),
    ("/sprint", "nonsense"),
    ("/retro", ""),
    ("/small-team", "list"),
    ("/reach-out", "mine"),
    ("/give-feedback", ""),
    ("/prickle", ""),
)


@dataclass(frozen=True)
class Held:
    """What a process held after the first commands, and after the last, in kilobytes."""

    warm: int
    last: int
    commands: int

    @property
    def growth(self) -> float:
        """So many times of what it was."""
        return self.last / self.warm


def measure(url: str, count: int, progress: Callable[[str], None] = lambda _line: None) -> Held:
    """Send so many commands to a bot that stands on this database."""
    with ExitStack() as stack:
        slack = presses.workspace()
        server = stack.enter_context(Server(slack))
        companies.with_people(slack, url, presses.PEOPLE)
        bot = stack.enter_context(presses.serving("prickle", server.api_url, url))
        slack.app.connect_http(f"http://127.0.0.1:{bot.port}/slack/events")
        pool = stack.enter_context(ThreadPoolExecutor(HANDS))
        people = [slack.user(f"person{number:02}") for number in range(presses.PEOPLE)]
        commands = itertools.cycle(itertools.product(COMMANDS, people))
        _send(slack, pool, commands, WARM)
        warm = last = resident(bot.pid)
        for sent in range(WARM, count, LOOK_EVERY):
            _send(slack, pool, commands, min(LOOK_EVERY, count - sent))
            last = resident(bot.pid)
            progress(f"{sent + LOOK_EVERY} commands: {last / 1024:.1f} MB, {last / warm:.3f} times")
        return Held(warm, last, count)


def _send(
    slack: Workspace, pool: ThreadPoolExecutor, commands: Iterator[tuple[tuple[str, str], User]], count: int
) -> None:
    presses.forget(slack)
    for _ in pool.map(lambda each: _type(slack, *each), itertools.islice(commands, count)):
        pass


def _type(slack: Workspace, words: tuple[str, str], user: User) -> None:
    answer = slack.app.deliver(command(*words)(slack, Ready(user)))
    if answer.status != 200:
        raise RuntimeError(f"{words}: {answer.status} {answer.body[:300]}")


def resident(pid: int) -> int:
    """Kilobytes of memory that a process holds now."""
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:"))


def main() -> int:
    """Print a line for each database. Returns 1 when one grew by more than it may."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.memory", description=__doc__)
    parser.add_argument("--count", type=int, default=COUNT)
    parser.add_argument("--only", choices=("sqlite", "postgresql"))
    wanted = parser.parse_args()
    grown = [_on(kind, wanted.count) for kind in ("sqlite", "postgresql") if wanted.only in (None, kind)]
    return int(any(each.growth > MOST for each in grown))


def _on(kind: str, count: int) -> Held:
    with ExitStack() as stack:
        if kind == "sqlite":
            folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
            url = stack.enter_context(SqliteDatabases(folder).new())
        else:
            postgres = PostgresDatabases()
            stack.callback(postgres.stop)
            url = stack.enter_context(postgres.new())
        held = measure(url, count, lambda line: _say(f"{kind}: {line}"))
        _say(f"{kind}: {held.warm / 1024:.1f} MB after {WARM} commands, {held.last / 1024:.1f} MB after {count}:")
        _say(f"{kind}: {held.growth:.3f} times; at most {MOST} is right")
        return held


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
