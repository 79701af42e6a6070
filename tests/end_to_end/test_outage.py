"""The database goes away and comes back, under a bot that runs as it is deployed."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from sandbox.people.person import Person
from sandbox.workspace import Workspace
from tests.databases import PostgresDatabases
from tests.end_to_end.deployment import running, settings, slack
from tests.end_to_end.processes import until
from tests.end_to_end.proxy import Proxy

__all__ = ["settings", "slack"]  # fixtures, which pytest finds by name

AWAY_S = 8


@pytest.fixture
def proxy(postgresql_databases: PostgresDatabases, settings: dict[str, str]) -> Iterator[Proxy]:
    """A way to PostgreSQL that can be cut; the bot is told to take it."""
    with postgresql_databases.new() as url:
        there = make_url(url)
        with Proxy(f"{there.query['host']}/.s.PGSQL.5432") as proxy:
            settings["DATABASE_URL"] = f"postgresql://{there.username}@127.0.0.1:{proxy.port}/{there.database}"
            yield proxy


def test_while_postgresql_is_away_the_log_holds_a_line_and_afterwards_all_goes_on(
    slack: Workspace, settings: dict[str, str], proxy: Proxy, tmp_path: Path
) -> None:
    slack.raise_on_trouble = False
    with running(slack, settings, "http", tmp_path) as deployed:
        ada = slack.person("ada")
        proxy.cut()
        before, until_s = len(deployed.prickle.output.splitlines()), time.monotonic() + AWAY_S
        while time.monotonic() < until_s:
            ada.command("/sprint")
            time.sleep(0.5)
        told = deployed.prickle.output.splitlines()[before:]
        loud = [line for line in told if '"level": "DEBUG"' not in line]
        assert sum("The database does not answer" in line for line in loud) == 1
        assert len(loud) <= 5, loud
        assert "can't reach its database" in ada.ephemerals[-1]["text"]
        proxy.mend()
        until(lambda: asked(ada), "the answer")


def asked(person: Person) -> bool:
    """Whether somebody sees a window when they ask for one."""
    person.command("/sprint")
    return person.view is not None
