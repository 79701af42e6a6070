"""Calendars as they are deployed: beside Slack's requests or beside sockets, at the door where strangers knock."""

import re
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from sandbox.workspace import Workspace
from tests.end_to_end.deployment import Deployment, running, settings, slack
from tests.end_to_end.processes import until

__all__ = ["settings", "slack"]  # fixtures, which pytest finds by name

PROMPT_S = 2.0  # below the 3 s that Slack waits, on a machine that tests other things beside
URL = "https://prickle.example"


@pytest.fixture(params=["http", "socket"])
def deployed(
    request: pytest.FixtureRequest, slack: Workspace, settings: dict[str, str], tmp_path: Path
) -> Iterator[Deployment]:
    """A bot with a public address."""
    with running(slack, {**settings, "PUBLIC_URL": f"{URL}/"}, request.param, tmp_path) as deployment:
        yield deployment


def get(deployed: Deployment, path: str) -> tuple[int, str]:
    connection = HTTPConnection(urlsplit(deployed.url).netloc, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    said = answer.status, answer.read().decode()
    connection.close()
    return said


def subscribe(deployed: Deployment) -> str:
    ada = deployed.slack.person("ada")
    ada.command("/prickle calendar")
    ada.click("calendar_make")
    (path,) = re.findall(rf"{re.escape(URL)}(/calendar/[\w-]{{43}}\.ics)", str(ada.view))
    ada.close_all()
    return str(path)


def prompt(deployed: Deployment) -> None:
    """Slack and whoever watches over it get their answers as always."""
    started = time.monotonic()
    assert get(deployed, "/healthz") == (200, "alive")
    ada = deployed.slack.person("ada")
    ada.command("/prickle help")
    assert ada.trouble is None
    assert time.monotonic() - started < PROMPT_S


def test_a_calendar_is_given_out_and_no_log_holds_its_address(deployed: Deployment) -> None:
    path = subscribe(deployed)
    assert get(deployed, path)[0] == 200
    assert get(deployed, path.replace(".ics", "X.ics"))[0] == 404
    for _ in range(60):
        last = get(deployed, path)[0]
    assert last == 429
    assert path.removeprefix("/calendar/").removesuffix(".ics") not in deployed.prickle.output
    assert "/calendar/" not in deployed.prickle.output


def test_a_storm_of_guesses_and_of_slow_clients_costs_the_others_nothing(deployed: Deployment) -> None:
    path, over, statuses = subscribe(deployed), threading.Event(), set[int]()

    def guess() -> None:
        while not over.is_set():
            statuses.add(get(deployed, f"/calendar/{'A' * 43}.ics")[0])

    address = urlsplit(deployed.url)
    guesses = [threading.Thread(target=guess) for _ in range(8)]
    with ExitStack() as stack:
        for _ in range(100):
            slow = stack.enter_context(socket.create_connection((address.hostname, address.port), timeout=15))
            slow.sendall(f"GET {path} HTTP/1.1\r\nX-Slow: ".encode())
        for each in guesses:
            each.start()
        for _ in range(5):
            prompt(deployed)
        assert get(deployed, path)[0] == 200
        over.set()
        for each in guesses:
            each.join()
        assert statuses == {404}
        slow.settimeout(12)
        until(lambda: not slow.recv(65_536), "the deadline of a client that never ends its request")
    assert "Traceback" not in deployed.prickle.output
