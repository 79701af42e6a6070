"""A stranger at the door: idle and slow connections, a storm of them, and requests that Slack did not sign."""

import hashlib
import hmac
import json
import re
import resource
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from hypothesis import HealthCheck, given, seed
from hypothesis import settings as examples
from hypothesis import strategies as st

from sandbox.workspace import Workspace
from tests.end_to_end.deployment import Deployment, deployed, running, settings, slack
from tests.end_to_end.processes import until

__all__ = ["deployed", "settings", "slack"]  # fixtures, which pytest finds by name

ONLY_HTTP = pytest.mark.parametrize("deployed", ["http"], indirect=True)
PROMPT_S = 2.0  # below the 3 s that Slack waits, on a machine that tests other things beside
LATE_S = 4.0  # what such a machine may take on top of a deadline
GET = b"GET %s HTTP/1.1\r\nHost: prickle\r\n\r\n"


@contextmanager
def connections(deployment: Deployment, count: int) -> Iterator[list[socket.socket]]:
    """So many open connections, which say nothing."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with ExitStack() as stack:
        yield [stack.enter_context(connect(deployment)) for _ in range(count)]


def connect(deployment: Deployment) -> socket.socket:
    address = urlsplit(deployment.url)
    return socket.create_connection((address.hostname, address.port), timeout=15)


def answer(connection: socket.socket, request: bytes) -> int:
    """Send a request, and read its answer's status; the whole answer, or what is left of it would be taken for the next one."""
    connection.sendall(request)
    heard = b""
    while not re.search(rb"\r\n\r\n", heard) and (more := connection.recv(65_536)):
        heard += more
    head, _, body = heard.partition(b"\r\n\r\n")
    length = re.search(rb"(?i)content-length: (\d+)", head)
    while length and len(body) < int(length[1]) and (more := connection.recv(65_536)):
        body += more
    said = re.match(rb"HTTP/1\.[01] (\d+)", head)
    return int(said[1]) if said else 0


def health(deployment: Deployment, path: bytes = b"/healthz") -> float:
    """How long it takes to hear that it is well, in seconds."""
    started = time.monotonic()
    with connect(deployment) as connection:
        assert answer(connection, GET % path) == 200
    return time.monotonic() - started


def press(deployment: Deployment) -> float:
    """How long a command takes, in seconds."""
    ada = deployment.slack.person("ada")
    started = time.monotonic()
    ada.command("/prickle help")
    assert ada.trouble is None
    return time.monotonic() - started


def hung_up_after(connection: socket.socket) -> float:
    """When the other side closes the connection, in seconds from now."""
    started = time.monotonic()
    while connection.recv(65_536):
        pass
    return time.monotonic() - started


# --- slow clients -----------------------------------------------------------------------------------------------


@ONLY_HTTP
def test_five_hundred_idle_connections_cost_the_others_nothing(deployed: Deployment) -> None:
    with connections(deployed, 500):
        assert max(health(deployed) for _ in range(10)) < PROMPT_S
        assert max(health(deployed, b"/readyz") for _ in range(10)) < PROMPT_S
        assert max(press(deployed) for _ in range(10)) < PROMPT_S


@ONLY_HTTP
def test_two_thousand_connections_are_open_at_once_and_one_more_is_answered(deployed: Deployment) -> None:
    with connections(deployed, 2_000) as opened:
        assert answer(opened[-1], GET % b"/healthz") == 200
        assert answer(opened[1_000], GET % b"/healthz") == 200
        assert press(deployed) < PROMPT_S


@ONLY_HTTP
def test_a_client_that_says_nothing_is_hung_up_on(deployed: Deployment) -> None:
    with connect(deployed) as connection:
        assert 4.5 < hung_up_after(connection) < 5 + LATE_S


@ONLY_HTTP
def test_headers_that_trickle_in_have_five_seconds(deployed: Deployment) -> None:
    with connect(deployed) as connection:
        assert 4.5 < trickled(connection, b"POST /slack/events HTTP/1.1\r\nX-Slow: ") < 5 + LATE_S


@ONLY_HTTP
def test_a_body_that_trickles_in_has_ten_seconds(deployed: Deployment) -> None:
    with connect(deployed) as connection:
        head = b"POST /slack/events HTTP/1.1\r\nHost: prickle\r\nContent-Length: 100000\r\n\r\n"
        assert 9.5 < trickled(connection, head) < 10 + LATE_S


def trickled(connection: socket.socket, head: bytes) -> float:
    """For how long a byte every quarter of a second is taken, after this beginning."""
    connection.sendall(head)
    started = time.monotonic()
    try:
        while time.monotonic() - started < 20:
            connection.sendall(b"x")
            connection.settimeout(0.25)
            try:
                if not connection.recv(1):
                    break
            except TimeoutError:
                continue
    except OSError:
        pass  # hung up while we were sending
    return time.monotonic() - started


@ONLY_HTTP
def test_a_connection_that_asked_before_is_kept_for_the_next_request(deployed: Deployment) -> None:
    with connect(deployed) as connection:
        assert answer(connection, GET % b"/healthz") == 200
        time.sleep(7)
        assert answer(connection, GET % b"/healthz") == 200


@ONLY_HTTP
def test_health_is_told_while_every_worker_waits_for_slack(deployed: Deployment) -> None:
    workspace = deployed.slack
    workspace.raise_on_trouble = False
    workspace.faults.add("slow", "views.open", seconds=1.5, times=40)
    presses = [threading.Thread(target=workspace.person("ada").command, args=["/sprint"]) for _ in range(40)]
    for each in presses:
        each.start()
    until(lambda: sum(call.method == "views.open" for call in workspace.calls) >= 20, "the slow calls")
    assert health(deployed) < PROMPT_S
    for each in presses:
        each.join()


@ONLY_HTTP
def test_a_bot_that_nobody_talks_to_leaves_the_processor_alone(deployed: Deployment) -> None:
    time.sleep(2)
    before = deployed.prickle.cpu_s
    time.sleep(4)
    assert deployed.prickle.cpu_s - before < 1.0


# --- what Slack did not sign ------------------------------------------------------------------------------------

header = st.binary(max_size=60).map(lambda value: value.translate(None, b"\r\n\0"))
now = st.just(0).map(lambda _: str(int(time.time())).encode())
timestamps = header | now | st.sampled_from([b"9" * 400, b"-1", b"1e9", "٣".encode(), b"0x10", b" "])
signatures = header | st.sampled_from([b"v0=" + b"0" * 64, b"v0=\xe9", "v0=ü".encode(), b""])
DEEP = b"[" * 4_000
bodies = st.binary(max_size=300) | st.sampled_from(
    [
        b"",
        b"\xff\xfe",
        b"{",
        b"payload={",
        b"payload=%ff",
        DEEP,
        b"payload=" + DEEP,
        b"payload=[]",
        b"null",
        b"1" * 5_000,
    ]
)
kinds = st.sampled_from([b"application/json", b"application/x-www-form-urlencoded", b"text/plain", b"\xff"])


def posted(kind: bytes, timestamp: bytes, signature: bytes, body: bytes) -> bytes:
    return b"\r\n".join(
        (
            b"POST /slack/events HTTP/1.1",
            b"Host: prickle",
            b"Content-Type: " + kind,
            b"X-Slack-Request-Timestamp: " + timestamp,
            b"X-Slack-Signature: " + signature,
            b"Content-Length: %d" % len(body),
            b"Connection: close",
            b"",
            body,
        )
    )


@ONLY_HTTP
def test_whatever_is_not_signed_is_refused_in_one_line(deployed: Deployment) -> None:
    @seed(1)
    @examples(max_examples=400, deadline=None, database=None, suppress_health_check=list(HealthCheck))
    @given(kinds, timestamps, signatures, bodies)
    def refused(kind: bytes, timestamp: bytes, signature: bytes, body: bytes) -> None:
        with connect(deployed) as connection:
            # 400 is waitress's, for a header that is none.
            assert answer(connection, posted(kind, timestamp, signature, body)) in (400, 401)

    before = len(deployed.prickle.log)
    refused()
    assert "Traceback" not in deployed.prickle.output
    assert len(deployed.prickle.log) - before <= 400
    until(lambda: press(deployed) < PROMPT_S, "an answer to what Slack signed")


@ONLY_HTTP
def test_each_kind_of_nonsense_without_a_signature_is_a_401(deployed: Deployment) -> None:
    moment = str(int(time.time())).encode()
    for timestamp, signature, body in (
        (moment, b"v0=\xe9", b"command=/sprint"),
        (b"9" * 400, b"v0=0", b"command=/sprint"),
        (b"yesterday", b"v0=0", b"command=/sprint"),
        (moment, b"v0=0", b"\xff\xfe"),
        (moment, b"v0=0", b"{"),
        (moment, b"v0=0", DEEP),
    ):
        with connect(deployed) as connection:
            assert answer(connection, posted(b"application/json", timestamp, signature, body)) == 401
    assert "Traceback" not in deployed.prickle.output


# A form carries ids back to us, and Slack takes no more than 3,000 characters of that.
LONG_ID = json.dumps(
    {"type": "message_action", "user": {"id": "U1"}, "callback_id": "add_to_retro", "trigger_id": "1.2"}
    | {"channel": {"id": "C" * 3_000}, "message": {"ts": "1.1"}}
).encode()


@ONLY_HTTP
def test_a_signed_request_that_is_no_payload_is_refused_in_one_line(deployed: Deployment) -> None:
    for kind, body in (
        (b"application/json", b"\xff\xfe"),
        (b"application/json", b"{"),
        (b"application/json", DEEP),
        (b"application/json", b"[1]"),
        (b"application/json", LONG_ID),
        (b"application/x-www-form-urlencoded", b"payload={"),
        (b"application/x-www-form-urlencoded", b"payload=" + DEEP),
    ):
        moment = str(int(time.time())).encode()
        signature = b"v0=" + signed(deployed, moment, body).encode()
        with connect(deployed) as connection:
            assert answer(connection, posted(kind, moment, signature, body)) == 400, body[:20]
    assert "Traceback" not in deployed.prickle.output
    assert json.dumps("{")[1:-1] not in [line["message"] for line in deployed.prickle.log]


def signed(deployment: Deployment, moment: bytes, body: bytes) -> str:
    secret = deployment.slack.signing_secret.encode()
    return hmac.new(secret, b"v0:" + moment + b":" + body, hashlib.sha256).hexdigest()


# --- ready, or not ----------------------------------------------------------------------------------------------


def test_a_token_with_two_scopes_is_named_at_the_start_and_is_not_ready(
    settings: dict[str, str], slack: Workspace, tmp_path: Path
) -> None:
    slack.manifest = replace(slack.manifest, scopes=frozenset({"chat:write", "commands"}))
    with running(slack, settings, "http", tmp_path) as deployed:
        deployed.prickle.says("The app lacks app_mentions:read, channels:history")
        assert "prickle doctor" in deployed.prickle.output
        with connect(deployed) as connection:
            assert answer(connection, GET % b"/readyz") == 503
        with connect(deployed) as connection:
            assert answer(connection, GET % b"/healthz") == 200
