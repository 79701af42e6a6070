"""Thousands of payloads that Slack never sends: each is answered soon, and none stops or fills anything.

`HOSTILE_COUNT` says how many, and `HOSTILE_SEED` from which seed: the same two send the same payloads.
"""

import http.client
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.serving.web import EVENTS_PATH
from sandbox.world import modals, steady
from sandbox.world.shapes import Request
from sandbox.world.values import Json
from tests.hostile import mutations
from tests.hostile.payloads import record
from tests.hostile.process import Running, running
from tests.stories import After
from tests.world import World

COUNT = int(os.environ.get("HOSTILE_COUNT", "10000"))  # signed, and as many that are not: two minutes a database
WARM = 3_000
SEED = int(os.environ.get("HOSTILE_SEED", "1"))
LONGEST_S = 3.0
MOST_GROWTH = 1.1
TOO_LARGE = 413
UNSIGNED: tuple[dict[str, str | None], ...] = (
    {"x-slack-signature": None},
    {"x-slack-signature": ""},
    {"x-slack-signature": "v0=" + "0" * 64},
    {"x-slack-request-timestamp": None},
    {"x-slack-request-timestamp": "0"},
    {"x-slack-request-timestamp": "-1"},
    {"x-slack-request-timestamp": "tomorrow"},
)


def a_company(world: World) -> None:
    """A company with a team, a plan and an intake channel."""
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.post()
    world.sweep()
    world.post()


@pytest.fixture
def company(after: After) -> World:
    return after(a_company)


@pytest.fixture
def bot(company: World, tmp_path: Path) -> Iterator[Running]:
    company.hands.move_to(datetime.fromtimestamp(steady.wall(), UTC))  # a signature is good for five minutes
    with running(
        company.settings, company.db.engine.url.render_as_string(hide_password=False), tmp_path / "log"
    ) as bot:
        yield bot


class Sender:
    """Sends payloads over the network, and counts what came of them."""

    def __init__(self, world: World, port: int) -> None:
        self._random = Random(SEED)  # noqa: S311 - so that a run can be repeated
        self._slack = world.slack
        self._port = port
        recorded = record(world)
        self._found = [(each.kind, json.loads(each.payload)) for each in recorded]
        self._bodies = [body for _, body in self._found]
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0

    def send(self, count: int, *, signed: bool) -> None:
        """So many payloads, one after the other."""
        for _ in range(count):
            kind, payload = self._random.choice(self._found)
            payload = payload | self._fresh(payload)
            body = mutations.body_of(self._random, kind, mutations.mutated(self._random, payload, self._bodies))
            headers = self._slack.app.headers(Request(kind, "{}"), body)
            changes = {} if signed else self._random.choice(UNSIGNED)
            given = {name: value for name, value in {**headers, **changes}.items() if value is not None}
            self._ask(body, given)
            self._slack.calls.clear()  # what the sandbox remembers is not the bot's memory

    def _fresh(self, payload: Json) -> Json:
        """A trigger that opens a window: with a used one nothing would come further than to Slack's no."""
        if "trigger_id" not in payload:
            return {}
        user = payload.get("user_id") or payload["user"]["id"]
        in_a_window = (payload.get("view") or {}).get("type") == "modal"
        return {"trigger_id": modals.new_trigger(self._slack, user, from_modal=in_a_window)}

    def _ask(self, body: bytes, headers: dict[str, str]) -> None:
        started = steady.monotonic()
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=2 * LONGEST_S)
        try:
            connection.request("POST", EVENTS_PATH, body, headers)
            answer = connection.getresponse()
            answer.read()
            self.statuses[answer.status] += 1
        except (BrokenPipeError, ConnectionResetError):
            self.statuses[TOO_LARGE] += 1  # it hung up before all of it was sent
        finally:
            connection.close()
        self.slowest = max(self.slowest, steady.monotonic() - started)


def failures(sender: Sender) -> dict[int, int]:
    return {status: count for status, count in sender.statuses.items() if status >= 500}


def test_what_is_not_signed_is_refused_in_a_line(company: World, bot: Running) -> None:
    sender = Sender(company, bot.port)
    sender.send(COUNT, signed=False)
    assert set(sender.statuses) <= {400, 401, TOO_LARGE}, (SEED, sender.statuses)
    assert bot.tracebacks == []
    assert sender.slowest < LONGEST_S
    tell("unsigned", sender)


def test_what_is_signed_and_wrong_fails_alone_and_soon(company: World, bot: Running) -> None:
    sender = Sender(company, bot.port)
    sender.send(WARM, signed=True)  # what is loaded the first time stays loaded
    before = bot.resident
    sender.send(COUNT, signed=True)
    assert failures(sender) == {}, SEED
    assert bot.tracebacks == [], SEED
    assert sender.statuses[200] > COUNT // 4, ("most of it never came through the door", sender.statuses)
    assert sender.slowest < LONGEST_S
    tell(f"signed, memory {bot.resident / before:.3f} times", sender)
    assert bot.resident <= MOST_GROWTH * before


def tell(what: str, sender: Sender) -> None:
    """What `python -m tests.hostile` prints."""
    sys.stdout.write(f"\n{what}: {dict(sorted(sender.statuses.items()))}, the slowest {sender.slowest:.2f} s\n")
