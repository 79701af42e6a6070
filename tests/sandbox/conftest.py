"""One server for all of the sandbox's tests; a fresh workspace and a small Bolt app for each."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import pytest
from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from sandbox.server import Server
from sandbox.workspace import Workspace
from tests.sandbox.kit import MANIFEST


@pytest.fixture(scope="session")
def session_server() -> Iterator[Server]:
    with Server(Workspace()) as server:
        yield server


@pytest.fixture
def ws(session_server: Server) -> Iterator[Workspace]:
    workspace = Workspace(MANIFEST)
    workspace.enforce_rate_limits = False  # but in the tests of the limits
    workspace.retry_delays = (0.01, 0.02, 0.03)
    for name in ("ada", "lee", "noor"):
        workspace.add_user(name)
    workspace.add_channel("team", members=["ada", "lee", workspace.bot_user_id], id="C0TEAM")
    session_server.workspace = workspace
    yield workspace
    workspace.app.disconnect()
    workspace.close()


@pytest.fixture
def server(session_server: Server, ws: Workspace) -> Server:
    assert session_server.workspace is ws
    return session_server


@pytest.fixture
def client(server: Server, ws: Workspace) -> WebClient:
    return WebClient(token=ws.bot_token, base_url=server.api_url, retry_handlers=[])


@pytest.fixture
def app(ws: Workspace, client: WebClient) -> App:
    """A Bolt app in the same process, connected by function, answering before it returns."""
    bolt = App(client=client, signing_secret=ws.signing_secret, process_before_response=True)

    def call(_method: str, headers: dict[str, str], body: bytes) -> tuple[int, Mapping[str, Any], str]:
        given: dict[str, str | Sequence[str]] = {**headers}
        response = bolt.dispatch(BoltRequest(body=body.decode(), headers=given))
        return response.status, response.headers, response.body

    ws.app.connect_function(call)
    return bolt
