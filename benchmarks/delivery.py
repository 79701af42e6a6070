"""A message to each of 1,000 channels, against a Slack that enforces its limits: how much of what it takes is used.

The limit is ten times Slack's, so that a run takes 20 s and not 200. That is harder for the bot: a second in which it
does not post costs it 50 messages, and not five.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path
from subprocess import PIPE, Popen

from apscheduler.schedulers.background import BackgroundScheduler

from benchmarks import goals
from benchmarks.goals import Report
from bot.app import POST_TIMEOUT_S
from bot.domain.outbox import posts
from bot.domain.outbox.paces import Limits
from bot.domain.outbox.posts import Message
from bot.platform import clock, logs
from bot.platform.database import Database
from bot.platform.slack import PooledWebClient
from bot.serving.manifest import manifest
from handlers import FEATURES
from handlers.commands import COMMANDS
from jobs.outbox.delivery import Delivery
from sandbox.api.limits import WORKSPACE_BURST
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import PostgresDatabases, SqliteDatabases

CHANNELS = 1_000
A_MINUTE = 3_000
MOST = 1.1  # times the time that the limit takes
LEAST_S = (CHANNELS - WORKSPACE_BURST) * 60 / A_MINUTE
PATIENCE_S = 4 * LEAST_S


@dataclass(frozen=True)
class Run:
    """How long it took until the last message stood, and how often Slack refused one for coming too early."""

    name: str
    seconds: float
    refused: int


def measure() -> Report:
    """The table, and what missed its goal."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresDatabases()
        stack.callback(postgres.stop)
        lite = stack.enter_context(SqliteDatabases(folder).new())
        post = stack.enter_context(postgres.new())
        return _report([_run("1 replica, SQLite", lite, 1), _run("2 replicas, PostgreSQL", post, 2)])


def _run(name: str, url: str, replicas: int) -> Run:
    slack = Workspace(manifest(COMMANDS, FEATURES))
    channels = [slack.add_channel(f"channel-{each}", members=[slack.bot_user_id]).id for each in range(CHANNELS)]
    slack.messages_a_minute, slack.enforce_rate_limits = A_MINUTE, True
    with ExitStack() as stack:
        server = stack.enter_context(Server(slack))
        for _ in range(replicas):
            stack.enter_context(_replica(server.api_url, url, slack.bot_token))
        _write(url, channels)
        begun = time.perf_counter()
        while _posted(slack) < CHANNELS:
            if time.perf_counter() - begun > PATIENCE_S:
                raise RuntimeError(f"{name}: only {_posted(slack)} of {CHANNELS} messages after {PATIENCE_S:.0f} s")
            time.sleep(0.01)
        seconds = time.perf_counter() - begun
    if len({call.args["channel"] for call in slack.calls if call.response_ok}) != CHANNELS:
        raise RuntimeError(f"{name}: some channel has two messages, and another none")
    return Run(name, seconds, sum(call.error == "ratelimited" for call in slack.calls))


def _posted(slack: Workspace) -> int:
    with slack.lock:
        return sum(call.response_ok for call in slack.calls)


def _write(url: str, channels: list[str]) -> None:
    """Decide all of it in one moment, as when a company's Monday begins."""
    db = Database(url)
    with db.begin() as session:
        for channel in channels:
            posts.write(session, f"benchmark:{channel}", channel, Message("Time to plan."), now=clock.now())
    db.dispose()


@contextmanager
def _replica(api_url: str, database_url: str, token: str) -> Iterator[None]:
    command = [sys.executable, "-m", "benchmarks.delivery", api_url, database_url, token]
    with Popen(command, stdout=PIPE, text=True) as process:  # noqa: S603  (our own module)
        try:
            (process.stdout or sys.stdin).readline()
            yield
        finally:
            process.terminate()


def _report(runs: list[Run]) -> Report:
    head = [f"{CHANNELS:,} messages, {A_MINUTE:,} a minute", "time", "the limit's own", "ratio", "429s"]
    rows = [
        [run.name, f"{run.seconds:.1f} s", f"{LEAST_S:.1f} s", f"{run.seconds / LEAST_S:.2f}×", str(run.refused)]
        for run in runs
    ]
    missed = [each for run in runs for each in goals.at_most(f"{run.name}: delivery", run.seconds / LEAST_S, MOST)]
    return Report(f"{goals.table([head, *rows])}\nGoal: at most {MOST}×.", missed)


def main(api_url: str, database_url: str, token: str) -> None:
    """Deliver, as a replica does, until the process is ended; a line is printed first."""
    logs.configure("ERROR", "human")
    client = PooledWebClient(token, api_url, POST_TIMEOUT_S)
    delivery = Delivery(Database(database_url), client, clock.now, Limits(messages_a_minute=A_MINUTE))
    ticker = BackgroundScheduler(timezone=UTC)
    ticker.add_job(delivery.pump, "interval", seconds=1, max_instances=1, coalesce=True, misfire_grace_time=None)
    ticker.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    while True:
        time.sleep(60)


if __name__ == "__main__":
    main(*sys.argv[1:])
