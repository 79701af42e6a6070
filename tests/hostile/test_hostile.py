"""Thousands of payloads that Slack never sends: each is answered soon, and none stops or fills anything.

`HOSTILE_COUNT` says how many, and `HOSTILE_SEED` from which seed: the same two send the same payloads.
"""

import gc
import http.client
import json
import logging
import os
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from bot.serving.web import EVENTS_PATH, Web
from sandbox.world import steady
from sandbox.world.shapes import Request
from tests.hostile import mutations
from tests.hostile.payloads import record
from tests.stories import After
from tests.world import World

COUNT = int(os.environ.get("HOSTILE_COUNT", "300"))
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
def web(company: World) -> Iterator[Web]:
    company.hands.move_to(datetime.fromtimestamp(steady.wall(), UTC))  # a signature is good for five minutes
    secret = company.settings.slack_signing_secret
    web = Web(company.bolt, company.db, host="127.0.0.1", port=0, secret=secret)
    web.start()
    yield web
    web.stop()


class Sender:
    """Sends payloads over the network, and counts what came of them."""

    def __init__(self, world: World, web: Web) -> None:
        self._random = Random(SEED)  # noqa: S311 - so that a run can be repeated
        self._slack = world.slack
        self._port = web.port
        recorded = record(world)
        self._found = [(each.kind, json.loads(each.payload)) for each in recorded]
        self._bodies = [body for _, body in self._found]
        self.statuses: Counter[int] = Counter()
        self.slowest = 0.0

    def send(self, count: int, *, signed: bool) -> None:
        """So many payloads, one after the other."""
        for _ in range(count):
            kind, payload = self._random.choice(self._found)
            body = mutations.body_of(self._random, kind, mutations.mutated(self._random, payload, self._bodies))
            headers = self._slack.app.headers(Request(kind, "{}"), body)
            changes = {} if signed else self._random.choice(UNSIGNED)
            given = {name: value for name, value in {**headers, **changes}.items() if value is not None}
            self._ask(body, given)
            self._slack.calls.clear()  # what the sandbox remembers is not the bot's memory

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


def resident() -> int:
    """Pages of memory that this process holds now."""
    gc.collect()
    return int(Path("/proc/self/statm").read_text("ascii").split()[1])


def tracebacks(caplog: pytest.LogCaptureFixture) -> list[str]:
    return [f"{record.getMessage()}: {record.exc_info[1]!r}" for record in caplog.records if record.exc_info]


def failures(sender: Sender) -> dict[int, int]:
    return {status: count for status, count in sender.statuses.items() if status >= 500}


def test_what_is_not_signed_is_refused_in_a_line(company: World, web: Web, caplog: pytest.LogCaptureFixture) -> None:
    sender = Sender(company, web)
    caplog.set_level(logging.INFO)
    caplog.clear()
    sender.send(COUNT, signed=False)
    assert set(sender.statuses) <= {400, 401, TOO_LARGE}, (SEED, sender.statuses)
    assert tracebacks(caplog) == []
    assert sender.slowest < LONGEST_S


def test_what_is_signed_and_wrong_fails_alone_and_soon(
    company: World, web: Web, caplog: pytest.LogCaptureFixture
) -> None:
    sender = Sender(company, web)
    caplog.set_level(logging.INFO)
    sender.send(COUNT // 10, signed=True)  # what is loaded the first time stays loaded
    caplog.clear()
    before = resident()
    sender.send(COUNT, signed=True)
    assert failures(sender) == {}, SEED
    assert sender.statuses[200] > COUNT // 4, ("most of it never came through the door", sender.statuses)
    # A form without the channel that Slack requires, and some like it, still end in a reference.
    assert len(tracebacks(caplog)) <= max(1, COUNT // 200), (SEED, tracebacks(caplog))
    assert sender.slowest < LONGEST_S
    caplog.clear()
    assert resident() <= MOST_GROWTH * before
