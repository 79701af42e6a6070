"""`/sprint` with its modal opened, against a bare Bolt command that opens a static modal.

The same HTTP server, threads and Slack double for all; the bots take turns, so that a busy moment hits them alike.
"""

import gc
import json
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.domain.company import people
from bot.domain.planning import finalizing, plans
from bot.domain.planning.finalizing import Final
from bot.domain.planning.plans import MyPlan, TypedItem
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.domain.teams.teams import Charter, Founding
from bot.platform import clock
from bot.platform.database import Database
from bot.serving.manifest import manifest
from bot.views.company.people import read_profile
from handlers import FEATURES
from handlers.commands import COMMANDS
from models.teams import Customer
from sandbox.app import payloads
from sandbox.app.delivery import Request
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import PostgresDatabases, SqliteDatabases

PEOPLE = 50
ROUNDS = 12
ALONE = 40  # presses one after the other, a round
TOGETHER = 4  # presses of each of the 50 people at once, a round


@dataclass
class Times:
    """How long answers took, in seconds."""

    alone: list[float] = field(default_factory=list)
    together: list[float] = field(default_factory=list)

    def quantile(self, which: str, share: float) -> float:
        """The time within which this share of the answers came, in milliseconds."""
        values: list[float] = getattr(self, which)
        return statistics.quantiles(values, n=1000, method="inclusive")[round(share * 1000) - 1] * 1000


def measure() -> str:
    """The table, as text."""
    with ExitStack() as stack:
        slack = _workspace()
        server = stack.enter_context(Server(slack))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresDatabases()
        stack.callback(postgres.stop)
        lite = stack.enter_context(SqliteDatabases(folder).new())
        post = stack.enter_context(postgres.new())
        for url in (lite, post):
            _fill(slack, url)
        bots = {
            "Prickle, SQLite": ("prickle", lite),
            "Prickle, PostgreSQL": ("prickle", post),
            "bare Bolt": ("bare", lite),
            "bare Bolt, default settings": ("default", lite),
        }
        ports = {name: stack.enter_context(_bot(kind, server.api_url, url)) for name, (kind, url) in bots.items()}
        return _table(_race(slack, ports))


def _workspace() -> Workspace:
    slack = Workspace(manifest(COMMANDS, FEATURES))
    for number in range(PEOPLE):
        slack.add_user(f"person{number:02}")
    slack.add_channel("general", members=[user.id for user in slack.store.users.values()])
    return slack


def _fill(slack: Workspace, url: str) -> None:
    """Teams of five, each with a running sprint of 25 items, half of them done."""
    db, now = Database(url), clock.now()
    begun = now - timedelta(days=1)
    everybody = [slack.user(f"person{number:02}").id for number in range(PEOPLE)]
    profile = {"tz": "Europe/Berlin", "profile": {}}
    with db.begin() as session:
        people.sync(session, [read_profile({"id": each, "name": each, **profile}) for each in everybody], now=now)
    for number in range(0, PEOPLE, 5):
        members = everybody[number : number + 5]
        charter = Charter(f"Team {number}", "area", Customer.EXTERNAL, "all", f"C{number:08}")
        founding = Founding(charter, "UTC", 2, begun.weekday(), members[0], members)
        with db.begin() as session:
            team = teams.create(session, founding, by=members[0], now=begun)
            starts_on = sprints.to_plan([], sprints.cadence_of(session, team), begun).dates.starts_on
            for member in members:
                lines = [TypedItem(f"Item {each} of a usual length, about fifty characters") for each in range(5)]
                plan = MyPlan(team.id, starts_on, {}, lines[:3], lines[3:], None, None, keep_notes=False)
                plans.send(session, plan, person_id=member, now=begun)
            final = Final(team.id, starts_on, 0, [], [], "Playback first.", None, {}, "", [])
            finalizing.finalize(session, final, by=members[0], now=begun)
    db.dispose()


@contextmanager
def _bot(kind: str, api_url: str, database_url: str) -> Iterator[int]:
    command = [sys.executable, "-m", "benchmarks.bots", kind, api_url, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own module)
        try:
            yield int((process.stdout or sys.stdin).readline())
        finally:
            process.terminate()


def _race(slack: Workspace, ports: dict[str, int]) -> dict[str, Times]:
    times = {name: Times() for name in ports}
    with ThreadPoolExecutor(PEOPLE) as pool:
        for turn in range(ROUNDS + 1):
            for name, port in ports.items():
                slack.app.connect_http(f"http://127.0.0.1:{port}/slack/events")
                _forget(slack)
                alone = [_press(slack, turn % PEOPLE) for _ in range(ALONE)]
                together: list[float] = []
                for _ in range(TOGETHER):
                    together += pool.map(lambda number: _press(slack, number), range(PEOPLE))
                if turn:  # the first one warms everything up
                    times[name].alone += alone
                    times[name].together += together
    return times


def _forget(slack: Workspace) -> None:
    """What the double remembers of earlier rounds would be walked through by Python's garbage collector in later ones."""
    with slack.lock:
        for memory in (slack.calls, slack.triggers, slack.response_urls, slack.store.views, slack.store.stacks):
            memory.clear()
    gc.collect()


def _press(slack: Workspace, number: int) -> float:
    user = slack.user(f"person{number:02}")
    with slack.lock:
        slack.store.stacks.pop(user.id, None)
        payload = payloads.command(slack, user, slack.channel("general"), "/sprint", "")
    request = Request("slash_commands", json.dumps(payload))
    begun = time.perf_counter()
    answer = slack.app.deliver(request)
    passed = time.perf_counter() - begun
    if answer.status != 200 or not slack.store.stacks.get(user.id):
        raise RuntimeError(f"{answer.status} {answer.body}")
    return passed


def _table(times: dict[str, Times]) -> str:
    base = times["bare Bolt"]
    columns: list[tuple[str, Callable[[Times], float]]] = [
        ("p50 alone", lambda each: each.quantile("alone", 0.5)),
        ("p99 alone", lambda each: each.quantile("alone", 0.99)),
        (f"p50 of {PEOPLE} at once", lambda each: each.quantile("together", 0.5)),
        (f"p99 of {PEOPLE} at once", lambda each: each.quantile("together", 0.99)),
    ]
    head = ["/sprint, its modal opened", *(name for name, _ in columns)]
    rows = [
        [name, *(f"{value(each):.1f} ms ({value(each) / value(base):.2f}×)" for _, value in columns)]
        for name, each in times.items()
    ]
    widths = [max(len(row[number]) for row in [head, *rows]) for number in range(len(head))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) for row in [head, *rows]]
    return "\n".join([*lines, "In brackets: against bare Bolt. Goal: at most 2× in the first and the last column.", ""])
