"""How the log looks, and what never reaches it."""

import logging

from pythonjsonlogger.json import JsonFormatter

HUMAN = "%(asctime)s %(levelname)-7s %(name)s: %(message)s"
JSON = "%(asctime)s %(levelname)s %(name)s %(message)s"


def configure(level: str, form: str) -> None:
    """Log to standard error, as lines for people or as JSON."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonFormatter(JSON) if form == "json" else logging.Formatter(HUMAN))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in ("slack_bolt", "slack_sdk", "websocket"):
        # At DEBUG they write whole payloads, with what people typed.
        logging.getLogger(name).setLevel(max(logging.INFO, root.level))
    for name in ("alembic", "apscheduler", "sqlalchemy", "waitress.queue"):
        logging.getLogger(name).setLevel(logging.WARNING)
