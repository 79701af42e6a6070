"""The HTTP edge: Slack's signed requests, and whether this process is alive and ready."""

import contextlib
import errno
import io
import threading
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

import waitress
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from sqlalchemy.exc import SQLAlchemyError
from waitress import wasyncore

from bot.platform.database import Database
from bot.serving import shapes

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

EVENTS_PATH = "/slack/events"
THREADS = 32  # what a listener waits for is Slack and the database, so there are more of them than cores
MOST_BYTES = 2_000_000  # Slack's own limit on a view is 250 kB, and a payload carries a message beside it
DRAIN_S = 6.0  # of the 10 s in which a stopped process has to be gone


class Web:
    """An HTTP server in its own threads. Without `app`, as in Socket Mode, it tells its health and nothing else."""

    def __init__(self, app: App | None, db: Database, *, host: str, port: int) -> None:
        self._slack = SlackRequestHandler(app, path=EVENTS_PATH) if app is not None else None
        self._db = db
        self._server = _listening(self._answer, host, port)
        self._thread = threading.Thread(target=self._server.run, name="web", daemon=True)

    @property
    def port(self) -> int:
        """The port it listens on."""
        return int(self._server.effective_port)

    def start(self) -> None:
        """Take requests."""
        self._thread.start()

    def stop(self) -> None:
        """Take no more requests, and let those that are being answered finish."""
        # The listening socket belongs to the server's own loop, which goes on to write the last answers.
        self._server.trigger.pull_trigger(lambda: wasyncore.dispatcher.close(self._server))
        self._server.task_dispatcher.shutdown(cancel_pending=False, timeout=DRAIN_S)
        # The loop may be awake already, hang up at once, and take the trigger away under our hand.
        with contextlib.suppress(OSError):
            self._server.trigger.pull_trigger(self._hang_up)
        self._thread.join(timeout=1.0)

    def _hang_up(self) -> None:
        wasyncore.close_all(self._server._map, ignore_all=True)

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == "/healthz":
            return _say(start_response, "200 OK", "alive")
        if path == "/readyz":
            return self._ready(start_response)
        if self._slack is None or path != EVENTS_PATH:
            return _say(start_response, "404 Not Found", "There is nothing here.")
        if not environ.get("HTTP_X_SLACK_REQUEST_TIMESTAMP", "").isdecimal():
            # Bolt would raise on it, and a scanner could fill the log.
            return _say(start_response, "401 Unauthorized", "This is not a request of Slack's.")
        raw = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(raw)
        if not shapes.is_whole(environ.get("CONTENT_TYPE", ""), raw):
            return _say(start_response, "400 Bad Request", "This is not of a shape that Slack sends.")
        return self._slack(environ, start_response)

    def _ready(self, start_response: "StartResponse") -> Iterable[bytes]:
        try:
            self._db.ping()
        except SQLAlchemyError:
            return _say(start_response, "503 Service Unavailable", "The database does not answer.")
        return _say(start_response, "200 OK", "ready")


def _listening(answer: Callable[..., Iterable[bytes]], host: str, port: int) -> Any:
    try:
        return waitress.create_server(
            answer,
            host=host,
            port=port,
            ipv6=":" in host,  # one socket, also where "localhost" has two addresses
            threads=THREADS,
            max_request_body_size=MOST_BYTES,
            channel_request_lookahead=0,
            ident=None,
        )
    except ValueError:
        # Its word for a name that no resolver knows.
        raise OSError(errno.EADDRNOTAVAIL, "this machine has no such address") from None


def _say(start_response: Callable[..., Any], status: str, words: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [words.encode()]
