"""The HTTP edge: Slack's signed requests, and whether this process is alive and ready."""

import contextlib
import errno
import logging
import threading
import time
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from pydantic import SecretStr
from slack_bolt import App, BoltRequest
from slack_bolt.adapter.wsgi.http_request import WsgiHttpRequest
from slack_bolt.adapter.wsgi.http_response import WsgiHttpResponse
from sqlalchemy.exc import SQLAlchemyError
from waitress import wasyncore

from bot.platform import clock
from bot.platform.database import Database
from bot.serving import front, shapes, signatures

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

EVENTS_PATH = "/slack/events"
HEALTH_PATH, READY_PATH = "/healthz", "/readyz"
CALENDARS_PATH = "/calendar/"
THREADS = 32  # what a listener waits for is Slack and the database, so there are more of them than cores
MOST_BYTES = 2_000_000  # Slack's own limit on a view is 250 kB, and a payload carries a message beside it
CALENDAR_THREADS = 2  # of their own, so that calendar programs never keep Slack waiting
DRAIN_S = 6.0  # of the 10 s in which a stopped process has to be gone
LOOK_AT_MOST_EVERY_S = 1.0  # at the database: a stranger may ask as often as they like
READY = "ready"

Answer = tuple[str, str]
Calendars = Callable[["WSGIEnvironment", "StartResponse"], Iterable[bytes]]
log = logging.getLogger(__name__)


class Web:
    """An HTTP server in its own threads. Without `app`, as in Socket Mode, nobody posts to it.

    It tells its health. With `calendars` it answers calendar programs, in both modes. `shortcoming` says what else keeps this process from being ready, in a sentence.
    """

    def __init__(
        self,
        app: App | None,
        db: Database,
        *,
        host: str,
        port: int,
        secret: SecretStr | None = None,
        calendars: Calendars | None = None,
        shortcoming: Callable[[], str | None] = lambda: None,
    ) -> None:
        self._app = app
        self._calendars = calendars
        self._secret = secret.get_secret_value() if secret else ""
        self._db = db
        self._shortcoming = shortcoming
        self._looked_at: float | None = None
        self._found: Answer = ("", "")
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
        self._server.stop_own_threads()
        # The loop may be awake already, hang up at once, and take the trigger away under our hand.
        with contextlib.suppress(OSError):
            self._server.trigger.pull_trigger(self._hang_up)
        self._thread.join(timeout=1.0)

    def _hang_up(self) -> None:
        wasyncore.close_all(self._server._map, ignore_all=True)

    def _answer(self, environ: "WSGIEnvironment", start_response: "StartResponse") -> Iterable[bytes]:
        path = environ.get("PATH_INFO", "")
        if path == HEALTH_PATH:
            return _say(start_response, "200 OK", "alive")
        if path == READY_PATH:
            return _say(start_response, *self._readiness())
        if self._calendars is not None and path.startswith(CALENDARS_PATH):
            return self._calendars(environ, start_response)
        if self._app is None or path != EVENTS_PATH or environ.get("REQUEST_METHOD") != "POST":
            return _say(start_response, "404 Not Found", "There is nothing here.")
        return self._slack(self._app, WsgiHttpRequest(environ), environ["wsgi.input"].read(), start_response)

    def _slack(self, app: App, asked: WsgiHttpRequest, body: bytes, start_response: "StartResponse") -> Iterable[bytes]:
        headers = asked.get_headers()
        timestamp, signature = (str(headers.get(f"x-slack-{name}", "")) for name in ("request-timestamp", "signature"))
        if not signatures.is_slacks(self._secret, timestamp, signature, body, now=clock.now()):
            log.warning("refused a request that Slack did not sign")
            return _say(start_response, "401 Unauthorized", "This is not a request of Slack's.")
        if not shapes.is_whole(str(headers.get("content-type", "")), body):
            log.warning("refused a signed request whose parts are not of Slack's shapes")
            return _say(start_response, "400 Bad Request", "This is not of a shape that Slack sends.")
        try:
            request = BoltRequest(body=body.decode(), query=asked.query_string, headers=headers)
        except (ValueError, RecursionError, TypeError, AttributeError, LookupError) as error:
            # Signed, but nothing that Slack sends: no words of it stand in the log.
            log.warning("refused a signed request that is no payload of Slack's (%s)", type(error).__name__)
            return _say(start_response, "400 Bad Request", "This is no payload of Slack's.")
        answer = app.dispatch(request)
        response = WsgiHttpResponse(status=answer.status, headers=answer.headers, body=answer.body)
        start_response(response.status, response.get_headers())
        return response.get_body()

    def _readiness(self) -> Answer:
        # In one thread, which answers nothing else.
        now = time.monotonic()
        if self._looked_at is None or now - self._looked_at >= LOOK_AT_MOST_EVERY_S:
            wrong = self._wrong()
            self._found = ("503 Service Unavailable", wrong) if wrong else ("200 OK", READY)
            self._looked_at = time.monotonic()
        return self._found

    def _wrong(self) -> str | None:
        try:
            self._db.ping()
        except SQLAlchemyError:
            return "The database does not answer."
        return self._shortcoming()


def _listening(answer: Callable[..., Iterable[bytes]], host: str, port: int) -> front.Front:
    try:
        return front.listen(
            answer,
            own_threads={HEALTH_PATH: 1, READY_PATH: 1, CALENDARS_PATH: CALENDAR_THREADS},
            host=host,
            port=port,
            ipv6=":" in host,  # one socket, also where "localhost" has two addresses
            threads=THREADS,
            max_request_body_size=MOST_BYTES,
        )
    except ValueError:
        # Its word for a name that no resolver knows.
        raise OSError(errno.EADDRNOTAVAIL, "this machine has no such address") from None


def _say(start_response: Callable[..., Any], status: str, words: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [words.encode()]
