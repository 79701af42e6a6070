"""What a feature shows to Slack: the manifest prints it, and the app hears it."""

from collections.abc import Iterator, Sequence

import pytest
from slack_bolt import Ack, App, BoltRequest
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.serving.manifest import manifest
from handlers import FEATURES, errors
from handlers.commands import COMMANDS
from handlers.features import Command, Feature, Shortcut
from handlers.routing import register, verb_of
from sandbox.app import payloads
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.values import Json
from tests.world import World

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


def connect(
    slack: Workspace,
    server: Server,
    *features: Feature,
    commands: Sequence[Command] = (),
) -> None:
    client = WebClient(slack.bot_token, base_url=server.api_url)
    app = App(client=client, signing_secret=slack.signing_secret, process_before_response=True)
    app.error(errors.answer)
    register(app, commands, features, lambda command, _: lambda ack: ack(text=command.title))

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
    ada = slack.person("ada")
    ada.shortcut("start_retro")

    assert heard == []
    assert "This menu entry is from an older version. Open `/prickle`." in str(ada.view)


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

    command = Command(
        "/reach-out", "Reach out", "[queue | help] [what you want]", "Reaching out", Part.INTAKE, {}, takes_text=True
    )
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
    assert ada.ephemerals[-1]["text"] == "Reaching out"
    slack.app.disconnect()
    slack.close()


# --- ids --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("action_id", "verb"),
    [
        ("item_mark", "item_mark"),
        ("item_mark_12", "item_mark"),
        ("item_mark_-3", "item_mark"),
        ("item_mark_all", "item_mark_all"),
        ("item_mark_all_12", "item_mark_all"),
        ("item_mark_12.5", ""),
        ("item_markup", ""),
        ("item", ""),
        ("", ""),
    ],
)
def test_a_row_stands_behind_the_longest_id_that_is_known(action_id: str, verb: str) -> None:
    assert verb_of(action_id, {"item_mark", "item_mark_all"}) == verb


def test_no_id_is_registered_twice_and_no_action_looks_like_another_with_a_row() -> None:
    for kind in ("actions", "views", "options"):
        ids = [id_ for feature in FEATURES for id_ in getattr(feature, kind)]
        assert sorted(set(ids)) == sorted(ids), kind
    shortcuts = [each.callback_id for feature in FEATURES for each in feature.shortcuts]
    assert sorted(set(shortcuts)) == sorted(shortcuts)
    actions = {id_ for feature in FEATURES for id_ in feature.actions}
    assert len(actions) > 100
    assert not [id_ for id_ in actions if verb_of(id_, actions - {id_})]


def test_no_verb_is_registered_twice_and_each_belongs_to_a_command() -> None:
    verbs = [(name, verb) for feature in FEATURES for name, said in feature.verbs.items() for verb in said]
    assert sorted(set(verbs)) == sorted(verbs)
    assert {name for name, _ in verbs} == {command.name for command in COMMANDS}


# --- what nobody listens to -------------------------------------------------------------------------------------

OUTDATED = "is from an older version. Open `/prickle`."


def test_a_button_of_an_older_version_is_answered_in_words(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.command("/small-team")
    user, view = world.slack.user("ada"), modals.stack(world.slack, world.id("ada"))[-1]
    press = payloads.view_actions(world.slack, user, view, {"type": "button", "action_id": "gone_7", "value": "7"})

    assert world.slack.deliver("interactive", press).status == 200
    assert f"This button {OUTDATED}" in str(ada.view)


@pytest.mark.parametrize("in_a_window", [True, False])
def test_a_button_in_a_place_that_is_not_its_own_is_answered_in_words(
    world: World, caplog: pytest.LogCaptureFixture, in_a_window: bool
) -> None:
    world.team("ada", "lee")
    world.slack.raise_on_trouble = False
    ada, user = world.person("ada"), world.slack.user("ada")
    ada.command("/small-team")
    view, channel = modals.stack(world.slack, user.id)[-1], world.slack.channel("sprints")
    for action_id in {each for feature in FEATURES for each in feature.actions}:
        action = {"type": "button", "action_id": action_id, "value": "7"}
        on_a_message = payloads.message_actions(world.slack, user, channel, {"ts": "1.1", "text": ""}, {}, action)
        bare = {name: value for name, value in on_a_message.items() if name not in ("message", "response_url")}
        press = payloads.view_actions(world.slack, user, view, action) if in_a_window else bare
        assert world.slack.deliver("interactive", press).status == 200
    assert [record.getMessage() for record in caplog.records if record.exc_info] == []


def test_a_form_of_an_older_version_keeps_what_was_typed(world: World) -> None:
    world.team("ada", "lee")
    ada = world.person("ada")
    ada.command("/sprint plan")
    ada.fill(high="Typed with care")
    submission = world.submission("ada")
    submission["view"]["callback_id"] = "gone"
    answer = world.slack.deliver("interactive", submission)

    assert (answer.json() or {})["errors"] == {"high": f"This form {OUTDATED.replace('`', '')}"}
    assert "Typed with care" in str(ada.view)


def test_a_list_of_an_older_version_offers_nothing(world: World) -> None:
    ada = world.person("ada")
    ada.command("/small-team join")
    user, view = world.slack.user("ada"), modals.stack(world.slack, world.id("ada"))[-1]
    asked = payloads.suggestion(world.slack, user, payloads.in_view(view), "team", "gone", "Rep")

    answer = world.slack.deliver("interactive", asked)
    assert (answer.status, answer.json()) == (200, {"options": []})


def test_a_command_of_an_older_version_is_answered_in_words(world: World) -> None:
    command = payloads.command(world.slack, world.slack.user("ada"), world.slack.channel("sprints"), "/gone", "")
    answer = world.slack.deliver("slash_commands", command)

    assert (answer.json() or {})["text"] == f"This command {OUTDATED}"


def test_what_carries_no_trigger_or_no_known_kind_is_acknowledged(world: World) -> None:
    ada = world.person("ada")
    ada.command("/small-team join")
    user, view = world.slack.user("ada"), modals.stack(world.slack, world.id("ada"))[-1]
    closed = payloads.closed(world.slack, user, view, cleared=False)
    cancelled = {**closed, "type": "dialog_cancellation", "callback_id": "gone"}
    unheard = {**closed, "type": "something_new"}

    assert [world.slack.deliver("interactive", each).status for each in (closed, cancelled, unheard)] == [200] * 3


def test_an_event_that_nobody_listens_to_is_acknowledged(world: World) -> None:
    event = {"type": "event_callback", "event_id": "Ev1", "event": {"type": "emoji_changed", "event_ts": "1.1"}}

    assert world.slack.deliver("events_api", event).status == 200
