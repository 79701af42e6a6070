"""How the log looks, and what never reaches it: what people typed, at any level, whatever goes wrong."""

import copy
import logging
import os
import re
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TextIO

from pythonjsonlogger.json import JsonFormatter

from bot.platform.storms import Storms

HUMAN = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
JSON = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}
# What they say below these levels is of no use to anybody.
QUIET = {
    "alembic": logging.WARNING,
    "apscheduler": logging.WARNING,
    "apscheduler.scheduler": logging.ERROR,  # it warns of each tick for which the last one took too long: the next one does both
    "sqlalchemy": logging.WARNING,
    "waitress.queue": logging.ERROR,  # it warns of each request that waits a moment
}
# These log ids, counts and codes. Every other logger belongs to a library, which may quote a payload in what it says.
CAREFUL = ("bot", "handlers", "jobs", "migrations", "prickle", "apscheduler", "alembic", "__main__")
# How the lines of libraries begin that are of use to somebody; what follows the beginning is not written.
BEGINNINGS = (
    "Unhandled request",
    "Unsuccessful Bolt execution result",
    "Failed to authorize with the given token",
    "Rate limited. Retrying",
    "Failed to retrieve WSS URL",
    "Connecting to a new endpoint",
    "Connected to a new endpoint",
    "Failed to run a message listener",
    "Failed to run a request listener",
    "Failed to process a message",
    "on_error invoked",
    "Received CLOSE event. Reconnecting",
    "A new session has been established",
    "The current session",
    "Starting to receive messages from a new connection",
    "Stopped receiving messages from a connection",
    "Failed to start or stop the current session",
    "The session seems to be already closed. Reconnecting",
    "Failed to check the current session or reconnect to the server",
    "Failed to send a request to Slack API server",
    "Failed to decode Slack API response",
    "Bolt app is running",
    "Websocket connected",
    "Connection pool is full",
    "Serving on",
    "Client disconnected while serving",
    "Exception while serving",
    "Socket error",
)
OURS = {
    "Invalid request signature detected": "A request's signature is wrong, so it was turned away. "
    "If it was Slack's, check SLACK_SIGNING_SECRET and this machine's clock"
}
WITHHELD = "said something at %s:%d; its words are left out, they may quote what people typed"
CODE = re.compile(r"\w{1,60}")  # of Slack, of a database: nobody typed it
STANDARD = frozenset([*vars(logging.makeLogRecord({})), "message", "asctime"])


class DiscreetFormatter(logging.Formatter):
    """Writes no value that a library logs, and of an exception what it is and where, not what it says."""

    def format(self, record: logging.LogRecord) -> str:
        """The line, and the traceback if there is one."""
        return super().format(_discreet(record))

    # The name is logging's.
    def formatException(  # noqa: N802
        self, ei: tuple[type[BaseException], BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> str:
        """The traceback, without the words of the exceptions: they quote what was typed."""
        return "\n".join(_told(ei[1])) if ei[1] is not None else ""


class DiscreetJsonFormatter(DiscreetFormatter, JsonFormatter):
    """The same as JSON, one object a line."""


class DiscreetHandler(logging.StreamHandler[TextIO]):
    """Writes to standard error unless told otherwise; of a line that can't be formatted it says only that."""

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name is logging's
        """Say where the line comes from. Logging itself would print the values that it could not format."""
        self.stream.write(f"A line of {record.name} could not be written ({record.filename}:{record.lineno})\n")


def handler(form: str, stream: TextIO | None = None) -> logging.Handler:
    """What writes lines for people, or JSON."""
    made = DiscreetHandler(stream)
    made.setFormatter(DiscreetJsonFormatter(JSON, rename_fields=NAMES) if form == "json" else DiscreetFormatter(HUMAN))
    made.addFilter(is_discreet)
    made.addFilter(Storms(made.handle))
    return made


def configure(level: str, form: str) -> None:
    """Log to standard error, as lines for people or as JSON."""
    root = logging.getLogger()
    root.handlers[:] = [handler(form)]
    root.setLevel(level)
    for name, least in QUIET.items():
        logging.getLogger(name).setLevel(least)
    threading.excepthook = thread_failed


@contextmanager
def without(*names: str) -> Iterator[None]:
    """While the block runs, nothing is written of these loggers and those below them."""

    def is_another(record: logging.LogRecord) -> bool:
        return not record.name.startswith(names)

    handlers = logging.getLogger().handlers[:]
    for handler in handlers:
        handler.addFilter(is_another)
    try:
        yield
    finally:
        for handler in handlers:
            handler.removeFilter(is_another)


def is_discreet(record: logging.LogRecord) -> bool:
    """Whether this may be written: libraries say at DEBUG what people typed."""
    # A filter and no level: Bolt gives its loggers the root's level, whatever theirs was.
    return record.levelno >= logging.INFO or _is_careful(record)


def _is_careful(record: logging.LogRecord) -> bool:
    return re.split(r"[.:]", record.name)[0] in CAREFUL


def _discreet(record: logging.LogRecord) -> logging.LogRecord:
    # A copy: other handlers, such as a test's, see the record as it was.
    shown = copy.copy(record)
    shown.exc_text = None
    if _is_careful(record):
        return shown
    for name in set(vars(shown)) - STANDARD:
        delattr(shown, name)  # JSON would carry whatever a library adds
    said = str(record.msg)
    known = next((beginning for beginning in (*OURS, *BEGINNINGS) if said.startswith(beginning)), None)
    shown.msg, shown.args = (OURS.get(known, known), ()) if known else (WITHHELD, (record.filename, record.lineno))
    return shown


def _told(error: BaseException) -> Iterator[str]:
    """The traceback of an exception and of those that led to it, the first one first."""
    chain: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in chain:
        chain.append(link)
        link = link.__cause__ or (None if link.__suppress_context__ else link.__context__)
    for each in reversed(chain):
        yield "Traceback (most recent call last):"
        yield "".join(traceback.format_tb(each.__traceback__)).rstrip("\n")
        kind = f"{type(each).__module__}.{type(each).__qualname__}".removeprefix("builtins.")
        yield " ".join([kind, *_codes(each)])


def _codes(error: BaseException) -> Iterator[str]:
    """What of an exception nobody typed: Slack's code, the database's, the name of a constraint, the system's error."""
    response = getattr(error, "response", None)
    found = [
        response.get("error") if response is not None and hasattr(response, "get") else None,
        getattr(error, "sqlstate", None),
        getattr(error, "sqlite_errorname", None),
        getattr(getattr(error, "diag", None), "constraint_name", None),
    ]
    yield from (f"({code})" for code in found if isinstance(code, str) and CODE.fullmatch(code))
    if isinstance(error, OSError) and error.errno is not None:
        yield f"({os.strerror(error.errno)})"


def thread_failed(failed: threading.ExceptHookArgs) -> None:
    """Log that a thread has ended with an exception; Python itself would print its words."""
    if failed.exc_value is not None and not issubclass(failed.exc_type, SystemExit):
        logging.getLogger(__name__).error("a thread has ended", exc_info=failed.exc_value)
