"""What people press, each with its Slack call, against a bare Bolt app that makes the same call with a view that never changes.

The same HTTP server over TCP, threads and Slack double for all, and databases that sync to the disk. The bots take turns,
so that a busy moment hits them alike. Every answer is checked: a wrong one fails the run.
"""

import gc
import itertools
import json
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from bot.domain.company import people
from bot.domain.planning import plans
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
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.shapes import Request, Response
from sandbox.world.store import User, View
from sandbox.world.values import Json
from tests.databases import PostgresDatabases, SqliteDatabases

PEOPLE = 50
ROUNDS = 6
ALONE = 25  # presses one after the other, a round
TOGETHER = 4  # presses of each of the 50 people at once, a round
MOST_S = 2.0  # for a form that writes, with 50 people at once


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
        slack = workspace()
        server = stack.enter_context(Server(slack))
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        postgres = PostgresDatabases(durable=True)
        stack.callback(postgres.stop)
        lite = stack.enter_context(SqliteDatabases(folder).new())
        post = stack.enter_context(postgres.new())
        for url in (lite, post):
            fill(slack, url)
        bots = {SQLITE: ("prickle", lite), POSTGRESQL: ("prickle", post), BARE: ("bare", lite)}
        running = {name: stack.enter_context(bot(kind, server.api_url, url)) for name, (kind, url) in bots.items()}
        return _table(_race(slack, {name: each.port for name, each in running.items()}))


SQLITE, POSTGRESQL, BARE = "SQLite", "PostgreSQL", "bare Bolt"


def workspace() -> Workspace:
    """A Slack with the people who press."""
    slack = Workspace(manifest(COMMANDS, FEATURES))
    for number in range(PEOPLE):
        slack.add_user(f"person{number:02}")
    slack.add_channel("general", members=[user.id for user in slack.store.users.values()])
    return slack


def fill(slack: Workspace, url: str) -> None:
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
    db.dispose()


@dataclass(frozen=True)
class Running:
    """A bot that takes requests."""

    pid: int
    port: int


@contextmanager
def bot(kind: str, api_url: str, database_url: str) -> Iterator[Running]:
    """One of `benchmarks.bots`, until the block ends."""
    command = [sys.executable, "-m", "benchmarks.bots", kind, api_url, database_url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603  (our own module)
        try:
            yield Running(process.pid, int((process.stdout or sys.stdin).readline()))
        finally:
            process.terminate()


def _race(slack: Workspace, ports: dict[str, int]) -> dict[str, dict[str, Times]]:
    times = {press.name: {name: Times() for name in ports} for press in PRESSES}
    with ThreadPoolExecutor(PEOPLE) as pool:
        for turn in range(ROUNDS + 1):
            for press, (name, port) in itertools.product(PRESSES, ports.items()):
                slack.app.connect_http(f"http://127.0.0.1:{port}/slack/events")
                forget(slack)
                found = _round(slack, press, pool, turn)
                if turn:  # the first one warms everything up
                    times[press.name][name].alone += found.alone
                    times[press.name][name].together += found.together
    return times


def _round(slack: Workspace, press: "Press", pool: ThreadPoolExecutor, turn: int) -> Times:
    ready = [press.ready(slack, number) for number in range(PEOPLE)]
    alone = [_timed(slack, press, ready[turn % PEOPLE]) for _ in range(ALONE)]
    together: list[float] = []
    for _ in range(TOGETHER):
        together += pool.map(lambda each: _timed(slack, press, each), ready)
    return Times(alone, together)


def forget(slack: Workspace) -> None:
    """Have the double remember nothing: the garbage collector would walk through it in later rounds."""
    with slack.lock:
        for memory in (slack.calls, slack.triggers, slack.response_urls, slack.store.views, slack.store.stacks):
            memory.clear()
    gc.collect()


def _timed(slack: Workspace, press: "Press", ready: "Ready") -> float:
    request = press.request(slack, ready)
    begun = time.perf_counter()
    answer = slack.app.deliver(request)
    passed = time.perf_counter() - begun
    if answer.status != 200 or not press.is_right(slack, ready, answer):
        raise RuntimeError(f"{press.name}: {answer.status} {answer.trouble} {answer.body[:300]}")
    return passed


# --- what is pressed --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ready:
    """Somebody in front of Slack, perhaps with a form that is filled in."""

    user: User
    form: Json | None = None


@dataclass(frozen=True)
class Press:
    """Something that people press. `opens` when it only opens a window."""

    name: str
    request: Callable[[Workspace, Ready], Request]
    is_right: Callable[[Workspace, Ready, Response], bool]
    ready: Callable[[Workspace, int], Ready]
    opens: bool = False


def _somebody(slack: Workspace, number: int) -> Ready:
    return Ready(slack.user(f"person{number:02}"))


def _with_a_form(slack: Workspace, number: int) -> Ready:
    """Open the form "my plan" as this person, and fill nothing in: what it proposes is what is sent, again and again."""
    somebody = _somebody(slack, number)
    answer = slack.app.deliver(_command(slack, somebody, "plan"))
    view = _top(slack, somebody.user)
    if view is None:
        raise RuntimeError(f"no form: {answer.status} {answer.body}")
    return Ready(somebody.user, payloads.submission(slack, somebody.user, view))


def _command(slack: Workspace, ready: Ready, text: str = "") -> Request:
    with slack.lock:
        slack.store.stacks.pop(ready.user.id, None)
        payload = payloads.command(slack, ready.user, slack.channel("general"), "/sprint", text)
    return Request("slash_commands", json.dumps(payload))


def _button(action_id: str) -> Callable[[Workspace, Ready], Request]:
    def press(slack: Workspace, ready: Ready) -> Request:
        with slack.lock:
            slack.store.stacks.pop(ready.user.id, None)
            channel = slack.channel("general")
            action = {"type": "button", "action_id": action_id, "value": "1"}
            message = {"ts": "1.1", "text": "A card", "type": "message"}
            payload = payloads.message_actions(slack, ready.user, channel, message, {}, action)
        return Request("interactive", json.dumps(payload))

    return press


def _home(slack: Workspace, ready: Ready) -> Request:
    with slack.lock:
        slack.store.homes.pop(ready.user.id, None)
    event = {"type": "app_home_opened", "user": ready.user.id, "tab": "home", "event_ts": "1.1", "channel": "D1"}
    return Request(
        "events_api",
        json.dumps({"type": "event_callback", "team_id": slack.team_id, "event_id": uuid.uuid4().hex, "event": event}),
    )


def _submission(_slack: Workspace, ready: Ready) -> Request:
    return Request("interactive", json.dumps(ready.form))


def _top(slack: Workspace, user: User) -> View | None:
    with slack.lock:
        return next(iter(modals.stack(slack, user.id)[::-1]), None) if slack.store.stacks.get(user.id) else None


def _has_a_window(slack: Workspace, ready: Ready, _answer: Response) -> bool:
    view = _top(slack, ready.user)
    return view is not None and len(view.payload["blocks"]) > 1


def _has_a_home(slack: Workspace, ready: Ready, _answer: Response) -> bool:
    with slack.lock:
        return ready.user.id in slack.store.homes


def _is_taken(_slack: Workspace, _ready: Ready, answer: Response) -> bool:
    return (answer.json() or {}).get("response_action") == "update"


PRESSES = (
    Press("/sprint", _command, _has_a_window, _somebody, opens=True),
    Press("the first button", _button("first_of_all"), _has_a_window, _somebody, opens=True),
    Press("the last button", _button("last_of_all"), _has_a_window, _somebody, opens=True),
    Press("Home", _home, _has_a_home, _somebody),
    Press("my plan, sent", _submission, _is_taken, _with_a_form),
)


# --- the table --------------------------------------------------------------------------------------------------

COLUMNS: tuple[tuple[str, str, float], ...] = (
    ("p50 alone", "alone", 0.5),
    ("p99 alone", "alone", 0.99),
    (f"p50 of {PEOPLE} at once", "together", 0.5),
    (f"p99 of {PEOPLE} at once", "together", 0.99),
)


def _table(times: dict[str, dict[str, Times]]) -> str:
    rows = [["Pressed", "", *(name for name, _, _ in COLUMNS)]]
    for press, bots in times.items():
        for name, found in bots.items():
            values = [(found.quantile(which, share), bots[BARE].quantile(which, share)) for _, which, share in COLUMNS]
            rows.append([press, name, *(f"{value:.1f} ms ({value / base:.2f}×)" for value, base in values)])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    return "\n".join([*lines, *_goals(times), ""])


def _goals(times: dict[str, dict[str, Times]]) -> list[str]:
    first, last = times["the first button"], times["the last button"]
    ratios = (f"{last[name].quantile('alone', 0.5) / first[name].quantile('alone', 0.5):.2f}×" for name in first)
    slowest = (f"{max(times['my plan, sent'][name].together):.2f} s" for name in (SQLITE, POSTGRESQL))
    return [
        "In brackets: against bare Bolt. Goal for what only opens a window: at most 2× at p50.",
        f"The last button beside the first: {', '.join(ratios)}. Goal: at most 1.10×.",
        f"The slowest plan of {PEOPLE} × {TOGETHER}: {', '.join(slowest)}. Goal: at most {MOST_S:.0f} s, and none fails.",
    ]
