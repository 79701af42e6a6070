"""How the log looks, and what never reaches it."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from pythonjsonlogger.json import JsonFormatter

HUMAN = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
JSON = "%(asctime)s %(levelname)s %(name)s %(message)s"
NAMES = {"asctime": "time", "levelname": "level", "name": "logger"}
TALKATIVE = ("slack_bolt", "slack_sdk", "websocket", "urllib3")  # at DEBUG they write payloads, with what people typed
QUIET = ("alembic", "apscheduler", "sqlalchemy", "waitress.queue")  # what they say at INFO is of no use to anybody


def configure(level: str, form: str) -> None:
    """Log to standard error, as lines for people or as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(JSON, rename_fields=NAMES) if form == "json" else logging.Formatter(HUMAN))
    handler.addFilter(is_discreet)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


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
    return record.levelno >= logging.INFO or not record.name.startswith(TALKATIVE)
