"""Handing requests to the app: through a function, a Socket Mode connection, or signed HTTP."""

import hashlib
import hmac
import http.client
import itertools
import json
import threading
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol
from urllib.parse import urlsplit

from sandbox.world import steady
from sandbox.world.shapes import Request, Response
from sandbox.world.values import Json

ANSWER_WITHIN = 3.0
"""Seconds. Slack: interactivity/handling-user-interaction, and apis/events-api."""
SOCKETS_AT_MOST = 10
"""Slack: apis/events-api/using-socket-mode."""

AppFunction = Callable[[str, dict[str, str], bytes], tuple[int, Mapping[str, Any], str | bytes]]


class Socket(Protocol):
    """One Socket Mode connection, as delivery sees it."""

    def send(self, text: str) -> None:
        """Queue a text frame; never blocks."""

    def close(self) -> None:
        """Cut the connection."""


@dataclass
class _Pending:
    answered: threading.Event = field(default_factory=threading.Event)
    payload: Any = None


@dataclass
class App:
    """The app under test, however it is connected. A function goes before sockets, sockets before HTTP."""

    signing_secret: str
    function: AppFunction | None = None
    url: str | None = None
    sockets: list[Socket] = field(default_factory=list)
    on_change: Callable[[], None] = lambda: None
    _pending: dict[str, _Pending] = field(default_factory=dict)
    _turn: "itertools.count[int]" = field(default_factory=itertools.count)

    @property
    def connected(self) -> bool:
        """True when there is somebody to deliver to."""
        return self.function is not None or bool(self.sockets) or self.url is not None

    def connect_http(self, url: str) -> None:
        """Deliver by signed POST to this URL."""
        self.url = url
        self.on_change()

    def connect_function(self, function: AppFunction) -> None:
        """Deliver by calling `function(method, headers, body)` in the thread of whoever acts."""
        self.function = function
        self.on_change()

    def disconnect(self) -> None:
        """Deliver nowhere."""
        self.function = self.url = None
        self.close_sockets()
        self.on_change()

    def attach(self, socket: Socket) -> int:
        """Add a Socket Mode connection; returns how many there are now."""
        self.sockets.append(socket)
        self.on_change()
        return len(self.sockets)

    def detach(self, socket: Socket) -> None:
        """Forget a connection that is gone."""
        if socket in self.sockets:
            self.sockets.remove(socket)
            self.on_change()

    def close_sockets(self) -> None:
        """Cut every connection without a goodbye."""
        for socket in list(self.sockets):
            self.detach(socket)
            socket.close()

    def refresh_sockets(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come back: `warning`, `refresh_requested` or `link_disabled`."""
        for socket in list(self.sockets):
            if reason == "warning":
                socket.send(_goodbye(reason))
            else:
                self._dismiss(socket, reason)

    def refresh_one(self) -> None:
        """Ask the oldest connection to come back, as Slack does with each one some hours after it was opened."""
        for socket in self.sockets[:1]:
            self._dismiss(socket, "refresh_requested")

    def _dismiss(self, socket: Socket, reason: str) -> None:
        # Forgotten first: whatever is delivered from the goodbye on goes over another connection.
        self.detach(socket)
        socket.send(_goodbye(reason))
        socket.close()

    def acknowledge(self, message: Json) -> None:
        """A connection has answered: `{envelope_id, payload?}`."""
        pending = self._pending.get(str(message.get("envelope_id", "")))
        if pending is not None:
            pending.payload = message.get("payload")
            pending.answered.set()

    def deliver(self, request: Request) -> Response:
        """Deliver and wait for the answer, 3 s at most. Never raises: what went wrong is in `trouble`."""
        if self.function is not None:
            return self._call(self.function, request)
        if self.sockets:
            return self._through_socket(request)
        if self.url is not None:
            return self._post(self.url, request)
        return Response(0, "", "dispatch_failed")

    def headers(self, request: Request, body: bytes) -> dict[str, str]:
        """The headers of a signed request (Slack: authentication/verifying-requests-from-slack)."""
        timestamp = str(int(steady.wall()))
        signed = hmac.new(self.signing_secret.encode(), f"v0:{timestamp}:".encode() + body, hashlib.sha256)
        headers = {
            "content-type": request.content_type,
            "user-agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "accept": "application/json,*/*",
            "x-slack-request-timestamp": timestamp,
            "x-slack-signature": f"v0={signed.hexdigest()}",
        }
        if request.retry:
            headers |= {"x-slack-retry-num": str(request.retry), "x-slack-retry-reason": request.reason}
        return headers

    def _call(self, function: AppFunction, request: Request) -> Response:
        body = request.body()
        started = steady.monotonic()
        try:
            status, _headers, answer = function("POST", self.headers(request, body), body)
        except Exception as error:
            return Response(500, str(error), "dispatch_failed")
        if steady.monotonic() - started > ANSWER_WITHIN:
            return Response(0, "", "operation_timeout")
        text = answer.decode() if isinstance(answer, bytes) else answer
        return _judged(status, text)

    def _post(self, url: str, request: Request) -> Response:
        body = request.body()
        parts = urlsplit(url)
        connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=ANSWER_WITHIN)
        try:
            connection.request("POST", parts.path or "/", body, self.headers(request, body))
            answer = connection.getresponse()
            return _judged(answer.status, answer.read().decode())
        except TimeoutError:
            return Response(0, "", "operation_timeout")
        except (OSError, http.client.HTTPException, UnicodeDecodeError):
            return Response(0, "", "dispatch_failed")
        finally:
            connection.close()

    def _through_socket(self, request: Request) -> Response:
        envelope_id = str(uuid.uuid4())
        pending = self._pending[envelope_id] = _Pending()
        sockets = list(self.sockets)
        if not sockets:
            return Response(0, "", "dispatch_failed")
        try:
            sockets[next(self._turn) % len(sockets)].send(request.envelope(envelope_id))
            if not pending.answered.wait(ANSWER_WITHIN):
                return Response(0, "", "operation_timeout")
        finally:
            del self._pending[envelope_id]
        return Response(200, json.dumps(pending.payload) if pending.payload else "")


def _goodbye(reason: str) -> str:
    return json.dumps({"type": "disconnect", "reason": reason, "debug_info": {"host": "sandbox"}})


def _judged(status: int, text: str) -> Response:
    return Response(status, text, None if status == 200 else "dispatch_failed")
