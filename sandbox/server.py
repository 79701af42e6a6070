"""The one process-wide piece: a uvicorn server on the loopback interface, in a thread of its own."""

import asyncio
import logging
import socket
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import BaseRoute, Mount, Route, WebSocketRoute
from uvicorn.protocols.http.h11_impl import H11Protocol

from sandbox.api import files
from sandbox.app import response_urls, socket_mode
from sandbox.app.web_api import Scope, WebApi, uploaded
from sandbox.page.api import PageApi
from sandbox.people.cast import Line
from sandbox.people.hands import Hands, Roles
from sandbox.people.journey import Journeys
from sandbox.workspace import Workspace
from sandbox.world import steady
from sandbox.world.background import Background
from sandbox.world.errors import SlackError

PAGE = Path(__file__).parent / "page"


class _SteadyLoop(asyncio.SelectorEventLoop):
    """An event loop whose timers run on while a test has frozen the time."""

    def time(self) -> float:
        return steady.monotonic()


class Server:
    """Serves a workspace: Web API, Socket Mode, response_url, uploads, and the browser page.

    `workspace` can be swapped between tests. Starting takes some ten milliseconds, stopping about 0.2 s.
    """

    hands: Hands | None = None
    """The clock of what runs beside the workspace. With it, the page can move time."""
    roles: Roles | None = None
    """What the page says of each person, beside their title."""
    cast: Sequence[Line] = ()
    """What those press whom no open page shows, while a week runs."""

    def __init__(self, workspace: Workspace, port: int = 0) -> None:
        """`port` 0 takes a free one. Raises OSError when the port is taken."""
        self._transports: dict[tuple[str, int], asyncio.Transport] = {}
        self._socket = _listening(port)
        self.port: int = self._socket.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}"
        self.api_url = f"{self.url}/api/"
        self.workspace = workspace
        self.journeys = Journeys(lambda: self.workspace, lambda: self.hands, lambda: self.cast)
        self._page_api = PageApi(lambda: self.workspace, lambda: self.roles, self.journeys, PAGE)
        self._refreshes = Background("sandbox-refreshes")
        self._server = uvicorn.Server(self._config())
        self._thread = threading.Thread(target=self._run, name="sandbox-server", daemon=True)

    @property
    def workspace(self) -> Workspace:
        """The workspace that is served."""
        return self._workspace

    @workspace.setter
    def workspace(self, workspace: Workspace) -> None:
        self._workspace = workspace
        workspace.base_url = self.url

    def start(self) -> "Server":
        """Serve from now on; requests are answered when it returns."""
        # The socket is listening already, so a request that comes before the thread is up just waits for it.
        self._thread.start()
        return self

    def refresh_sockets_after(self, seconds: float) -> None:
        """Have one Socket Mode connection come back every so many real seconds; Slack's live for hours."""

        def refresh() -> None:
            self.workspace.app.refresh_one()
            self._refreshes.later(seconds, refresh)

        self._refreshes.later(seconds, refresh)

    def stop(self) -> None:
        """Close every connection and end the thread. The workspace lives on; `ws.close()` ends it."""
        self.journeys.stop()
        self.journeys.wait(timeout=5)
        self._refreshes.close()
        self._page_api.close()
        self.workspace.app.close_sockets()
        self._server.should_exit = True
        if self._thread.is_alive():
            self._thread.join(timeout=5)
        self._socket.close()

    def __enter__(self) -> "Server":
        return self.start()

    def __exit__(self, *_error: object) -> None:
        self.stop()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=_SteadyLoop) as runner:
            runner.run(self._server.serve(sockets=[self._socket]))

    def _config(self) -> uvicorn.Config:
        return uvicorn.Config(
            self._application(),
            http=_protocol(self._transports),
            ws="websockets-sansio",
            lifespan="off",
            access_log=False,
            log_config=None,
            log_level=logging.CRITICAL,
            timeout_keep_alive=75,
            timeout_graceful_shutdown=1,
            # Socket Mode clients ping the server; Slack's own server pings too, but half-dead test sockets should not.
            ws_ping_interval=None,
        )

    def _application(self) -> Starlette:
        routes: list[BaseRoute] = [
            Mount("/api", WebApi(lambda: self.workspace, self._hang_up)),
            WebSocketRoute(
                "/link/", lambda websocket: socket_mode.serve(self.workspace, self.workspace.app, websocket)
            ),
            Route("/actions/{team}/{token:path}", self._response_url, methods=["POST"]),
            Mount("/upload/v1", self._upload),
            *self._page_api.routes(),
        ]
        return Starlette(routes=routes)

    def _hang_up(self, scope: Scope) -> None:
        transport = self._transports.get(tuple(scope["client"]))
        if transport is not None:
            transport.abort()

    async def _response_url(self, request: Request) -> Response:
        ws = self.workspace
        try:
            body = await request.json()
        except ValueError:
            body = None
        if not isinstance(body, dict):
            return JSONResponse({"ok": False, "error": "invalid_payload"}, 400)
        with ws.lock:
            try:
                response_urls.use(ws, request.path_params["token"], body)
            except SlackError as error:
                gone = error.code in ("used_url", "expired_url")
                return JSONResponse({"ok": False, "error": error.code, **error.extra}, 404 if gone else 400)
        return PlainTextResponse("ok")

    async def _upload(self, scope: Any, receive: Any, send: Any) -> None:
        content = await uploaded(scope, receive)
        ws = self.workspace
        with ws.lock:
            token = scope["path"].rpartition("/")[2]
            received = scope["method"] == "POST" and files.receive(ws, token, content)
        answer = PlainTextResponse(f"OK - {len(content)}") if received else PlainTextResponse("upload_error", 400)
        await answer(scope, receive, send)


def _listening(port: int) -> socket.socket:
    # Named as TCP, because asyncio turns Nagle's algorithm off only for sockets that say so: 40 ms an answer otherwise.
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _protocol(transports: dict[tuple[str, int], asyncio.Transport]) -> type[H11Protocol]:
    """uvicorn's protocol, remembering its connections: a lost reply is a connection closed without an answer."""

    class Remembering(H11Protocol):
        def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
            super().connection_made(transport)
            if self.client is not None:
                transports[self.client] = transport

        def connection_lost(self, exc: Exception | None) -> None:
            if self.client is not None:
                transports.pop(self.client, None)
            super().connection_lost(exc)

    return Remembering
