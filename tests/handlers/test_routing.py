"""What a feature shows to Slack: the manifest prints it, and the app hears it."""

from collections.abc import Iterator, Sequence

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.serving.manifest import manifest
from handlers.features import Command, Feature, Shortcut
from handlers.routing import register
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world.errors import AppFailed
from sandbox.world.values import Json

heard: list[str] = []


def answer(ack: Ack, body: Json) -> None:
    heard.append(body["type"])
    ack()


GLOBAL = Shortcut("start_retro", "Start a retro", "Starts it", answer)
ON_A_MESSAGE = Shortcut("add_to_retro", "Add to retro", "Adds this message", answer, kind="message")
FEATURE = Feature(shortcuts=[GLOBAL, ON_A_MESSAGE])


@pytest.fixture
def slack(slack_server: Server) -> Iterator[Workspace]:
    slack = slack_server.workspace = Workspace(manifest([], [FEATURE]))
    slack.add_user("ada")
    slack.add_channel("team", members=["ada"])
    heard.clear()
    yield slack
    slack.app.disconnect()
    slack.close()


def connect(slack: Workspace, server: Server, *features: Feature, commands: Sequence[Command] = ()) -> None:
    client = WebClient(slack.bot_token, base_url=server.api_url)
    app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    register(app, commands, features)

    def call(_method: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, object], str]:
        response = app.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return response.status, dict(response.headers), response.body

    slack.app.connect_function(call)


def test_the_manifest_says_of_what_kind_a_shortcut_is(slack: Workspace) -> None:
    kinds = {each["callback_id"]: each["type"] for each in slack.manifest.shortcuts}

    assert kinds == {"start_retro": "global", "add_to_retro": "message"}


def test_a_shortcut_of_each_kind_is_answered(slack: Workspace, slack_server: Server) -> None:
    connect(slack, slack_server, FEATURE)
    ada = slack.person("ada")
    ada.shortcut("start_retro")
    ada.shortcut("add_to_retro", message=ada.say("The build was red", channel="team"))

    assert heard == ["shortcut", "message_action"]


def test_a_shortcut_of_the_other_kind_is_not_heard(slack: Workspace, slack_server: Server) -> None:
    swapped = Shortcut("start_retro", "Start a retro", "Starts it", answer, kind="message")
    connect(slack, slack_server, Feature(shortcuts=[swapped]))

    with pytest.raises(AppFailed):
        slack.person("ada").shortcut("start_retro")
    assert heard == []


def test_each_feature_that_listens_to_an_event_is_told_and_it_is_acknowledged_once(slack_server: Server) -> None:
    def first(ack: Ack, event: Json) -> None:
        heard.append(f"first {event['text']}")
        ack()

    def second(ack: Ack, event: Json, client: WebClient) -> None:
        heard.append(f"second {event['text']} {client.base_url == slack_server.api_url}")
        ack()

    features = [Feature(events={"message.channels": first}), Feature(events={"message.channels": second})]
    slack = slack_server.workspace = Workspace(manifest([], features))
    slack.add_user("ada")
    slack.add_channel("team", members=["ada", slack.bot_user_id])
    heard.clear()
    connect(slack, slack_server, *features)
    slack.person("ada").say("hello", channel="team")

    assert slack.settle(3)
    assert heard == ["first hello", "second hello True"]
    slack.app.disconnect()
    slack.close()


def test_a_command_that_takes_text_has_verbs_that_stand_alone(slack_server: Server) -> None:
    def bare(ack: Ack, command: Json) -> None:
        heard.append(f"text {command['text']}".strip())
        ack()

    def queue(ack: Ack) -> None:
        heard.append("queue")
        ack()

    command = Command("/reach-out", "Reach out", "[queue | help] [what you want]", "*Reaching out*", takes_text=True)
    features = [Feature(verbs={"/reach-out": {"": bare, "queue": queue}})]
    slack = slack_server.workspace = Workspace(manifest([command], features))
    slack.add_user("ada")
    heard.clear()
    connect(slack, slack_server, *features, commands=[command])
    ada = slack.person("ada")
    for line in (
        "/reach-out",
        "/reach-out Queue",
        "/reach-out queue for tickets",
        "/reach-out help",
        "/reach-out help us",
    ):
        ada.command(line)

    assert heard == ["text", "queue", "text queue for tickets", "text help us"]
    assert ada.ephemerals[-1]["text"] == "*Reaching out*"
    slack.app.disconnect()
    slack.close()
