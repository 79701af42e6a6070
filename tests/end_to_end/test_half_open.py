"""Connections to Slack that are dead, though nobody said so: a proxy between keeps them open and swallows what is sent."""

import time
from pathlib import Path

import pytest

from sandbox.workspace import Workspace
from tests.end_to_end.deployment import running, settings, slack
from tests.end_to_end.processes import until
from tests.end_to_end.proxy import Proxy

__all__ = ["settings", "slack"]  # fixtures, which pytest finds by name


@pytest.fixture
def proxy(slack: Workspace, settings: dict[str, str]) -> Proxy:
    """A proxy that every web socket goes through."""
    host, _, port = slack.base_url.removeprefix("http://").partition(":")
    return Proxy((host, int(port)))


def test_with_both_connections_swallowed_there_are_new_ones_within_thirty_seconds(
    slack: Workspace, settings: dict[str, str], proxy: Proxy, tmp_path: Path
) -> None:
    with proxy:
        slack.base_url = f"http://127.0.0.1:{proxy.port}"
        with running(slack, settings, "socket", tmp_path):
            swallowed = list(slack.app.sockets)
            proxy.swallow_what_is_open()
            for each in swallowed:
                slack.app.detach(each)  # Slack, too, sends over a connection only as long as it hears of it
            started = time.monotonic()
            until(lambda: len(slack.app.sockets) == 2, "two new connections", patience_s=30)
            assert time.monotonic() - started < 30
            ada = slack.person("ada")
            ada.command("/prickle help")
            assert "/sprint" in ada.ephemerals[-1]["text"]


def test_a_new_connection_whose_greeting_is_swallowed_is_given_up_too(
    slack: Workspace, settings: dict[str, str], proxy: Proxy, tmp_path: Path
) -> None:
    with proxy:
        slack.base_url = f"http://127.0.0.1:{proxy.port}"
        with running(slack, settings, "socket", tmp_path):
            swallowed = list(slack.app.sockets)
            made = proxy.connections
            proxy.swallow(what_comes=True)
            for each in swallowed:
                slack.app.detach(each)
            until(lambda: proxy.connections > made, "a connection that leads nowhere", patience_s=30)
            proxy.swallow_what_is_open()
            until(lambda: len(slack.app.sockets) == 2, "two new connections", patience_s=30)
