"""A log that stays readable while something is down: what repeats is one line a minute, with a count.

With PostgreSQL away for a minute every job, press and post fails the same way, and each wrote a traceback: 117,000 lines.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from bot.platform.database import outage

WINDOW_S = 60.0
OUR_OWN = ("bot", "handlers", "jobs")
ALWAYS = {"always": True}  # the `extra` of a line that somebody will look for, such as a reference's

Key = tuple[object, ...]


@dataclass
class Storm:
    """Lines that are the same: the first was written, the others are counted until the window is over."""

    record: logging.LogRecord
    first: str
    held: int = 0


class Storms:
    """A filter for a handler. `write` is where the counts go when a window is over."""

    def __init__(self, write: Callable[[logging.LogRecord], object], window_s: float = WINDOW_S) -> None:
        self._write = write
        self._window_s = window_s
        self._storms: dict[Key, Storm] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        """Whether this line is to be written now."""
        if record.levelno < logging.WARNING or getattr(record, "always", False):
            return True
        self._shorten(record)
        key = _key(record)
        with self._lock:
            storm = self._storms.get(key)
            if storm is not None:
                storm.held += 1
                return False
            self._storms[key] = Storm(record, record.getMessage())
        self._wait(key)
        return True

    def _shorten(self, record: logging.LogRecord) -> None:
        """What there is to say of a database that is away is one line, whoever met it."""
        error = record.exc_info[1] if record.exc_info else None
        reason = outage(error) if error is not None else None
        if reason is not None:
            record.msg, record.args = "The database does not answer: %s", (reason,)
            record.exc_info = record.exc_text = None
            record.name = "bot.database"

    def _wait(self, key: Key) -> None:
        timer = threading.Timer(self._window_s, self._over, args=[key])
        timer.daemon = True
        timer.start()

    def _over(self, key: Key) -> None:
        with self._lock:
            storm = self._storms[key]
            held, storm.held = storm.held, 0
            if not held:
                del self._storms[key]
                return
        self._wait(key)
        record = storm.record
        words = f"{storm.first} ({held} times more within {self._window_s:g} s)"
        same = {"name": record.name, "levelno": record.levelno, "levelname": record.levelname}
        self._write(logging.makeLogRecord({**same, "msg": words, **ALWAYS}))


def _key(record: logging.LogRecord) -> Key:
    if record.name == "bot.database":
        return (record.name,)
    error = record.exc_info[1] if record.exc_info else None
    # A library puts into its line what differs each time, such as when a job runs next.
    words = record.getMessage() if record.name.startswith(OUR_OWN) else str(record.msg)
    return (record.name, words, type(error), str(error))
