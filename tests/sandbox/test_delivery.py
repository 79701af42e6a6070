"""Faults, retries, signed HTTP, Socket Mode: what happens between Slack and the app on a bad day."""

import gc
import http.client
import http.server
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.error import URLError
from urllib.parse import parse_qs

import pytest
import websocket
from freezegun import freeze_time
from slack_bolt import App
from slack_bolt.adapter.socket_mode.websocket_client import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.signature import SignatureVerifier

from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import steady
from sandbox.world.errors import AppFailed
from sandbox.world.values import Json
from tests.sandbox.kit import entry, modal


def until(true: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait for something that another thread does."""
    end = steady.monotonic() + seconds
    while not true():
        assert steady.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


def test_a_ratelimited_call_is_not_done(ws: Workspace, client: WebClient) -> None:
    ws.faults.add(method="chat.postMessage", kind="ratelimited", retry_after=7)

    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="C0TEAM", text="x")
    assert (error.value.response.status_code, error.value.response.headers["retry-after"]) == (429, "7")
    assert ws.messages("team") == []
    client.chat_postMessage(channel="C0TEAM", text="x")
    assert [call.error for call in ws.calls] == ["ratelimited", None]


def test_a_fault_may_wait_for_its_turn(ws: Workspace, client: WebClient) -> None:
    ws.faults.add(method="chat.postMessage", kind="ratelimited", after=1)
    ws.faults.add(method="chat.postMessage", kind="error", after=2, code="fatal_error")
    for _ in range(4):
        try:
            client.chat_postMessage(channel="C0TEAM", text="x")
        except SlackApiError:
            continue

    assert [call.error for call in ws.calls] == [None, "ratelimited", None, "fatal_error"]


def test_a_lost_reply_is_done_and_not_answered(ws: Workspace, client: WebClient) -> None:
    ws.faults.add(method="chat.postMessage", kind="lost_reply")

    with pytest.raises((URLError, http.client.HTTPException, ConnectionError)):
        client.chat_postMessage(channel="C0TEAM", text="x")
    assert [each["text"] for each in ws.messages("team")] == ["x"]


def test_a_slow_reply_is_done_and_answered_late(ws: Workspace, server: Server) -> None:
    ws.faults.add(method="chat.postMessage", kind="slow", seconds=0.3)
    client = WebClient(ws.bot_token, base_url=server.api_url, timeout=0.1, retry_handlers=[])  # type: ignore[arg-type]

    with pytest.raises((URLError, TimeoutError)):
        client.chat_postMessage(channel="C0TEAM", text="x")
    assert [each["text"] for each in ws.messages("team")] == ["x"]


def test_a_server_error_is_not_done(ws: Workspace, client: WebClient) -> None:
    ws.faults.add(method="chat.postMessage", kind="server_error")

    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="C0TEAM", text="x")
    assert error.value.response.status_code == 500
    assert ws.messages("team") == []


def test_an_error_of_choice_strikes_one_channel(ws: Workspace, client: WebClient) -> None:
    ws.add_channel("other", members=[ws.bot_user_id], id="C0OTHER")
    ws.faults.add(method="chat.postMessage", kind="error", code="fatal_error", channel="C0TEAM", times=None)

    client.chat_postMessage(channel="C0OTHER", text="x")
    for _ in range(2):
        with pytest.raises(SlackApiError, match="fatal_error"):
            client.chat_postMessage(channel="C0TEAM", text="x")


def test_chance_is_the_same_in_every_run(ws: Workspace) -> None:
    def draws() -> list[bool]:
        other = Workspace()
        other.faults.add(kind="server_error", times=None, probability=0.5)
        return [other.faults.draw("auth.test", {}) is not None for _ in range(20)]

    assert draws() == draws()
    assert 0 < sum(draws()) < 20


def test_an_unknown_fault_is_refused(ws: Workspace) -> None:
    with pytest.raises(ValueError, match="no fault called tired"):
        ws.faults.add(kind="tired")


def test_an_event_can_come_twice(ws: Workspace, app: App) -> None:
    ids: list[str] = []

    @app.event("message")
    def message(body: Json) -> None:
        ids.append(body["event_id"])

    ws.faults.add(kind="duplicate_event", method="message.channels")
    ws.person("ada").say("Once", channel="team")

    assert len(ids) == 2
    assert len(set(ids)) == 1


def test_an_event_that_failed_comes_again_with_its_number_and_reason(ws: Workspace) -> None:
    seen: list[tuple[str | None, str | None, str]] = []

    def failing(_method: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], str]:
        number, reason = headers.get("x-slack-retry-num"), headers.get("x-slack-retry-reason")
        seen.append((number, reason, json.loads(body)["event_id"]))
        return 500, {}, ""

    ws.app.connect_function(failing)
    ws.person("ada").say("Hello?", channel="team")
    until(lambda: len(seen) == 4)

    assert [each[:2] for each in seen] == [(None, None), ("1", "http_error"), ("2", "http_error"), ("3", "http_error")]
    assert len({each[2] for each in seen}) == 1


def test_a_retry_ends_with_the_first_success(ws: Workspace) -> None:
    answers = iter([500, 200, 200])
    seen: list[int] = []

    def recovering(*_: Any) -> tuple[int, dict[str, str], str]:
        seen.append(next(answers))
        return seen[-1], {}, ""

    ws.app.connect_function(recovering)
    ws.person("ada").say("Hello?", channel="team")
    until(lambda: len(seen) == 2)
    time.sleep(0.1)

    assert seen == [500, 200]


@contextmanager
def listening(answer: Callable[[Json, bytes], tuple[int, str]]) -> Iterator[str]:
    """A small HTTP app of its own."""

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status, text = answer({key.lower(): value for key, value in self.headers.items()}, body)
            self.send_response(status)
            self.send_header("content-length", str(len(text)))
            self.end_headers()
            self.wfile.write(text.encode())

        def log_message(self, *_: Any) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/slack/events"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def test_http_requests_are_signed(ws: Workspace) -> None:
    requests: list[tuple[Json, bytes]] = []

    def answer(headers: Json, body: bytes) -> tuple[int, str]:
        requests.append((headers, body))
        return 200, "Heard you"

    ada = ws.person("ada")
    with listening(answer) as url:
        ws.app.connect_http(url)
        ada.command("/hello you", channel="team")
    headers, body = requests[0]

    assert SignatureVerifier(ws.signing_secret).is_valid_request(body, headers)
    assert parse_qs(body.decode())["text"] == ["you"]
    assert ada.ephemerals[-1]["text"] == "Heard you"


def test_an_app_that_takes_more_than_three_seconds_is_trouble(ws: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sandbox.app.delivery.ANSWER_WITHIN", 0.1)

    def slow(_headers: Json, _body: bytes) -> tuple[int, str]:
        time.sleep(0.3)
        return 200, ""

    with listening(slow) as url:
        ws.app.connect_http(url)
        with pytest.raises(AppFailed, match="operation_timeout"):
            ws.person("ada").command("/hello", channel="team")


@pytest.fixture
def sockets(ws: Workspace, client: WebClient, monkeypatch: pytest.MonkeyPatch) -> Iterator[list[SocketModeHandler]]:
    """Two Socket Mode connections of one app."""
    patient = websocket.WebSocketApp.create_dispatcher

    def brisk(app: websocket.WebSocketApp, _timeout: float, *rest: Any, **more: Any) -> Any:
        return patient(app, 0.1, *rest, **more)

    # The client looks up from its socket only every 10 s, also when it is closed meanwhile.
    monkeypatch.setattr(websocket.WebSocketApp, "create_dispatcher", brisk)
    bolt = App(client=client, signing_secret=ws.signing_secret, process_before_response=True)

    @bolt.command("/hello")
    def hello(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(entry(optional=True)))
        ack("Hello")

    @bolt.view("form")
    def form(ack: Any) -> None:
        ack(response_action="errors", errors={"entry": "No"})

    @bolt.event("message")
    def message() -> None:
        return None

    handlers = [SocketModeHandler(bolt, ws.app_token, ping_interval=0.2) for _ in range(2)]
    for handler in handlers:
        handler.client.logger.disabled = True
        handler.connect()
    until(lambda: len(ws.app.sockets) == 2)
    yield handlers
    for handler in handlers:
        handler.close()
    gc.collect()


# The SDK drops the socket of a connection that the other side has closed without closing it itself.
drops_sockets = pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")


@drops_sockets
@pytest.mark.usefixtures("sockets")
def test_socket_mode_carries_commands_views_and_answers(ws: Workspace) -> None:
    ada = ws.person("ada")
    for _ in range(4):
        ada.command("/hello", channel="team")
        assert ada.submit() == {"entry": "No"}

    assert [each["text"] for each in ada.ephemerals] == ["Hello"] * 4


@drops_sockets
def test_a_cut_connection_leaves_the_other_and_comes_back(ws: Workspace, sockets: list[SocketModeHandler]) -> None:
    ada = ws.person("ada")
    first = ws.app.sockets[0]
    ws.app.detach(first)
    first.close()
    ada.command("/hello", channel="team")
    until(lambda: len(ws.app.sockets) == 2)
    ws.faults.close_sockets()
    assert not ws.app.connected
    until(lambda: len(ws.app.sockets) == 2)
    ada.command("/hello", channel="team")

    assert [each["text"] for each in ada.ephemerals] == ["Hello"] * 2


def test_hello_comes_first_and_a_disconnect_is_announced(ws: Workspace, server: Server) -> None:
    opened = WebClient(ws.app_token, base_url=server.api_url).apps_connections_open(app_token=ws.app_token)
    connection = websocket.create_connection(opened["url"], timeout=5)
    hello = json.loads(connection.recv())
    until(lambda: len(ws.app.sockets) == 1)
    ws.app.refresh_sockets()
    goodbye = json.loads(connection.recv())
    connection.close()

    assert (hello["type"], hello["num_connections"]) == ("hello", 1)
    assert (goodbye["type"], goodbye["reason"]) == ("disconnect", "refresh_requested")


def test_one_connection_at_a_time_has_to_come_back_after_a_while(ws: Workspace) -> None:
    with Server(ws) as server:
        clients = []
        for _ in range(2):
            opened = WebClient(ws.app_token, base_url=server.api_url).apps_connections_open(app_token=ws.app_token)
            clients.append(websocket.create_connection(opened["url"], timeout=5))
            assert json.loads(clients[-1].recv())["type"] == "hello"
        server.refresh_sockets_after(0.05)
        assert json.loads(clients[0].recv())["reason"] == "refresh_requested"
        assert len(ws.app.sockets) <= 1
        for connection in clients:
            connection.close()


def test_a_ticket_is_good_for_one_connection(ws: Workspace, server: Server) -> None:
    opened = WebClient(ws.app_token, base_url=server.api_url).apps_connections_open(app_token=ws.app_token)
    connection = websocket.create_connection(opened["url"], timeout=5)
    with pytest.raises(websocket.WebSocketException):
        websocket.create_connection(opened["url"], timeout=5)
    connection.close()


def test_rate_limits_can_be_enforced(ws: Workspace, client: WebClient) -> None:
    ws.enforce_rate_limits = True
    ws.add_channel("other", members=[ws.bot_user_id], id="C0OTHER")
    for number in range(4):
        client.chat_postMessage(channel="C0TEAM", text=str(number))

    with pytest.raises(SlackApiError) as error:
        client.chat_postMessage(channel="C0TEAM", text="Too many")
    assert error.value.response.headers["retry-after"] == "1"
    client.chat_postMessage(channel="C0OTHER", text="Another channel")


def limited(call: Callable[[], Any]) -> tuple[int, int]:
    """How often it works before it is limited, and how many seconds it then has to wait."""
    done = 0
    while True:
        try:
            call()
        except SlackApiError as error:
            return done, int(error.response.headers["retry-after"])
        done += 1


def test_all_channels_together_take_no_more_than_so_many_messages_a_minute(ws: Workspace, client: WebClient) -> None:
    now = [1_800_000_000.0]
    ws.clock = lambda: now[0]
    ws.enforce_rate_limits = True
    ids = iter([ws.add_channel(f"c{number}", members=[ws.bot_user_id]).id for number in range(40)])

    def post() -> None:
        client.chat_postMessage(channel=next(ids), text="x")

    assert limited(post) == (10, 1)
    now[0] += 1
    assert limited(post) == (5, 1)
    assert len([call for call in ws.calls if call.error == "ratelimited"]) == 2


def test_edits_are_limited_on_their_own(ws: Workspace, client: WebClient) -> None:
    now = [1_800_000_000.0]
    ws.clock = lambda: now[0]
    ws.edits_a_minute = 20
    ts = client.chat_postMessage(channel="C0TEAM", text="x")["ts"]
    ws.enforce_rate_limits = True

    def edit() -> None:
        client.chat_update(channel="C0TEAM", ts=ts, text="y")

    assert limited(edit) == (10, 3)
    now[0] += 3
    assert limited(edit) == (1, 3)
    client.chat_postMessage(channel="C0TEAM", text="Posting goes on")


def test_one_call_in_twenty_fails_whichever_it_is_and_whoever_asks(ws: Workspace) -> None:
    rare = ws.faults.add("ratelimited", None, times=None, probability=0.05)
    common = ws.faults.add("server_error", None, times=None, probability=0.2)
    drawn: list[object] = []

    def draw() -> None:
        drawn.extend(ws.faults.draw("chat.postMessage", {}) for _ in range(1000))

    threads = [threading.Thread(target=draw) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert (drawn.count(rare), drawn.count(common)) == (rare.hits, common.hits)
    assert 150 <= rare.hits <= 250
    assert 680 <= common.hits <= 840  # a fifth of what the first one spared


def test_the_server_answers_while_time_stands_still(ws: Workspace, client: WebClient) -> None:
    with freeze_time("2026-11-23 09:00:00", ignore=["slack_sdk"]):
        ws.faults.add(method="chat.postMessage", kind="slow", seconds=0.05)
        first = client.chat_postMessage(channel="C0TEAM", text="x")["ts"]
        second = client.chat_postMessage(channel="C0TEAM", text="y")["ts"]

    assert first < second
    assert [each["ts"] for each in ws.messages("team")] == [first, second]


def test_server_starts_and_stops_quickly() -> None:
    started = steady.monotonic()
    server = Server(Workspace()).start()
    WebClient("xoxb-sandbox-bot", base_url=server.api_url).auth_test()
    up = steady.monotonic()
    server.stop()
    down = steady.monotonic()

    assert up - started < 0.3
    assert down - up < 1


def test_a_taken_port_is_an_error() -> None:
    with Server(Workspace()) as server, pytest.raises(OSError, match="in use"):
        Server(Workspace(), port=server.port)
