"""The engine, its sessions, and what SQLite needs to behave."""

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

BUSY_TIMEOUT_MS = 2_500  # below the 3 s that Slack waits, so that the person gets our words and not Slack's
_LAST = "last"  # of a session's info: what is done as the last thing of its transaction
CONNECT_TIMEOUT_S = 3  # an unreachable host would otherwise hold a start for minutes
FROZEN_MS = 5_000  # a transaction of ours lasts milliseconds: one that stands still is a process that was frozen
POOL_SIZE = 10  # a transaction takes about a millisecond, so a few connections serve all threads, and fairly


class Database:
    """One database. `begin()` is for deciding, `read()` for looking; both end their transaction themselves."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(**_read_options(self.engine.dialect.name))

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back when it raises."""
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            yield session
            for act in session.info.pop(_LAST, ()):
                act()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that takes no write lock; what it loads stays readable after the block."""
        with Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    def is_new(self) -> bool:
        """Whether it is an SQLite file that is still to be made. Connecting, even to look, would make it."""
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        if file is None or file.startswith("file:"):
            return False
        return not Path(file).exists() and os.access(Path(file).parent, os.W_OK)

    def ping(self) -> None:
        """Raise SQLAlchemyError if the database does not answer."""
        with self.engine.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


def at_the_end(session: Session, act: Callable[[], None]) -> None:
    """Do this as the last thing of the session's transaction, which `begin()` began; never if that fails before."""
    session.info.setdefault(_LAST, []).append(act)


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """If this block raises, what it did is undone, and what the transaction did before stays."""
    with session.begin_nested():
        yield


def insert(session: Session, table: type[Any]) -> postgresql.Insert | sqlite.Insert:
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`: each database has a class of its own."""
    if session.get_bind().dialect.name == "postgresql":
        return postgresql.insert(table)
    return sqlite.insert(table)


def _read_options(dialect: str) -> dict[str, Any]:
    if dialect == "postgresql":
        # Each statement sees what is committed anyway: BEGIN and ROLLBACK would be two more round trips.
        return {"isolation_level": "AUTOCOMMIT"}
    return {"prickle_read_only": True}


def _engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        engine = create_engine(
            url,
            pool_size=POOL_SIZE,
            max_overflow=0,
            hide_parameters=True,
            connect_args={"timeout": BUSY_TIMEOUT_MS / 1000},
        )
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(
        url,
        pool_size=POOL_SIZE,
        max_overflow=0,
        pool_pre_ping=True,
        hide_parameters=True,  # an error's text reaches the log, and what people typed must not
        connect_args={
            "connect_timeout": CONNECT_TIMEOUT_S,
            "options": f"-c lock_timeout={BUSY_TIMEOUT_MS} -c idle_in_transaction_session_timeout={FROZEN_MS} -c timezone=UTC",
        },
    )


def _prepare_sqlite(connection: SqliteConnection, _record: object) -> None:
    # The driver would open its own transactions, and too late: we say BEGIN ourselves, below.
    connection.isolation_level = None
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA foreign_keys = ON")
    connection.execute(f"PRAGMA busy_timeout = {BUSY_TIMEOUT_MS}")


def _begin_sqlite(connection: Connection) -> None:
    # A transaction that reads and then writes must hold the write lock from the start, or it loses its update.
    read_only = connection.get_execution_options().get("prickle_read_only")
    connection.exec_driver_sql("BEGIN" if read_only else "BEGIN IMMEDIATE")
