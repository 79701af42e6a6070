"""What a feature shows to Slack: the manifest prints it, and the app hears it."""

from collections.abc import Iterator

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.manifest import manifest
from handlers.surface import Feature, Shortcut, register
from sandbox.errors import AppFailed
from sandbox.server import Server
from sandbox.values import Json
from sandbox.workspace import Workspace

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


def connect(slack: Workspace, server: Server, feature: Feature) -> None:
    client = WebClient(slack.bot_token, base_url=server.api_url)
    app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    register(app, [], [feature])

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
