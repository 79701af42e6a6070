"""How the log looks, and what never reaches it."""

import logging

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
    handler.addFilter(_is_discreet)
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)


def _is_discreet(record: logging.LogRecord) -> bool:
    # A filter and no level: Bolt gives its loggers the root's level, whatever theirs was.
    return record.levelno >= logging.INFO or not record.name.startswith(TALKATIVE)
