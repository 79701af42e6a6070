"""A bot that runs as it is deployed, and the Slack that it talks to."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from sandbox import seed
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import SqliteDatabases
from tests.end_to_end.processes import Prickle, until
from tests.world import MANIFEST

__all__ = ["Deployment", "deployed", "settings", "slack"]  # three of them are fixtures, which pytest finds by name

WAYS = ("http", "socket")


@dataclass
class Deployment:
    """A Slack, and a running bot that it talks to in one of the two ways."""

    slack: Workspace
    prickle: Prickle
    url: str


@pytest.fixture
def slack() -> Iterator[Workspace]:
    workspace = Workspace(MANIFEST)
    seed.company(workspace=workspace)
    yield workspace
    workspace.close()


@pytest.fixture
def settings(slack: Workspace, sqlite_databases: SqliteDatabases) -> Iterator[dict[str, str]]:
    with Server(slack) as server, sqlite_databases.new() as database_url:
        yield {
            "SLACK_BOT_TOKEN": slack.bot_token,
            "SLACK_SIGNING_SECRET": slack.signing_secret,
            "SLACK_API_URL": server.api_url,
            "DATABASE_URL": database_url,
            "PORT": "0",
            "LOG_FORMAT": "json",
            "LOG_LEVEL": "DEBUG",
        }


@contextmanager
def running(slack: Workspace, settings: dict[str, str], way: str, folder: Path) -> Iterator[Deployment]:
    """`prickle serve` with these settings, connected to its Slack."""
    if way == "socket":
        settings = {**settings, "SLACK_APP_TOKEN": slack.app_token}
    with Prickle(folder, "serve", **settings) as prickle:
        prickle.says("Prickle takes work")
        port = re.search(r"HTTP on 127\.0\.0\.1:(\d+)", prickle.output)
        assert port is not None
        url = f"http://127.0.0.1:{port[1]}"
        if way == "http":
            slack.app.connect_http(f"{url}/slack/events")
        else:
            until(lambda: len(slack.app.sockets) == 2, "two connections")
        yield Deployment(slack, prickle, url)


@pytest.fixture(params=WAYS)
def deployed(
    request: pytest.FixtureRequest, slack: Workspace, settings: dict[str, str], tmp_path: Path
) -> Iterator[Deployment]:
    with running(slack, settings, request.param, tmp_path) as deployment:
        yield deployment
