"""The engine, its sessions, and what SQLite needs to behave."""

import copy
import os
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from sqlite3 import Connection as SqliteConnection
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.exc import DBAPIError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.orm import Session

from bot.platform.errors import Busy

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite

WAIT_S = 2.0  # below the 3 s that Slack waits, so that the person gets our words and not Slack's
BUSY_TIMEOUT_MS = round(WAIT_S * 1000)
_LAST = "last"  # of a session's info: what is done as the last thing of its transaction
CONNECT_TIMEOUT_S = 3  # an unreachable host would otherwise hold a start for minutes
FROZEN_MS = 5_000  # a transaction of ours lasts milliseconds: one that stands still is a process that was frozen
SQLITE_BUSY = 5  # the low byte of its codes: somebody else writes
POSTGRESQL_LOCKS = ("55P03", "40P01", "40001")  # a lock that was not free in time, a deadlock, two that can't both be
POOL_SIZE = 10  # a transaction takes about a millisecond, so a few connections serve all threads, and fairly


class Database:
    """One database. `begin()` is for deciding, `read()` for looking; both end their transaction themselves."""

    def __init__(self, url: str) -> None:
        self.engine = _engine(url)
        self._reading = self.engine.execution_options(**_read_options(self.engine.dialect.name))
        self._queue = WriteQueue() if self.engine.dialect.name == "sqlite" else None
        self._first: Callable[[Session], None] | None = None
        self._deciding = threading.local()

    def beginning_with(self, act: Callable[[Session], None]) -> "Database":
        """The same database, for one thread: `act` is the first thing that its first transaction does."""
        beginning = copy.copy(self)
        beginning._first = act
        return beginning

    @contextmanager
    def begin(self) -> Iterator[Session]:
        """One transaction: committed at the end of the block, rolled back when it raises. Raises Busy when none is free.

        Raises RuntimeError inside another one of the same thread, which would wait for itself on SQLite.
        """
        with (
            self._only_one(),
            _told_when_busy(),
            self._turn(),
            Session(self.engine, expire_on_commit=False) as session,
            session.begin(),
        ):
            first, self._first = self._first, None
            if first is not None:
                first(session)
            yield session
            for act in session.info.pop(_LAST, ()):
                act()

    @contextmanager
    def read(self) -> Iterator[Session]:
        """One transaction that takes no write lock; what it loads stays readable after the block. Raises Busy as well."""
        with _told_when_busy(), Session(self._reading, expire_on_commit=False, autoflush=False) as session:
            yield session

    @contextmanager
    def _only_one(self) -> Iterator[None]:
        if getattr(self._deciding, "now", False):
            raise RuntimeError("This thread has a transaction already. Decide in that one, or end it first.")
        self._deciding.now = True
        try:
            yield
        finally:
            self._deciding.now = False

    def _turn(self) -> AbstractContextManager[None]:
        # Who waits for their turn holds no connection, so that readers always find one.
        return self._queue.turn() if self._queue is not None else nullcontext()

    def is_new(self) -> bool:
        """Whether it is an SQLite file that is still to be made. Connecting, even to look, would make it."""
        file = self.engine.url.database if self.engine.dialect.name == "sqlite" else None
        if file is None or file.startswith("file:"):
            return False
        return not Path(file).exists() and os.access(Path(file).parent, os.W_OK)

    def ping(self) -> None:
        """Raise SQLAlchemyError if the database does not answer."""
        with self._reading.connect() as connection:
            connection.execute(text("SELECT 1"))

    def dispose(self) -> None:
        """Close every pooled connection."""
        self.engine.dispose()


class WriteQueue:
    """Those in this process who want to write, one at a time, in the order in which they came.

    SQLite has one writer. Whoever waits for it without a queue asks again and again, and the unlucky never get through.
    """

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._line: deque[threading.Event] = deque()

    def __len__(self) -> int:
        return len(self._line)

    @contextmanager
    def turn(self) -> Iterator[None]:
        """Wait for one's turn, and have it for the block. Raises Busy when it does not come in time."""
        mine = threading.Event()
        with self._guard:
            self._line.append(mine)
            self._line[0].set()
        try:
            if not mine.wait(WAIT_S):
                raise Busy
            yield
        finally:
            with self._guard:
                self._line.remove(mine)
                if self._line:
                    self._line[0].set()


@contextmanager
def _told_when_busy() -> Iterator[None]:
    try:
        yield
    except PoolTimeoutError as error:
        raise Busy from error
    except OperationalError as error:
        if _is_about_locks(error.orig):
            raise Busy from error
        raise


def _is_about_locks(error: BaseException | None) -> bool:
    code = getattr(error, "sqlite_errorcode", 0)
    return code & 0xFF == SQLITE_BUSY or getattr(error, "sqlstate", None) in POSTGRESQL_LOCKS


def at_the_end(session: Session, act: Callable[[], None]) -> None:
    """Do this as the last thing of the session's transaction, which `begin()` began; never if that fails before."""
    session.info.setdefault(_LAST, []).append(act)


@contextmanager
def attempt(session: Session) -> Iterator[None]:
    """If this block raises, what it did is undone, and what the transaction did before stays."""
    with session.begin_nested():
        yield


def insert(session: Session, table: type[Any]) -> "postgresql.Insert | sqlite.Insert":
    """An INSERT that knows `on_conflict_do_nothing` and `on_conflict_do_update`: each database has a class of its own."""
    # The engine has loaded the one of its own database, and nobody pays for the other one.
    if session.get_bind().dialect.name == "postgresql":
        from sqlalchemy.dialects import postgresql

        return postgresql.insert(table)
    from sqlalchemy.dialects import sqlite

    return sqlite.insert(table)


NOT_POSTGRESQL = "an error that has no state"
# A PostgreSQL error of these classes is the server's own: it stops, it starts, or the connection is gone.
_AWAY = ("57P", "08", "53")
_FAILING_FILE = (
    "unable to open",
    "disk I/O error",
    "database or disk is full",
    "attempt to write a readonly",
    "file is not",
)


def outage(error: BaseException) -> str | None:
    """Why the database is of no use to anybody at the moment, in a few words; None for every other error."""
    if isinstance(error, PoolTimeoutError):
        return "no connection became free"
    if not isinstance(error, DBAPIError):
        return None
    reason = next(iter(str(error.orig).strip().splitlines()), "")
    if error.connection_invalidated:
        return reason
    if not isinstance(error, OperationalError):
        return None
    state = getattr(error.orig, "sqlstate", NOT_POSTGRESQL)
    if state != NOT_POSTGRESQL:
        return reason if state is None or state.startswith(_AWAY) else None
    return reason if reason.startswith(_FAILING_FILE) else None


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
            pool_timeout=WAIT_S,
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
        pool_timeout=WAIT_S,
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
