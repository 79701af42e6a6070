"""Socket Mode: several connections, `hello` first, envelopes out, acknowledgements in."""

import asyncio
import contextlib
import json

from starlette.websockets import WebSocket, WebSocketDisconnect

from sandbox.app.delivery import SOCKETS_AT_MOST, App
from sandbox.world.core import Core


class _Connection:
    """The server's end of one connection; `send` and `close` may be called from any thread."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue()

    def send(self, text: str) -> None:
        """Queue a frame."""
        self._put(text)

    def close(self) -> None:
        """Cut the connection once what is queued has gone out."""
        self._put(None)

    def _put(self, item: str | None) -> None:
        # The loop may have ended between two tests; nobody is left to be told.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._outgoing.put_nowait, item)

    async def pump(self, websocket: WebSocket) -> None:
        """Send what is queued until `close`."""
        while (text := await self._outgoing.get()) is not None:
            await websocket.send_text(text)
        await websocket.close(1001)


async def serve(ws: Core, app: App, websocket: WebSocket) -> None:
    """One connection, from its ticket to its end."""
    ticket = websocket.query_params.get("ticket", "")
    if ticket not in ws.tickets or len(app.sockets) >= SOCKETS_AT_MOST:
        await websocket.close(4000)
        return
    ws.tickets.discard(ticket)
    await websocket.accept()
    connection = _Connection()
    count = len(app.sockets) + 1
    await websocket.send_text(json.dumps(_hello(ws, count)))
    app.attach(connection)
    pump = asyncio.ensure_future(connection.pump(websocket))
    try:
        await _listen(app, websocket)
    finally:
        app.detach(connection)
        pump.cancel()
        with contextlib.suppress(asyncio.CancelledError, WebSocketDisconnect, RuntimeError):
            await pump


async def _listen(app: App, websocket: WebSocket) -> None:
    with contextlib.suppress(WebSocketDisconnect, RuntimeError):
        while True:
            text = await websocket.receive_text()
            with contextlib.suppress(ValueError):
                message = json.loads(text)
                if isinstance(message, dict) and "envelope_id" in message:
                    app.acknowledge(message)


def _hello(ws: Core, count: int) -> dict[str, object]:
    return {
        "type": "hello",
        "num_connections": count,
        "debug_info": {"host": "sandbox", "build_number": 1, "approximate_connection_time": 18060},
        "connection_info": {"app_id": ws.app_id},
    }
