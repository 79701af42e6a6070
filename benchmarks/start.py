"""From nothing to the first acknowledged command, and how large a replica is that has nothing to do.

Of `prickle serve` as it is installed. The processor's time counts, which a busy machine stretches less than the clock's.
"""

import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from benchmarks import companies, goals, pressed
from benchmarks.goals import Report
from bot.serving.manifest import manifest
from handlers import FEATURES
from handlers.commands import COMMANDS
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import PostgresDatabases, SqliteDatabases

STARTS = 3  # the first one of each database writes Python's bytecode, and does not count
CPU_GOAL_S, MEMORY_GOAL_MB = 0.8, 90.0
IDLE_S = 3.0
PATIENCE_S = 60.0
TICKS = os.sysconf("SC_CLK_TCK")


def measure() -> Report:
    """The table, and what missed its goal."""
    rows, missed = [["Start", "to the first command", "goal", "idle", "goal"]], []
    with ExitStack() as stack:
        slack = Workspace(manifest(COMMANDS, FEATURES))
        for number in range(companies.A_TEAM):
            slack.add_user(f"person{number:02}")
        slack.add_channel("general")
        server = stack.enter_context(Server(slack))
        postgres = PostgresDatabases()
        stack.callback(postgres.stop)
        lite = SqliteDatabases(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        for name, new in (("SQLite", lite.new), ("PostgreSQL", postgres.new)):
            url = stack.enter_context(new())
            companies.with_people(slack, url, companies.A_TEAM)
            started = [_start(slack, server.api_url, url) for _ in range(STARTS)][1:]
            cpu, idle = (statistics.median(each) for each in zip(*started, strict=True))
            rows.append(
                [name, f"{cpu:.2f} s of the processor", f"{CPU_GOAL_S} s", f"{idle:.0f} MB", f"{MEMORY_GOAL_MB:.0f} MB"]
            )
            missed += goals.at_most(f"{name}: the start", cpu, CPU_GOAL_S, " s")
            missed += goals.at_most(f"{name}: an idle replica", idle, MEMORY_GOAL_MB, " MB")
    return Report(goals.table(rows), missed)


def _start(slack: Workspace, api_url: str, database_url: str) -> tuple[float, float]:
    """The seconds of the processor until the first command is answered, and the megabytes a little later."""
    port = _free_port()
    with _replica(slack, api_url, database_url, port) as pid:
        slack.app.connect_http(f"http://127.0.0.1:{port}/slack/events")
        press, ready = pressed.PRESSES[0], pressed.somebody(slack, 0)
        wrong = press.what_is_wrong(slack, ready, slack.app.deliver(press.request(slack, ready)))
        if wrong:
            raise RuntimeError(f"the first command: {wrong}")
        seconds = _seconds(pid)
        time.sleep(IDLE_S)
        return seconds, _megabytes(pid)


@contextmanager
def _replica(slack: Workspace, api_url: str, database_url: str, port: int) -> Iterator[int]:
    settings = {
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_SIGNING_SECRET": slack.signing_secret,
        "SLACK_API_URL": api_url,
        "DATABASE_URL": database_url,
        "HOST": "127.0.0.1",
        "PORT": str(port),
    }
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "bot.start", "serve"]
    with subprocess.Popen(command, env=environment | settings, stderr=subprocess.DEVNULL) as process:  # noqa: S603  (our own)
        try:
            _wait_for(port)
            yield process.pid
        finally:
            process.terminate()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def _wait_for(port: int) -> None:
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError(f"nothing listens after {PATIENCE_S:.0f} s")


def _seconds(pid: int) -> float:
    """The processor's time so far, the kernel's included; it reads Linux's own account of it."""
    fields = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / TICKS


def _megabytes(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text("ascii").splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS:")) / 1024
