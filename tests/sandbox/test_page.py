"""What the browser page asks for and does, over HTTP."""

import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from contextlib import closing
from graphlib import TopologicalSorter
from http.client import HTTPConnection
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from slack_bolt import App
from slack_sdk import WebClient

from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world.values import Json
from tests.sandbox.kit import actions, button, chosen, entry, modal, section, select

Do = Callable[..., Json]


def get(server: Server, path: str) -> Json:
    with urllib.request.urlopen(f"{server.url}{path}", timeout=5) as response:  # noqa: S310
        found: Json = json.load(response)
        return found


@pytest.fixture
def do(server: Server, ws: Workspace) -> Do:
    def act(verb: str, who: str = "ada", **body: Any) -> Json:
        content = json.dumps({"as": ws.user(who).id, **body}).encode()
        with urllib.request.urlopen(f"{server.url}/sandbox/do/{verb}", content, timeout=5) as response:  # noqa: S310
            found: Json = json.load(response)
            return found

    return act


PAGE = Path(__file__).parents[2] / "sandbox" / "page"


def status(server: Server, path: str) -> int:
    try:
        with urllib.request.urlopen(f"{server.url}{path}", timeout=5) as response:  # noqa: S310
            return int(response.status)
    except urllib.error.HTTPError as error:
        error.close()
        return error.code


def test_browsers_get_the_pages_files_and_no_python(server: Server) -> None:
    files = {each.name: status(server, f"/static/{each.name}") for each in PAGE.iterdir() if each.is_file()}
    served = {name for name, found in files.items() if found == 200}
    assert served == {name for name in files if name.endswith((".html", ".css", ".js"))}
    assert {name for name in files if name.endswith(".py")} > {"api.py"}
    assert set(files.values()) == {200, 404}


def test_no_script_of_the_page_stands_in_a_circle() -> None:
    imports = re.compile(r'from "\./([a-z]+\.js)"')
    graph = {each.name: set(imports.findall(each.read_text("utf-8"))) for each in PAGE.glob("*.js")}
    assert len(list(TopologicalSorter(graph).static_order())) == len(graph)


def test_the_page_starts_with_the_people(server: Server, ws: Workspace) -> None:
    assert [each["name"] for each in get(server, "/sandbox/state")["users"]] == [
        "slackbot",
        "tester",
        "ada",
        "lee",
        "noor",
    ]


def test_a_person_sees_their_channels_and_the_app(server: Server, ws: Workspace, client: WebClient) -> None:
    ws.add_channel("secret", members=["lee"], private=True)
    client.chat_postMessage(channel="C0TEAM", text="New")
    state = get(server, f"/sandbox/state?as={ws.user('ada').id}")

    assert state["me"]["name"] == "ada"
    assert [(each["name"], each["is_member"], each["unread"]) for each in state["channels"]] == [("team", True, 1)]
    assert [each["command"] for each in state["app"]["commands"]] == ["/hello", "/who"]
    assert [each["type"] for each in state["app"]["shortcuts"]] == ["global", "message"]
    assert (state["modal"], state["home"]) == ({"stack": [], "errors": {}}, None)


def test_reading_a_channel_marks_it(server: Server, ws: Workspace, client: WebClient, do: Do) -> None:
    client.chat_postMessage(channel="C0TEAM", text="New")
    do("read", channel="C0TEAM")

    assert get(server, f"/sandbox/state?as={ws.user('ada').id}")["channels"][0]["unread"] == 0
    assert get(server, f"/sandbox/state?as={ws.user('lee').id}")["channels"][0]["unread"] == 1


def test_ephemeral_messages_are_in_their_place_for_one_person(server: Server, ws: Workspace, client: WebClient) -> None:
    client.chat_postMessage(channel="C0TEAM", text="1")
    client.chat_postEphemeral(channel="C0TEAM", user=ws.user("ada").id, text="2")
    client.chat_postMessage(channel="C0TEAM", text="3")

    def seen(name: str) -> list[tuple[str, bool]]:
        found = get(server, f"/sandbox/messages?as={ws.user(name).id}&channel=C0TEAM")["messages"]
        return [(each["text"], bool(each.get("is_ephemeral"))) for each in found]

    assert seen("ada") == [("1", False), ("2", True), ("3", False)]
    assert seen("lee") == [("1", False), ("3", False)]


def test_a_form_is_filled_and_sent_by_its_state(ws: Workspace, app: App, do: Do) -> None:
    received: list[Json] = []

    @app.command("/hello")
    def hello(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(
            trigger_id=body["trigger_id"], view=modal(entry(), section(block_id="row", accessory=select()))
        )
        ack()

    @app.action("pick")
    def pick(ack: Any, body: Json) -> None:
        received.append(body)
        ack()

    @app.view("form")
    def form(ack: Any, view: Json) -> None:
        received.append(view)
        ack()

    assert do("command", channel="C0TEAM", command="/hello", text="")["ok"] is True
    view = ws.person("ada").view
    assert view is not None
    container = {"type": "view", "view_id": view["id"]}
    state = {"entry": {"typed": {"type": "plain_text_input", "value": "Words"}}}
    do("click", container=container, block_id="row", action_id="pick", picked="a", state=state)
    assert do("submit", view_id=view["id"], state={"entry": {"typed": {"value": ""}}})["errors"].keys() == {"entry"}
    assert do("submit", view_id=view["id"], state=state) == {"ok": True, "errors": {}}

    assert received[0]["view"]["state"]["values"]["entry"]["typed"]["value"] == "Words"
    assert received[1]["state"]["values"]["row"]["pick"]["selected_option"] == chosen()


def test_a_modal_stays_in_the_page_that_opened_it(server: Server, ws: Workspace, app: App, do: Do) -> None:
    @app.command("/hello")
    def hello(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(entry(), actions(button()), clear_on_close=True))
        ack()

    @app.action("press")
    def press(ack: Any, body: Json, client: WebClient) -> None:
        client.views_push(trigger_id=body["trigger_id"], view=modal(title={"type": "plain_text", "text": "On top"}))
        ack()

    def shown(page: str) -> list[Json]:
        stack: list[Json] = get(server, f"/sandbox/state?as={ws.user('ada').id}&page={page}")["modal"]["stack"]
        return stack

    for page in ("one", "two"):
        do("command", page=page, channel="C0TEAM", command="/hello", text="")
    assert [len(shown(page)) for page in ("one", "two", "reloaded")] == [1, 1, 0]
    first, second = shown("one")[0], shown("two")[0]
    assert first["id"] != second["id"]

    container = {"type": "view", "view_id": first["id"]}
    do("click", page="one", container=container, block_id=first["blocks"][1]["block_id"], action_id="press")
    assert [len(shown(page)) for page in ("one", "two")] == [2, 1]
    do("close", page="one", view_id=shown("one")[1]["id"], all=True)
    state = {"entry": {"typed": {"type": "plain_text_input", "value": ""}}}
    assert do("submit", page="two", view_id=second["id"], state=state)["errors"].keys() == {"entry"}
    assert [len(shown(page)) for page in ("one", "two")] == [0, 1]
    assert ws.person("ada").view is None


def test_verbs_of_everyday(ws: Workspace, app: App, do: Do) -> None:
    channel = ws.add_channel("other", members=[]).id
    assert do("join", channel=channel)["ok"] is True
    message = do("say", channel=channel, text="Hello")["message"]
    do("say", channel=channel, text="Reply", thread_ts=message["ts"])
    do("react", channel=channel, ts=message["ts"], name="tada")
    dm = do("dm", user=ws.user("lee").id)["channel"]
    do("say", channel=dm, text="Between us")
    assert do("leave", channel=channel)["ok"] is True

    first = next(each for each in ws.messages("other") if each["text"] == "Hello")
    assert (first["reply_count"], first["reactions"][0]["name"]) == (1, "tada")
    assert [each["text"] for each in ws.messages(dm)] == ["Between us"]


def test_the_app_can_be_invited_by_its_name(ws: Workspace, do: Do) -> None:
    channel = ws.add_channel("other", members=["ada"])

    assert do("command", channel=channel.id, command="/invite", text="@tester")["ok"] is True
    assert ws.bot_user_id in channel.members


def test_what_goes_wrong_is_a_sentence(ws: Workspace, client: WebClient, do: Do) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="Card", blocks=[actions(button())])["ts"]
    container = {"type": "message", "channel": "C0TEAM", "ts": ts}

    assert do("command", channel="C0TEAM", command="/bye")["error"] == "/bye is not a valid command."
    assert "could not be reached" in do("click", container=container, block_id=None, action_id="press")["error"]
    assert do("dance")["error"] == "There is no verb called dance."
    assert do("say", channel="C0TEAM")["error"] == "The request lacks 'text'."


def test_the_stream_tells_what_changes(server: Server, ws: Workspace, client: WebClient) -> None:
    notices: list[Json] = []
    ready = threading.Event()

    def listen() -> None:
        with urllib.request.urlopen(f"{server.url}/sandbox/stream?as={ws.user('ada').id}") as stream:  # noqa: S310
            stream.readline()
            ready.set()
            while len(notices) < 3:
                line = stream.readline().decode()
                if line.startswith("data:"):
                    notices.append(json.loads(line.removeprefix("data:")))

    thread = threading.Thread(target=listen)
    thread.start()
    assert ready.wait(5)
    ts = client.chat_postMessage(channel="C0TEAM", text="New")["ts"]
    client.chat_postEphemeral(channel="C0TEAM", user=ws.user("lee").id, text="Not for Ada")
    client.chat_update(channel="C0TEAM", ts=ts, text="Newer")
    client.chat_delete(channel="C0TEAM", ts=ts)
    thread.join(5)

    assert [each["type"] for each in notices] == ["message", "message_changed", "message_deleted"]
    assert notices[1]["message"]["text"] == "Newer"


def test_a_permalink_opens_the_page_at_its_message(server: Server, ws: Workspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="x")["ts"]
    reply = client.chat_postMessage(channel="C0TEAM", text="y", thread_ts=ts)["ts"]
    assert client.auth_test()["url"] == f"{server.url}/"

    for stamp, query in ((ts, {"channel": ["C0TEAM"], "message": [ts]}), (reply, {"thread": [ts]})):
        link = client.chat_getPermalink(channel="C0TEAM", message_ts=stamp)["permalink"]
        with urllib.request.urlopen(link, timeout=5) as page:  # noqa: S310
            assert page.headers["content-type"].startswith("text/html")
            assert query.items() <= parse_qs(urlsplit(page.url).query).items()


def test_emoji_have_slacks_short_names(server: Server) -> None:
    names = get(server, "/sandbox/emoji")

    assert (names["tada"], names["hedgehog"], names["+1"], names["white_check_mark"]) == ("🎉", "🦔", "👍", "✅")


def test_no_file_outside_the_page_is_served(server: Server) -> None:
    for path in ("/static/..%2f__init__.py", "/static/nothing.js"):
        with pytest.raises(urllib.error.HTTPError, match="404"):
            get(server, path)


def test_the_page_knows_the_workspaces_own_emoji(server: Server, ws: Workspace) -> None:
    assert "retro" not in get(server, "/sandbox/emoji")
    ws.add_emoji("retro", "🔄")

    names = get(server, "/sandbox/emoji")
    assert (names["retro"], names["tada"]) == ("🔄", "🎉")


def test_an_emoji_that_is_not_there_is_said_in_a_sentence(ws: Workspace, client: WebClient, do: Do) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="Hello")["ts"]

    answer = do("react", channel="C0TEAM", ts=ts, name="retro")
    assert (answer["ok"], answer["error"]) == (False, "There is no emoji called :retro: here.")


def test_a_message_shortcut_opens_its_form_in_the_page(ws: Workspace, app: App, client: WebClient, do: Do) -> None:
    @app.message_shortcut("keep")
    def keep(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=modal(section(body["message"]["text"])))
        ack()

    ts = client.chat_postMessage(channel="C0TEAM", text="Keep me")["ts"]
    assert do("shortcut", callback_id="keep", message={"channel": "C0TEAM", "ts": ts}) == {"ok": True}

    assert (ws.person("ada").view or {})["blocks"][0]["text"]["text"] == "Keep me"
    assert do("shortcut", callback_id="keep")["error"] == "The shortcut keep is of type message."


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "localhost:1234"}, 200),
        ({"Host": "[::1]:1234"}, 200),
        ({"Host": "attacker.example"}, 403),
        ({"Host": "127.0.0.1.attacker.example:80"}, 403),
        ({"Host": "["}, 403),
        ({"Origin": "https://attacker.example"}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://localhost:1", "Host": "localhost:2"}, 403),
        ({"Origin": "http://localhost:2", "Host": "localhost:2"}, 200),
    ],
    ids=str,
)
@pytest.mark.parametrize("path", ["/sandbox/state", "/sandbox/do/read", "/sandbox/clock", "/", "/static/app.js"])
def test_only_the_page_itself_may_read_and_act(
    server: Server, ws: Workspace, headers: dict[str, str], status: int, path: str
) -> None:
    body = json.dumps({"as": ws.user("ada").id, "channel": "C0TEAM"}).encode() if "/do/" in path else None
    address = urlsplit(server.url)
    with closing(HTTPConnection(address.netloc, timeout=5)) as connection:
        connection.putrequest("POST" if body else "GET", path, skip_host="Host" in headers)
        for name, value in {**headers, "Content-Length": str(len(body or b""))}.items():
            connection.putheader(name, value)
        connection.endheaders(body)
        assert connection.getresponse().status == status
