"""The way between the bot and the sandbox without a network: what is lost on it is lost for certain."""

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from http import HTTPStatus
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl
from urllib.request import Request

from bot.platform import slack as bots_slack
from bot.platform.slack import PooledWebClient
from sandbox.api import dispatch, files
from sandbox.app import response_urls
from sandbox.workspace import Workspace
from sandbox.world.errors import SlackError
from tests.simulation.machine import Machine

API = "http://slack/api/"
PATIENCE_S = 2  # the bot's own timeout: a slower answer is none


class Wire(PooledWebClient):
    """Slack's client, whose calls reach the workspace in the same thread."""

    def __init__(self, find: Callable[[], Workspace], machine: Machine, token: str) -> None:
        super().__init__(token, API, PATIENCE_S)
        self._find, self._machine = find, machine

    def _perform_urllib_http_request_internal(self, url: str, req: Request) -> dict[str, Any]:
        self._machine.step()
        answer = dispatch.answer(self._find(), url.rpartition("/api/")[2], _arguments(req), _token(req))
        self._machine.step()
        if answer.hang_up or answer.delay > PATIENCE_S:
            raise ConnectionError("no answer came")
        headers = {name.title(): value for name, value in answer.headers.items()}
        return {"status": answer.status, "headers": headers, "body": json.dumps(answer.body)}


def _arguments(request: Request) -> dict[str, Any]:
    body = request.data if isinstance(request.data, bytes) else b""
    if "json" in str(request.get_header("Content-type")):
        return dict(json.loads(body)) if body else {}
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _token(request: Request) -> str | None:
    return str(request.get_header("Authorization") or "").partition(" ")[2] or None


@contextmanager
def without_network(find: Callable[[], Workspace], machine: Machine) -> Iterator[None]:
    """In this block the addresses that Slack gives for answers and for files lead to the workspace, too."""

    class Webhook:
        def __init__(self, url: str, timeout: int) -> None:
            self._token = url.partition("/actions/")[2].partition("/")[2]

        def send_dict(self, body: dict[str, Any]) -> SimpleNamespace:
            machine.step()
            try:
                response_urls.use(find(), self._token, body)
            except SlackError:
                return SimpleNamespace(status_code=HTTPStatus.NOT_FOUND)
            return SimpleNamespace(status_code=HTTPStatus.OK)

    def send_bytes(_client: object, url: str, content: bytes) -> None:
        machine.step()
        if not files.receive(find(), url.rpartition("/")[2], content):
            raise ConnectionError("Slack answered 404 to the bytes of a file")

    with ExitStack() as stack:
        stack.enter_context(patch.object(bots_slack, "WebhookClient", Webhook))
        stack.enter_context(patch.object(bots_slack, "_send_bytes", send_bytes))
        yield
