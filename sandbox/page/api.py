"""What the browser page asks for and does: JSON, and a stream of what changes."""

import asyncio
import contextlib
import json
import mimetypes
from collections.abc import AsyncIterator, Callable, Mapping
from pathlib import Path
from urllib.parse import urlencode

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse
from starlette.routing import BaseRoute, Route

from sandbox import same_origin
from sandbox.page import state, verbs
from sandbox.people.hands import Roles
from sandbox.people.journey import Journeys
from sandbox.workspace import Workspace
from sandbox.world.emoji_names import short_names
from sandbox.world.errors import AppFailed, SandboxError, SlackError
from sandbox.world.values import Json

_SERVED = (".html", ".css", ".js")
"""What of the page's directory is for browsers; its Python is not."""
_FRESH = {"cache-control": "no-store"}
_HARMLESS = {"x-content-type-options": "nosniff", "content-security-policy": "sandbox"}
"""For uploaded files: shown, but no script in them may act as the page."""


class PageApi:
    """The routes that the page in sandbox/page/ uses."""

    def __init__(
        self, workspace: Callable[[], Workspace], roles: Callable[[], Roles | None], journeys: Journeys, page: Path
    ) -> None:
        self._workspace = workspace
        self._roles = roles
        self._journeys = journeys
        self._page = page
        self._streams: set[Callable[[], None]] = set()

    def routes(self) -> list[BaseRoute]:
        """For the server."""
        reading = {
            "/": self._index,
            "/archives/{channel}/p{digits:int}": self._permalink,
            "/app_redirect": self._redirect,
            "/static/{file}": self._static,
            "/favicon.ico": self._no_icon,
            "/files/{id}/{name:path}": self._file,
            "/sandbox/state": self._state,
            "/sandbox/messages": self._messages,
            "/sandbox/emoji": self._emoji,
            "/sandbox/stream": self._stream,
            "/sandbox/clock": self._clock,
        }
        doing = {"/sandbox/clock/{verb}": self._move_clock, "/sandbox/do/{verb}": self._do}
        return [
            *(Route(path, same_origin.only(endpoint)) for path, endpoint in reading.items()),
            *(Route(path, same_origin.only(endpoint), methods=["POST"]) for path, endpoint in doing.items()),
        ]

    def close(self) -> None:
        """End every stream, so that the server need not wait for them."""
        for end in list(self._streams):
            end()

    async def _index(self, _request: Request) -> Response:
        return self._from_page("index.html")

    async def _permalink(self, request: Request) -> Response:
        """What chat.getPermalink gives: the page, opened at that message."""
        digits = str(request.path_params["digits"])
        place = {"channel": request.path_params["channel"], "message": f"{digits[:-6]}.{digits[-6:]}"}
        thread = request.query_params.get("thread_ts")
        return RedirectResponse(f"/?{urlencode(place | ({'thread': thread} if thread else {}))}")

    async def _redirect(self, request: Request) -> Response:
        """Slack's way into a conversation from anywhere: a channel's id or name, or a person's id for the DM with them."""
        return RedirectResponse(f"/?{urlencode({'channel': request.query_params.get('channel', '')})}")

    async def _static(self, request: Request) -> Response:
        return self._from_page(request.path_params["file"])

    async def _no_icon(self, _request: Request) -> Response:
        return Response(status_code=204)

    def _from_page(self, name: str) -> Response:
        path = self._page / name
        if path.suffix not in _SERVED or path.parent != self._page or not path.is_file():
            return PlainTextResponse("There is no such file.", 404)
        kind = mimetypes.guess_type(name)[0] or "application/octet-stream"
        return Response(path.read_bytes(), media_type=kind, headers=_FRESH)

    async def _file(self, request: Request) -> Response:
        file = self._workspace().store.files.get(request.path_params["id"])
        if file is None or file.content is None or not file.completed:
            return PlainTextResponse("There is no such file.", 404)
        return Response(file.content, media_type=file.mimetype, headers=_HARMLESS)

    async def _emoji(self, _request: Request) -> Response:
        ws = self._workspace()
        with ws.lock:
            return JSONResponse(short_names() | ws.store.emoji, headers=_FRESH)

    async def _state(self, request: Request) -> Response:
        ws, asked, find = self._workspace(), request.query_params, self._roles()
        roles = await run_in_threadpool(find) if find else {}
        with ws.lock:
            return _answer(lambda: self._state_of(asked.get("as"), asked.get("page", ""), roles))

    def _state_of(self, user_id: str | None, page: str, roles: Mapping[str, str]) -> Json:
        return {**state.state(self._workspace(), user_id, page, roles), "clock": self._journeys.shown()}

    async def _messages(self, request: Request) -> Response:
        ws, asked = self._workspace(), request.query_params
        with ws.lock:
            return _answer(
                lambda: state.channel_messages(
                    ws, asked.get("as", ""), asked.get("channel", ""), asked.get("thread_ts")
                )
            )

    async def _clock(self, _request: Request) -> Response:
        """Now, and when somebody will be asked next, in epoch seconds, and who; null if never, or while time moves."""
        shown = self._journeys.shown()
        now = self._workspace().clock()
        is_still = shown["control"] and shown["run"] is None
        moment, people = await run_in_threadpool(self._journeys.next_prompt) if is_still else (None, ())
        return JSONResponse({**shown, "now": now, "next": moment, "people": list(people)}, headers=_FRESH)

    async def _move_clock(self, request: Request) -> Response:
        body = await _body(request)
        verb = request.path_params["verb"]
        return JSONResponse(await run_in_threadpool(verbs.move_clock, self._journeys, verb, body), headers=_FRESH)

    async def _do(self, request: Request) -> Response:
        ws = self._workspace()
        body = await _body(request)
        if body is None:
            return JSONResponse({"ok": False, "error": "The body must be a JSON object."}, 400)
        verb = request.path_params["verb"]
        return JSONResponse(await run_in_threadpool(verbs.do, ws, verb, body), headers=_FRESH)

    async def _stream(self, request: Request) -> Response:
        ws = self._workspace()
        user_id = request.query_params.get("as", "")
        loop = asyncio.get_running_loop()
        queue: asyncio.Queue[str | None] = asyncio.Queue()

        def put(text: str | None) -> None:
            with contextlib.suppress(RuntimeError):
                loop.call_soon_threadsafe(queue.put_nowait, text)

        def end() -> None:
            put(None)

        with ws.lock:
            leave = ws.notices.subscribe(user_id, lambda notice: put(json.dumps(notice)))
        self._streams.add(end)

        async def lines() -> AsyncIterator[str]:
            try:
                yield ": welcome\n\n"
                while (text := await queue.get()) is not None:
                    yield f"data: {text}\n\n"
            finally:
                self._streams.discard(end)
                with ws.lock:
                    leave()

        return StreamingResponse(lines(), media_type="text/event-stream", headers=_FRESH)


def _answer(find: Callable[[], Json]) -> Response:
    try:
        return JSONResponse(find(), headers=_FRESH)
    except (SandboxError, SlackError, AppFailed) as error:
        return JSONResponse({"ok": False, "error": str(error)}, 404, headers=_FRESH)


async def _body(request: Request) -> Json | None:
    """The JSON object that was sent; None when it is something else."""
    try:
        body = await request.json()
    except ValueError:
        return None
    return body if isinstance(body, dict) else None
