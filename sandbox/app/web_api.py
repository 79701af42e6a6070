"""The Web API over HTTP: arguments in every form that clients send, answers as JSON.

Plain ASGI rather than a framework's request object: benches run against it, and each call should cost little.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartParser
from starlette.requests import Request

from sandbox.api import dispatch
from sandbox.world.core import Core
from sandbox.world.values import Json

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
HangUp = Callable[[Scope], None]

CHUNK = 64 * 1024


class _Unreadable(Exception):
    """The request's body cannot be read; the words are Slack's code for it."""


class WebApi:
    """The ASGI application under /api/."""

    def __init__(self, workspace: Callable[[], Core], hang_up: HangUp) -> None:
        self._workspace = workspace
        self._hang_up = hang_up

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one call."""
        headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
        body = await read_body(receive)
        method = scope["path"].rpartition("/api/")[2].strip("/")
        try:
            args = await _arguments(scope, headers, body)
        except _Unreadable as error:
            await respond(send, dispatch.Answer({"ok": False, "error": str(error)}))
            return
        scheme, _, token = headers.get(b"authorization", "").partition(" ")
        answer = dispatch.answer(self._workspace(), method, args, token if scheme.lower() == "bearer" else None)
        if answer.delay:
            await asyncio.sleep(answer.delay)
        if answer.hang_up:
            self._hang_up(scope)
            await receive()
            return
        await respond(send, answer)


async def read_body(receive: Receive) -> bytes:
    """The whole request body."""
    chunks = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


async def respond(send: Send, answer: dispatch.Answer) -> None:
    """Send an answer."""
    content = json.dumps(answer.body).encode()
    headers = [(b"content-type", b"application/json; charset=utf-8"), (b"content-length", str(len(content)).encode())]
    headers += [(name.encode(), value.encode()) for name, value in answer.headers.items()]
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


async def _arguments(scope: Scope, headers: MutableMapping[bytes, str], body: bytes) -> Json:
    """Query, then body: JSON (an empty body included), form or multipart. Raises _Unreadable with Slack's code."""
    args: Json = dict(parse_qsl(scope["query_string"].decode(), keep_blank_values=True))
    kind = headers.get(b"content-type", "")
    if not body.strip():
        return args
    if kind.startswith("application/json"):
        return args | _json(body)
    if kind.startswith("multipart/form-data"):
        return args | await _multipart(scope, body)
    if kind and not kind.startswith(("application/x-www-form-urlencoded", "text/plain")):
        raise _Unreadable("invalid_post_type")
    try:
        return args | dict(parse_qsl(body.decode(), keep_blank_values=True))
    except ValueError:
        raise _Unreadable("invalid_form_data") from None


def _json(body: bytes) -> Json:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        raise _Unreadable("invalid_json") from None
    if not isinstance(found, dict):
        raise _Unreadable("json_not_object")
    return found


async def _multipart(scope: Scope, body: bytes) -> Json:
    async def once() -> Any:
        yield body

    request = Request(scope)
    form = await MultiPartParser(request.headers, once()).parse()
    try:
        return {name: value for name, value in form.items() if isinstance(value, str)}
    finally:
        await form.close()


async def uploaded(scope: Scope, receive: Receive) -> bytes:
    """The bytes of an upload: the raw body, or the first file of a multipart form."""
    request = Request(scope, receive)
    if not request.headers.get("content-type", "").startswith("multipart/form-data"):
        return await request.body()
    async with request.form() as form:
        for value in form.values():
            if not isinstance(value, str):
                return await value.read()
    return b""
