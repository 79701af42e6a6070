"""`GET /calendar/<token>.ics`: a calendar program reads a calendar. The token is all that says who asks, so no log holds it."""

import hashlib
import logging
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from sqlalchemy.exc import SQLAlchemyError

from bot.domain.subscriptions import addresses, feeds, versions
from bot.domain.subscriptions.addresses import ENDING, PATH, Reader
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.errors import Busy
from bot.views.subscriptions import feeds as feed_views

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

FRESH_S = 15 * 60
AGAIN_S = 60
UNCHANGED = "304 Not Modified"
ICS = "text/calendar; charset=utf-8"
WORDS = "text/plain; charset=utf-8"
NEVER_KEPT = ("Cache-Control", "no-store")
KEPT = ("Cache-Control", f"private, max-age={FRESH_S}")

Headers = Sequence[tuple[str, str]]
log = logging.getLogger(__name__)


class Calendars:
    """Answers calendar programs, as a WSGI application."""

    def __init__(self, db: Database) -> None:
        self._db = db

    def __call__(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        """A calendar, "not changed", or one of three refusals."""
        method = environ.get("REQUEST_METHOD", "")
        try:
            status, headers, body = self._answer(environ) if method in ("GET", "HEAD") else _nothing()
        except (SQLAlchemyError, Busy) as error:
            log.error("a calendar could not be read: %s", type(error).__name__)
            status, headers, body = _words("503 Service Unavailable", "Try again in a minute.", retry_after=AGAIN_S)
        except Exception as error:
            # Waitress would log the path, and the token with it.
            log.error("a calendar could not be drawn", exc_info=error)
            status, headers, body = _words("500 Internal Server Error", "Something went wrong.")
        length = [] if status == UNCHANGED else [("Content-Length", str(len(body)))]
        start_response(status, [*headers, *length])
        return [] if method == "HEAD" else [body]

    def _answer(self, environ: "WSGIEnvironment") -> tuple[str, Headers, bytes]:
        with self._db.read() as session:  # room: the person who asks is known by the token alone
            reader = addresses.find(session, _token(environ))
        if reader is None:
            return _nothing()
        now = clock.now()
        with self._db.begin() as session:  # room: to count a request is a decision of its own
            wait = addresses.count(session, reader, now=now)
        if wait:
            words = f"A calendar is given out {addresses.MOST_AN_HOUR} times an hour at most."
            return _words("429 Too Many Requests", words, retry_after=wait)
        body = self._calendar(reader)
        tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
        headers = (("ETag", tag), KEPT)
        if _is_known(environ.get("HTTP_IF_NONE_MATCH", ""), tag):
            return UNCHANGED, headers, b""
        kind = (("Content-Type", ICS), ("X-Content-Type-Options", "nosniff"))
        return "200 OK", (*headers, *kind), body

    def _calendar(self, reader: Reader) -> bytes:
        now = clock.now()
        with self._db.read() as session:  # room: a calendar program only looks
            feed = feeds.read(session, reader, now=now)
            found = versions.known(session, feed.events)
        if len(found) < len(feed.events):
            with self._db.begin() as session:  # room: what has changed since is written down, once
                found = versions.note(session, feed.events, now=now)
        return feed_views.ics(feed, found)


def _token(environ: "WSGIEnvironment") -> str:
    """What stands where a token stands. Nonsense is looked up like any other, so that it takes as long."""
    name = str(environ.get("PATH_INFO", "")).removeprefix(PATH)
    return name.removesuffix(ENDING) if name.endswith(ENDING) else ""


def _is_known(said: str, tag: str) -> bool:
    """Whether `If-None-Match` names this version; a weak tag is as good."""
    return said.strip() == "*" or tag in (each.strip().removeprefix("W/") for each in said.split(","))


def _nothing() -> tuple[str, Headers, bytes]:
    return _words("404 Not Found", "There is nothing here.")


def _words(status: str, words: str, *, retry_after: int = 0) -> tuple[str, Headers, bytes]:
    again = [("Retry-After", str(retry_after))] if retry_after else []
    return status, [("Content-Type", WORDS), NEVER_KEPT, *again], words.encode()
