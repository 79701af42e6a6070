"""`prickle serve` as it is deployed: a process of its own, spoken to over the network and stopped by a signal."""

import signal
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.serving import migrate
from sandbox.people.person import Person
from tests.databases import PostgresDatabases
from tests.end_to_end.deployment import Deployment, deployed, settings, slack
from tests.end_to_end.processes import run, until

__all__ = ["deployed", "settings", "slack"]  # fixtures, which pytest finds by name

TYPED = "our secret plan for Tuesday"


def status(url: str, data: bytes | None = None, **headers: str) -> int:
    address = urlsplit(url)
    connection = HTTPConnection(address.netloc, timeout=5)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    with closing(connection):
        connection.request("GET" if data is None else "POST", address.path, data, named)
        return connection.getresponse().status


# --- what it answers --------------------------------------------------------------------------------------------


def test_it_answers_commands_and_tells_its_health(deployed: Deployment) -> None:
    ada = deployed.slack.person("ada")
    ada.command("/prickle help")
    assert "/sprint" in ada.ephemerals[-1]["text"]
    ada.command("/sprint")
    assert ada.view is not None
    assert status(f"{deployed.url}/healthz") == status(f"{deployed.url}/readyz") == 200
    assert status(f"{deployed.url}/wp-login.php") == 404


@pytest.mark.parametrize("deployed", ["http"], indirect=True)
def test_what_slack_did_not_sign_is_refused_without_a_traceback(deployed: Deployment) -> None:
    events = f"{deployed.url}/slack/events"
    now = str(int(time.time()))
    assert status(events, b"command=/sprint") == 401
    assert status(events, b"command=/sprint", X_Slack_Request_Timestamp="yesterday", X_Slack_Signature="v0=1") == 401
    assert status(events, b"command=/sprint", X_Slack_Request_Timestamp=now, X_Slack_Signature="v0=1") == 401
    assert "Traceback" not in deployed.prickle.output


@pytest.mark.parametrize("deployed", ["socket"], indirect=True)
def test_with_one_connection_cut_it_still_answers_and_connects_again(deployed: Deployment) -> None:
    slack, ada = deployed.slack, deployed.slack.person("ada")
    cut = slack.app.sockets[0]
    slack.app.detach(cut)
    cut.close()
    ada.command("/prickle help")
    until(lambda: len(slack.app.sockets) == 2, "the second connection")
    for _ in range(4):
        ada.command("/prickle help")
    assert len(ada.ephemerals) == 5
    assert status(f"{deployed.url}/slack/events", b"x") == 404


def test_the_log_is_json_and_holds_neither_secrets_nor_what_people_typed(deployed: Deployment) -> None:
    slack, yuki = deployed.slack, deployed.slack.person("yuki")
    yuki.command(f"/sprint show {TYPED}")
    yuki.command("/small-team create")
    yuki.submit(
        name="Mobile",
        area=TYPED,
        customer_kind="external",
        customer=TYPED,
        channel=slack.channel("team-mobile").id,
        lead=yuki.id,
        members=[slack.user("lena").id],
        zone="Asia/Tokyo",
        sprint_weeks="1",
        start_weekday="0",
    )
    yuki.close_all()
    yuki.command("/sprint plan")
    assert yuki.submit(high=TYPED) == {}
    until(lambda: TYPED in str(slack.messages("team-mobile")), "the card")
    slack.raise_on_trouble = False
    slack.app.signing_secret = "another one"
    yuki.command(f"/sprint show {TYPED}")
    deployed.prickle.send(signal.SIGTERM)
    assert deployed.prickle.ends() == 0
    assert deployed.prickle.log[-1]["message"] == "Prickle has stopped"
    output = deployed.prickle.output
    secrets = (slack.bot_token, slack.app_token, slack.signing_secret, TYPED)
    assert not [line for line in output.splitlines() if any(secret in line for secret in secrets)]


# --- how it stops -----------------------------------------------------------------------------------------------


def stopped_during_a_call(deployed: Deployment, seconds: float) -> Person:
    """Ada, whose `/sprint` was under way, in a call that takes so long, when the bot was told to stop; it has ended."""
    slack, ada = deployed.slack, deployed.slack.person("ada")
    slack.faults.add("slow", "views.open", seconds=seconds)
    command = threading.Thread(target=ada.command, args=["/sprint"])
    command.start()
    until(lambda: any(call.method == "views.open" for call in slack.calls), "the slow call")
    started = time.monotonic()
    deployed.prickle.send(signal.SIGTERM)
    assert deployed.prickle.ends() == 0
    assert time.monotonic() - started < 10
    command.join()
    return ada


def test_what_is_in_flight_is_finished_before_it_stops(deployed: Deployment) -> None:
    ada = stopped_during_a_call(deployed, seconds=1)
    assert ada.trouble is None
    assert ada.view is not None


@pytest.mark.parametrize("deployed", ["http"], indirect=True)
def test_it_ends_within_ten_seconds_even_when_slack_answers_nothing(deployed: Deployment) -> None:
    deployed.slack.raise_on_trouble = False
    stopped_during_a_call(deployed, seconds=30)


# --- when it can't start ----------------------------------------------------------------------------------------


def refused(folder: Path, settings: dict[str, str], **changes: str) -> str:
    """The one line that it says."""
    ended = run(folder, "serve", **{**settings, "LOG_LEVEL": "ERROR", "LOG_FORMAT": "human", **changes})
    assert ended.returncode == 1
    (words,) = ended.stderr.splitlines()
    return words


def test_tables_that_are_not_there(settings: dict[str, str], tmp_path: Path) -> None:
    words = refused(tmp_path, settings, DATABASE_URL="sqlite:///empty.db")
    assert words == "The database has no tables yet: run `prickle migrate`."
    assert not (tmp_path / "empty.db").exists()


def test_tokens_that_slack_refuses(settings: dict[str, str], tmp_path: Path) -> None:
    words = refused(tmp_path, settings, SLACK_BOT_TOKEN="xoxb-of-another-app")
    assert words.startswith("Slack refused SLACK_BOT_TOKEN (invalid_auth).")
    words = refused(tmp_path, settings, SLACK_APP_TOKEN="xapp-of-another-app")
    assert words.startswith("Slack refused SLACK_APP_TOKEN (invalid_auth).")


def test_a_slack_that_is_not_there(settings: dict[str, str], tmp_path: Path) -> None:
    words = refused(tmp_path, settings, SLACK_API_URL="http://127.0.0.1:1/api")
    assert words.startswith("Slack does not answer at http://127.0.0.1:1/api/")


def test_an_address_that_is_taken_or_not_ours(settings: dict[str, str], tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert refused(tmp_path, settings, PORT=port) == (
            f"127.0.0.1:{port} is taken by another program. Choose another PORT."
        )
    assert refused(tmp_path, settings, HOST="no.such.host.invalid").startswith("Can't listen on no.such.host.invalid:0")


# --- migrating --------------------------------------------------------------------------------------------------


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'new.db'}"
        return
    databases: PostgresDatabases = request.getfixturevalue("postgresql_databases")
    with databases.new(migrated=False) as url:
        yield url


def test_two_replicas_migrate_at_once(empty_database: str, tmp_path: Path) -> None:
    ended = []

    def replica() -> None:
        ended.append(run(tmp_path, "migrate", DATABASE_URL=empty_database))

    replicas = [threading.Thread(target=replica) for _ in range(2)]
    for each in replicas:
        each.start()
    for each in replicas:
        each.join()
    assert [(done.returncode, done.stderr) for done in ended] == [(0, "")] * 2
    migrate.require_current(empty_database)
