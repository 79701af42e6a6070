"""What every test may ask for: both databases, a Slack of its own, the bot in it, and a clock that stands still."""

from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from freezegun import config as freezegun_config
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from bot.database import Database
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import KINDS, MEMORY, PostgresDatabases, SqliteDatabases
from tests.nothing_skipped import pytest_make_collect_report, pytest_runtest_makereport
from tests.world import MANIFEST, World

__all__ = ["pytest_make_collect_report", "pytest_runtest_makereport"]  # hooks, which pytest finds by name

# A frozen clock must not reach whoever waits or signs: Bolt would hang, and signatures would be stale.
freezegun_config.configure(
    extend_ignore_list=[
        "slack_bolt",
        "slack_sdk",
        "sandbox",
        "uvicorn",
        "asyncio",
        "concurrent",
        "psycopg",
        "urllib",
        "http",
        "_pytest",
        "subprocess",
        "tests.end_to_end",
    ]
)


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    with TemporaryDirectory(prefix="prickle", dir=MEMORY) as folder:
        yield SqliteDatabases(Path(folder))


@pytest.fixture(scope="session")
def postgres_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresDatabases]:
    with pytest.MonkeyPatch.context() as patch:
        # The server's package warns when it has to guess this folder.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        databases = PostgresDatabases()
    yield databases
    databases.stop()


@pytest.fixture(params=KINDS)
def database_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of a fresh, migrated database; every test that asks for it runs on both kinds."""
    databases = request.getfixturevalue("sqlite_databases" if request.param == "sqlite" else "postgres_databases")
    with databases.new("of_this_test") as url:
        yield url


@pytest.fixture(scope="session")
def engines() -> dict[str, Database]:
    """The databases by their URLs: an engine remembers how each statement reads in SQL, which takes long to find out."""
    return {}


@pytest.fixture
def db(database_url: str, engines: dict[str, Database]) -> Iterator[Database]:
    database = engines.setdefault(database_url, Database(database_url))
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def slack_server() -> Iterator[Server]:
    with Server(Workspace()) as server:
        yield server


@pytest.fixture(scope="session")
def frozen_time() -> Iterator[FrozenDateTimeFactory]:
    # Freezing walks all modules, so it is done once; each test moves the hands.
    with freeze_time("2026-07-09 08:00:00", real_asyncio=True) as hands:
        assert isinstance(hands, FrozenDateTimeFactory)
        yield hands


@pytest.fixture
def hands(frozen_time: FrozenDateTimeFactory) -> FrozenDateTimeFactory:
    """The hands of the clock: Thursday 9 July 2026, 10:00 in Berlin, until a test moves them."""
    frozen_time.move_to("2026-07-09 08:00:00")
    return frozen_time


@pytest.fixture
def world(db: Database, slack_server: Server, hands: FrozenDateTimeFactory, tmp_path: Path) -> Iterator[World]:
    """A Slack with people and channels in it, and the bot, connected."""
    slack = Workspace(MANIFEST)
    slack_server.workspace = slack
    with World(slack, slack_server, db, hands) as world:
        yield world
    slack.app.disconnect()
    slack.close()
