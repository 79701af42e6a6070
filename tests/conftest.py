"""What every test may ask for: both databases, a Slack of its own, the bot in it, and a clock that stands still."""

import gc
import logging
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from freezegun import config as freezegun_config
from freezegun import freeze_time
from freezegun.api import FrozenDateTimeFactory

from bot.platform.database import Database
from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.databases import MEMORY, PostgresDatabases, SqliteDatabases
from tests.nothing_skipped import pytest_make_collect_report, pytest_runtest_makereport
from tests.stories import After, Stories
from tests.which import pytest_collection_modifyitems, pytest_generate_tests
from tests.world import World

__all__ = [
    "pytest_collection_modifyitems",
    "pytest_generate_tests",
    "pytest_make_collect_report",
    "pytest_runtest_makereport",
]  # hooks, which pytest finds by name

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


def pytest_collection_finish() -> None:
    """What is loaded by now stays: the garbage collector need not walk through all of it during each test."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def _bolt_is_as_quiet_as_before() -> Iterator[None]:
    """A test that reads the log at DEBUG doesn't make the next one read it.

    Bolt copies the root's level to its own loggers when an app is made, and they keep it.
    """
    yield
    for name in [name for name in logging.root.manager.loggerDict if name.startswith("slack_bolt")]:
        logging.getLogger(name).setLevel(logging.NOTSET)


@pytest.fixture(scope="session")
def sqlite_databases() -> Iterator[SqliteDatabases]:
    with TemporaryDirectory(prefix="prickle", dir=MEMORY) as folder:
        yield SqliteDatabases(Path(folder))


@pytest.fixture(scope="session")
def postgresql_databases(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PostgresDatabases]:
    with pytest.MonkeyPatch.context() as patch:
        # The server's package warns when it has to guess this folder.
        patch.setenv("XDG_RUNTIME_DIR", str(tmp_path_factory.mktemp("runtime")))
        databases = PostgresDatabases()
    yield databases
    databases.stop()


@pytest.fixture
def database_kind(request: pytest.FixtureRequest) -> str:
    """The kind of database; `tests.which` says on which of them a test is told."""
    return str(request.param)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, database_kind: str) -> Iterator[str]:
    """The URL of a fresh, migrated database."""
    with request.getfixturevalue(f"{database_kind}_databases").new() as url:
        yield url


@pytest.fixture
def db(database_url: str) -> Iterator[Database]:
    database = Database(database_url)
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


@pytest.fixture(scope="session")
def sqlite_stories(
    sqlite_databases: SqliteDatabases, slack_server: Server, frozen_time: FrozenDateTimeFactory
) -> Iterator[Stories]:
    stories = Stories(sqlite_databases, slack_server, frozen_time)
    yield stories
    stories.close()


@pytest.fixture(scope="session")
def postgresql_stories(
    postgresql_databases: PostgresDatabases, slack_server: Server, frozen_time: FrozenDateTimeFactory
) -> Iterator[Stories]:
    stories = Stories(postgresql_databases, slack_server, frozen_time)
    yield stories
    stories.close()


@pytest.fixture
def after(request: pytest.FixtureRequest, database_kind: str, hands: FrozenDateTimeFactory) -> Iterator[After]:
    """Makes the world as it is at the end of stories: `after(begin, sprint_ends)`."""
    stories: Stories = request.getfixturevalue(f"{database_kind}_stories")
    with ExitStack() as stack:
        yield lambda *told: stack.enter_context(stories.world_after(*told))


@pytest.fixture
def world(after: After) -> World:
    """A Slack with people and channels in it, and the bot, connected."""
    return after()
