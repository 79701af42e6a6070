"""What people do, and what the app is told of it."""

import json
from collections.abc import Mapping
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.webhook import WebhookClient

from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.errors import AppFailed, SandboxError
from sandbox.world.values import Json
from tests.sandbox.kit import (
    MANIFEST,
    SCOPES,
    actions,
    button,
    chosen,
    entry,
    modal,
    option,
    plain,
    section,
    select,
    typed,
)


def opener(app: App, view: Json) -> list[Json]:
    """Have /hello open a view; returns the submissions that the app will receive."""
    received: list[Json] = []

    @app.command("/hello")
    def hello(ack: Any, body: Json, client: WebClient) -> None:
        client.views_open(trigger_id=body["trigger_id"], view=view)
        ack()

    @app.view("form")
    def form(ack: Any, body: Json) -> None:
        received.append(body)
        ack()

    return received


def test_a_command_carries_what_slack_sends(ws: Workspace, app: App) -> None:
    bodies: list[Json] = []

    @app.command("/hello")
    def hello(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack("Hello *Ada*")

    ada = ws.person("ada")
    ada.command("/hello  you there ", channel="team")

    assert bodies[0] | {"response_url": "", "trigger_id": ""} == {
        "token": ws.verification_token,
        "team_id": ws.team_id,
        "team_domain": "sandbox",
        "channel_id": "C0TEAM",
        "channel_name": "team",
        "user_id": ada.id,
        "user_name": "ada",
        "command": "/hello",
        "text": "you there",
        "api_app_id": ws.app_id,
        "is_enterprise_install": "false",
        "response_url": "",
        "trigger_id": "",
    }
    assert [each["text"] for each in ada.ephemerals] == ["Hello *Ada*"]
    assert ws.person("lee").ephemerals == []


def test_an_unknown_command_is_not_sent(ws: Workspace, app: App) -> None:
    with pytest.raises(SandboxError, match="/bye is not a valid command"):
        ws.person("ada").command("/bye", channel="team")


def test_a_command_with_should_escape_gets_references(ws: Workspace, app: App) -> None:
    texts: list[str] = []

    @app.command("/who")
    def who(ack: Any, command: Json) -> None:
        texts.append(command["text"])
        ack()

    ws.person("ada").command("/who @lee in #team", channel="team")

    assert texts == [f"<@{ws.user('lee').id}|lee> in <#C0TEAM|team>"]


def test_a_typed_broadcast_arrives_as_text(ws: Workspace, app: App) -> None:
    message = ws.person("ada").say("<!channel> & @lee", channel="team")

    assert message["text"] == f"&lt;!channel&gt; &amp; <@{ws.user('lee').id}>"


def test_an_untouched_text_is_null_and_an_untouched_menu_has_null(ws: Workspace, app: App) -> None:
    fields = (entry(optional=True), entry(select(), "menu", optional=True))
    received = opener(
        app, modal(*fields, entry({"type": "multi_users_select", "action_id": "people"}, "many", optional=True))
    )
    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    assert ada.submit() == {}
    assert received[0]["view"]["state"]["values"] == {
        "entry": {"typed": {"type": "plain_text_input", "value": None}},
        "menu": {"pick": {"type": "static_select", "selected_option": None}},
        "many": {"people": {"type": "multi_users_select", "selected_users": []}},
    }
    assert ada.view is None


def test_values_are_filled_by_block_id(ws: Workspace, app: App) -> None:
    date = {"type": "datepicker", "action_id": "day"}
    user = {"type": "users_select", "action_id": "who"}
    boxes = {"type": "checkboxes", "action_id": "boxes", "options": [option("a", "A"), option("b", "B")]}
    view = modal(entry(), entry(select(), "menu"), entry(date, "date"), entry(user, "user"), entry(boxes, "boxes"))
    received = opener(app, view)
    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    ada.submit(entry="Words", menu="a", date="2026-11-21", user="lee", boxes=["a", "B"])

    values = received[0]["view"]["state"]["values"]
    assert values["entry"]["typed"]["value"] == "Words"
    assert values["menu"]["pick"]["selected_option"] == chosen()
    assert values["date"]["day"]["selected_date"] == "2026-11-21"
    assert values["user"]["who"]["selected_user"] == ws.user("lee").id
    assert [each["value"] for each in values["boxes"]["boxes"]["selected_options"]] == ["a", "b"]


@pytest.mark.parametrize(
    ("element", "value", "words"),
    [
        (typed(), None, "required"),
        (typed(min_length=5), "four", "at least 5"),
        (typed(max_length=3), "four", "at most 3"),
        ({"type": "number_input", "action_id": "n", "is_decimal_allowed": False}, "1.5", "whole number"),
        ({"type": "number_input", "action_id": "n", "is_decimal_allowed": True, "max_value": "2"}, "2.5", "at most 2"),
        ({"type": "email_text_input", "action_id": "e"}, "ada", "email"),
        ({"type": "url_text_input", "action_id": "u"}, "example", "URL"),
        (select(), None, "required"),
    ],
)
def test_slack_checks_a_form_before_it_is_sent(
    ws: Workspace, app: App, element: Json, value: str | None, words: str
) -> None:
    received = opener(app, modal(entry(element)))
    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    assert words in ada.submit(entry=value)["entry"]
    assert received == []
    assert ada.view is not None


def test_more_than_the_most_cannot_be_picked(ws: Workspace, app: App) -> None:
    opener(app, modal(entry({"type": "multi_users_select", "action_id": "people", "max_selected_items": 1})))
    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    with pytest.raises(SandboxError, match="more than 1"):
        ada.fill(entry=["ada", "lee"])


def test_what_is_not_on_the_screen_cannot_be_filled_or_pressed(ws: Workspace, app: App) -> None:
    opener(app, modal(entry(select())))
    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    with pytest.raises(SandboxError, match="no input called nothing here; there is entry"):
        ada.fill(nothing="x")
    with pytest.raises(SandboxError, match="option z is not offered"):
        ada.fill(entry="z")
    with pytest.raises(SandboxError, match="nothing called press"):
        ada.click("press")


def test_a_button_in_a_message_says_where_it_stands(ws: Workspace, app: App, client: WebClient) -> None:
    bodies: list[Json] = []

    @app.action("press")
    def press(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    menu = actions(button(value="7"), select(action_id="menu"), block_id="row")
    ts = client.chat_postMessage(channel="C0TEAM", text="Card", blocks=[menu])["ts"]
    ada = ws.person("ada")
    ada.click("press", message={"ts": ts})

    body = bodies[0]
    assert body["container"] == {"type": "message", "message_ts": ts, "channel_id": "C0TEAM", "is_ephemeral": False}
    assert body["channel"] == {"id": "C0TEAM", "name": "team"}
    assert body["message"]["text"] == "Card"
    assert body["state"] == {"values": {"row": {"menu": {"type": "static_select", "selected_option": None}}}}
    assert body["response_url"].startswith(ws.base_url)
    del body["actions"][0]["action_ts"]
    assert body["actions"] == [
        {"type": "button", "action_id": "press", "block_id": "row", "text": plain("Press", emoji=True), "value": "7"}
    ]


def test_nobody_can_press_in_a_channel_they_cannot_see(ws: Workspace, app: App, client: WebClient) -> None:
    ws.add_channel("secret", members=["ada", ws.bot_user_id], private=True, id="C0SECRET")
    message = client.chat_postMessage(channel="C0SECRET", text="Card", blocks=[actions(button())])

    with pytest.raises(SandboxError, match="not there"):
        ws.person("lee").click("press", message={"ts": message["ts"]})


def test_menus_in_a_view_keep_what_was_picked(ws: Workspace, app: App) -> None:
    bodies: list[Json] = []
    received = opener(app, modal(section(block_id="row", accessory=select())))

    @app.action("pick")
    def pick(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    ada = ws.person("ada")
    ada.command("/hello", channel="team")
    ada.click("pick", select="a")
    ada.submit()

    assert bodies[0]["actions"][0]["selected_option"] == chosen()
    assert bodies[0]["container"] == {"type": "view", "view_id": bodies[0]["view"]["id"]}
    assert received[0]["view"]["state"]["values"]["row"]["pick"]["selected_option"] == chosen()


def test_an_input_with_dispatch_action_tells_the_app_at_once(ws: Workspace, app: App) -> None:
    opener(app, modal(entry(dispatch_action=True)))
    told: list[Any] = []

    @app.action("typed")
    def typed_(ack: Any, action: Json) -> None:
        told.append(action["value"])
        ack()

    ada = ws.person("ada")
    ada.command("/hello", channel="team")
    ada.fill(entry="Words")

    assert told == ["Words"]


def test_an_external_select_asks_the_app(ws: Workspace, app: App) -> None:
    external = {"type": "external_select", "action_id": "team", "min_query_length": 0}
    received = opener(app, modal(entry(external)))

    @app.options("team")
    def options(ack: Any, value: str = "", payload: Json | None = None) -> None:
        ack(options=[option("1", "Replay"), option("2", "Mobile")])

    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    assert [each["value"] for each in ada.suggest("team", "re")] == ["1", "2"]
    ada.submit(entry="Mobile")
    assert received[0]["view"]["state"]["values"]["entry"]["team"]["selected_option"]["value"] == "2"


def test_shortcuts_are_those_of_the_manifest(ws: Workspace, app: App) -> None:
    bodies: list[Json] = []

    @app.shortcut("start")
    def start(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    @app.shortcut("keep")
    def keep(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    ada = ws.person("ada")
    message = ada.say("Keep me", channel="team")
    ada.shortcut("start")
    ada.shortcut("keep", message=message)

    assert "channel" not in bodies[0]
    assert bodies[1]["message"]["text"] == "Keep me"
    assert bodies[1]["channel"]["id"] == "C0TEAM"
    with pytest.raises(SandboxError, match="no shortcut called stop"):
        ada.shortcut("stop")
    with pytest.raises(SandboxError, match="start is of type global"):
        ada.shortcut("start", message=message)
    with pytest.raises(SandboxError, match="keep is of type message"):
        ada.shortcut("keep")


def test_a_message_shortcut_says_which_message_and_can_open_a_form_and_answer(ws: Workspace, app: App) -> None:
    bodies: list[Json] = []

    @app.message_shortcut("keep")
    def keep(ack: Any, body: Json, client: WebClient, respond: Any) -> None:
        bodies.append(body)
        client.views_open(trigger_id=body["trigger_id"], view=modal(entry()))
        respond("Kept")
        ack()

    ada, lee = ws.person("ada"), ws.person("lee")
    parent = ada.say("Parent", channel="team")
    reply = ada.say("Keep me", channel="team", thread_ts=parent["ts"])
    lee.shortcut("keep", message=reply)

    body = bodies[0]
    assert (body["type"], body["callback_id"], body["user"]["id"]) == ("message_action", "keep", lee.id)
    assert body["channel"] == {"id": "C0TEAM", "name": "team"}
    assert (body["message_ts"], body["message"]["user"]) == (reply["ts"], ada.id)
    assert (body["message"]["text"], body["message"]["thread_ts"]) == ("Keep me", parent["ts"])
    assert lee.view is not None
    assert [(each["text"], each["thread_ts"]) for each in lee.ephemerals] == [("Kept", parent["ts"])]


def test_a_message_shortcut_works_where_the_app_is_not(ws: Workspace, app: App) -> None:
    bodies: list[Json] = []

    @app.message_shortcut("keep")
    def keep(ack: Any, body: Json, respond: Any) -> None:
        bodies.append(body)
        respond("Kept")
        ack()

    channel = ws.add_channel("secret", members=["ada"], private=True)
    ada = ws.person("ada")
    ada.shortcut("keep", message=ada.say("Keep me", channel="secret"))

    assert bodies[0]["channel"] == {"id": channel.id, "name": "privategroup"}
    assert [each["text"] for each in ada.ephemerals] == ["Kept"]


def test_messages_that_nobody_else_sees_and_deleted_ones_have_no_shortcuts(ws: Workspace, client: WebClient) -> None:
    ada = ws.person("ada")
    client.chat_postEphemeral(channel="C0TEAM", user=ada.id, text="Psst")
    parent = client.chat_postMessage(channel="C0TEAM", text="Parent")
    client.chat_postMessage(channel="C0TEAM", text="Reply", thread_ts=parent["ts"])
    client.chat_delete(channel="C0TEAM", ts=parent["ts"])

    for message, words in ((ada.ephemerals[0], "only you can see"), ({"ts": parent["ts"]}, "is not there")):
        with pytest.raises(SandboxError, match=words):
            ada.shortcut("keep", message=message)


def test_a_message_that_one_cannot_see_has_no_shortcuts(ws: Workspace) -> None:
    ws.add_channel("secret", members=["lee"], private=True)
    said = ws.person("lee").say("Ours", channel="secret")

    with pytest.raises(SandboxError, match="is not there"):
        ws.person("ada").shortcut("keep", message=said)


def test_events_come_only_to_subscribers_in_the_channel(ws: Workspace, app: App) -> None:
    seen: list[str] = []

    @app.event("message")
    def message(event: Json) -> None:
        seen.append(f"message {event['text']}")

    @app.event("app_mention")
    def mention(event: Json) -> None:
        seen.append("mention")

    @app.event("reaction_added")
    def reaction(event: Json) -> None:
        seen.append(f"reaction {event['reaction']}")

    ws.add_channel("elsewhere", members=["ada"])
    ada = ws.person("ada")
    ada.say("One", channel="elsewhere")
    said = ada.say("Two @tester", channel="team")
    ada.react("tada", said)

    assert seen == ["mention", f"message Two <@{ws.bot_user_id}>", "reaction tada"]


def messages_heard(app: App) -> list[Json]:
    heard: list[Json] = []
    app.event("message")(lambda event: heard.append(event))
    return heard


def test_an_edit_and_a_deletion_are_told_and_only_the_author_does_either(ws: Workspace, app: App) -> None:
    heard = messages_heard(app)
    ada, lee = ws.person("ada"), ws.person("lee")
    said = ada.say("Teh build", channel="team")
    with pytest.raises(SandboxError, match="Only its author"):
        lee.edit(said, "Mine")
    with pytest.raises(SandboxError, match="Only its author"):
        lee.delete(said)
    ada.edit(said, "The build")
    assert ws.messages("team")[-1]["text"] == "The build"
    ada.delete(said)

    assert said["ts"] not in [each["ts"] for each in ws.messages("team")]
    assert [each.get("subtype") for each in heard] == [None, "message_changed", "message_deleted"]
    assert heard[1]["message"]["edited"]["user"] == ada.id
    assert heard[1]["previous_message"]["text"] == "Teh build"


def test_a_deletion_above_a_thread_is_told_as_a_change_into_a_tombstone(ws: Workspace, app: App) -> None:
    ada = ws.person("ada")
    said = ada.say("Teh build", channel="team")
    ada.say("The build", channel="team", thread_ts=said["ts"])
    heard = messages_heard(app)
    ada.delete(said)

    (told,) = heard
    assert told["subtype"] == "message_changed"
    assert (told["message"]["subtype"], told["message"]["user"]) == ("tombstone", "USLACKBOT")
    assert (told["previous_message"]["text"], told["previous_message"]["user"]) == ("Teh build", ada.id)


def test_a_reply_that_is_also_sent_to_the_channel_stands_in_both_and_is_told_once(ws: Workspace, app: App) -> None:
    heard = messages_heard(app)
    ada = ws.person("ada")
    said = ada.say("One", channel="team")
    with pytest.raises(SandboxError, match="Only a reply"):
        ada.say("Two", channel="team", broadcast=True)
    ada.say("Two", channel="team", thread_ts=said["ts"], broadcast=True)

    assert [each["text"] for each in ws.messages("team")][-2:] == ["One", "Two"]
    assert [each["text"] for each in ws.messages("team", said["ts"])] == ["One", "Two"]
    assert [(each.get("subtype"), each["text"]) for each in heard] == [(None, "One"), ("thread_broadcast", "Two")]
    assert heard[1]["root"]["ts"] == heard[1]["thread_ts"] == said["ts"]


def test_what_somebody_says_of_themselves_is_a_message_of_its_own_kind(ws: Workspace, app: App) -> None:
    heard = messages_heard(app)
    ws.person("ada").command("/me waves", channel="team")
    assert ws.settle(3)

    assert [(each["subtype"], each["text"], each["user"]) for each in heard] == [
        ("me_message", "waves", ws.user("ada").id)
    ]


def reactions_heard(app: App) -> list[Json]:
    heard: list[Json] = []
    for event in ("reaction_added", "reaction_removed"):
        app.event(event)(lambda event: heard.append(event))
    return heard


def test_a_reaction_is_told_when_it_is_added_and_when_it_is_taken_back(ws: Workspace, app: App) -> None:
    heard = reactions_heard(app)
    ws.add_emoji("retro", "🔄")
    ada, lee = ws.person("ada"), ws.person("lee")
    said = ada.say("The build was red for a day", channel="team")
    lee.react("retro", said)
    assert ws.messages("team")[-1]["reactions"] == [{"name": "retro", "users": [lee.id], "count": 1}]
    lee.react(":retro:", said)

    assert "reactions" not in ws.messages("team")[-1]
    assert [each["type"] for each in heard] == ["reaction_added", "reaction_removed"]
    assert {key: value for key, value in heard[0].items() if key not in ("type", "event_ts")} == {
        "user": lee.id,
        "reaction": "retro",
        "item": {"type": "message", "channel": "C0TEAM", "ts": said["ts"]},
        "item_user": ada.id,
    }


def test_a_reaction_where_the_app_is_not_is_not_told(ws: Workspace, app: App) -> None:
    heard = reactions_heard(app)
    ws.add_channel("elsewhere", members=["ada"])
    ada = ws.person("ada")
    ada.react("tada", ada.say("One", channel="elsewhere"))

    assert heard == []


@pytest.mark.parametrize("name", ["retro", "no_such_emoji", "tada::skin-tone-2", "+1::skin-tone-7"])
def test_nobody_reacts_with_an_emoji_that_is_not_there(ws: Workspace, name: str) -> None:
    ada = ws.person("ada")
    with pytest.raises(SandboxError, match="no emoji called"):
        ada.react(name, ada.say("One", channel="team"))


def test_a_skin_tone_goes_with_hands_and_faces(ws: Workspace) -> None:
    ada = ws.person("ada")
    ada.react("+1::skin-tone-3", ada.say("One", channel="team"))

    assert ws.messages("team")[-1]["reactions"][0]["name"] == "+1::skin-tone-3"


def test_nobody_reacts_in_an_archived_channel(ws: Workspace) -> None:
    ada = ws.person("ada")
    said = ada.say("One", channel="team")
    ws.archive("team")

    with pytest.raises(SandboxError, match="archived"):
        ada.react("tada", said)


@pytest.mark.parametrize("name", ["tada", "Retro", "two words", ""])
def test_an_emoji_of_ones_own_has_a_free_name_in_small_letters(ws: Workspace, name: str) -> None:
    with pytest.raises(ValueError, match="No emoji can be added"):
        ws.add_emoji(name, "🔄")


def without(scope: str) -> Json:
    scopes = [each for each in SCOPES if each != scope]
    return {**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}}


@pytest.mark.parametrize(
    ("scope", "heard"),
    [
        ("reactions:read", ["message", "app_mention"]),
        ("app_mentions:read", ["message", "reaction_added"]),
        ("channels:history", ["app_mention", "reaction_added"]),
    ],
)
def test_an_event_without_its_scope_is_not_sent(session_server: Server, scope: str, heard: list[str]) -> None:
    ws = session_server.workspace = Workspace(without(scope))
    ws.add_user("ada")
    ws.add_channel("team", members=["ada", ws.bot_user_id])
    told: list[str] = []

    def app(_method: str, _headers: Mapping[str, str], body: bytes) -> tuple[int, dict[str, str], str]:
        told.append(json.loads(body)["event"]["type"])
        return 200, {}, ""

    ws.app.connect_function(app)
    ada = ws.person("ada")
    ada.react("tada", ada.say("Hello @tester", channel="team"))
    ws.settle()
    ws.close()

    assert sorted(told) == sorted(heard)


def test_the_home_tab_is_published_when_it_is_opened(ws: Workspace, app: App) -> None:
    @app.event("app_home_opened")
    def home(event: Json, client: WebClient) -> None:
        client.views_publish(user_id=event["user"], view={"type": "home", "blocks": [section("Welcome")]})

    ada = ws.person("ada")

    assert ada.home is None
    shown = ada.open_home()
    assert shown is not None
    assert shown["blocks"][0]["text"]["text"] == "Welcome"
    assert ws.person("lee").home is None


@pytest.mark.parametrize("status", [404, 500])
def test_an_app_that_answers_with_an_error_is_trouble(ws: Workspace, status: int) -> None:
    ws.app.connect_function(lambda *_: (status, {}, ""))
    ada = ws.person("ada")

    with pytest.raises(AppFailed, match="dispatch_failed"):
        ada.command("/hello", channel="team")
    assert ada.trouble == "dispatch_failed"


def test_an_app_that_is_not_there_is_trouble(ws: Workspace) -> None:
    ws.raise_on_trouble = False
    ada = ws.person("ada")
    ada.command("/hello", channel="team")

    assert ada.trouble == "dispatch_failed"


def test_a_command_answered_with_wrong_blocks_is_trouble(ws: Workspace, app: App) -> None:
    @app.command("/hello")
    def hello(ack: Any) -> None:
        ack(text="x", blocks=[{"type": "section"}])

    with pytest.raises(AppFailed, match="invalid_blocks"):
        ws.person("ada").command("/hello", channel="team")


def test_a_forged_payload_is_delivered_signed(ws: Workspace, app: App) -> None:
    response = ws.deliver(
        "interactive", {"type": "block_actions", "actions": [{"action_id": "none", "type": "button"}]}
    )

    assert response.status == 404


def test_a_wrong_signature_is_refused_by_the_app(ws: Workspace, app: App) -> None:
    ws.app.signing_secret = "another"

    with pytest.raises(AppFailed, match="dispatch_failed"):
        ws.person("ada").command("/hello", channel="team")


def subscribed(events: list[str]) -> Json:
    return {**MANIFEST, "settings": {"event_subscriptions": {"bot_events": events}}}


def test_the_app_hears_of_people_and_channels_that_change(server: Server) -> None:
    events = [
        "team_join",
        "user_change",
        "member_joined_channel",
        "member_left_channel",
        "channel_archive",
        "channel_unarchive",
        "channel_rename",
    ]
    ws = server.workspace = Workspace(subscribed(events))
    seen: list[str] = []

    def hear(_method: str, _headers: Json, body: bytes) -> tuple[int, Json, str]:
        seen.append(json.loads(body)["event"]["type"])
        return 200, {}, ""

    ws.app.connect_function(hear)
    ws.join_team("ada")
    ws.add_channel("team", members=[ws.bot_user_id])
    ws.change_user("ada", real_name="Ada L.", deleted=False)
    ws.person("ada").join("team")
    ws.person("ada").leave("team")
    ws.rename("team", "crew")
    ws.archive("crew")
    ws.unarchive("crew")
    ws.settle()

    assert seen == [
        "team_join",
        "user_change",
        "member_joined_channel",
        "member_left_channel",
        "channel_rename",
        "channel_archive",
        "channel_unarchive",
    ]
    ws.close()


def test_an_app_that_is_removed_hears_that_it_has_left(server: Server) -> None:
    events = ["channel_left", "group_left", "group_archive", "member_left_channel"]
    ws = server.workspace = Workspace(subscribed(events))
    ada, lee = ws.add_user("ada"), ws.add_user("lee")
    team = ws.add_channel("team", members=["ada", "lee", ws.bot_user_id])
    secret = ws.add_channel("secret", members=["ada", ws.bot_user_id], private=True)
    seen: list[Json] = []

    def hear(_method: str, _headers: Json, body: bytes) -> tuple[int, Json, str]:
        seen.append({key: value for key, value in json.loads(body)["event"].items() if key != "event_ts"})
        return 200, {}, ""

    ws.app.connect_function(hear)
    ws.archive("secret")
    ws.unarchive("secret")
    ws.kick("team", "lee")
    ws.person("ada").command(f"/remove @{ws.user(ws.bot_user_id).name}", channel="team")
    ws.kick("secret", by="ada")
    ws.archive("secret")
    ws.settle()

    assert seen == [
        {"type": "group_archive", "channel": secret.id, "user": ada.id},
        {
            "type": "member_left_channel",
            "user": lee.id,
            "channel": team.id,
            "channel_type": "C",
            "team": ws.team_id,
        },
        {"type": "channel_left", "channel": team.id, "actor_id": ada.id},
        {"type": "group_left", "channel": secret.id, "actor_id": ada.id},
    ]
    assert team.members == [ada.id]
    ws.close()


def test_a_time_is_picked_as_hours_and_minutes(ws: Workspace, app: App, client: WebClient) -> None:
    received: list[Json] = []

    @app.action("time")
    def time(ack: Any, body: Json) -> None:
        received.append(body["actions"][0])
        ack()

    @app.view("form")
    def form(ack: Any, view: Json) -> None:
        received.append(view["state"]["values"])
        ack()

    ada = ws.person("ada")
    picker = {"type": "timepicker", "action_id": "time", "timezone": "Europe/Berlin", "placeholder": plain("When?")}
    card = [section(accessory=picker), actions({**picker, "action_id": "other", "initial_time": "23:59"})]
    client.chat_postMessage(channel="C0TEAM", text="Card", blocks=card)
    ada.click("time", select="09:05")
    for wrong in ("9:05", "25:00", "noon"):
        with pytest.raises(SandboxError, match="HH:mm"):
            ada.click("time", select=wrong)
    trigger = modals.new_trigger(ws, ada.id, from_modal=False)
    days = [option("mon", "Monday"), option("tue", "Tuesday")]
    boxes = {"type": "checkboxes", "action_id": "days", "options": days, "initial_options": days[:1]}
    client.views_open(trigger_id=trigger, view=modal(entry(picker), entry(boxes, "days")))
    assert ada.submit(entry="16:30") == {}

    assert (received[0]["selected_time"], received[0]["timezone"]) == ("09:05", "Europe/Berlin")
    assert received[1] == {
        "entry": {"time": {"type": "timepicker", "selected_time": "16:30", "timezone": "Europe/Berlin"}},
        "days": {"days": {"type": "checkboxes", "selected_options": [chosen("mon", "Monday")]}},
    }


def test_a_button_in_a_direct_message_is_answered_in_its_place(ws: Workspace, app: App, client: WebClient) -> None:
    received: list[Json] = []

    @app.action("done")
    def done(ack: Any, body: Json) -> None:
        received.append(body)
        ack()

    ada = ws.person("ada")
    metadata = {"event_type": "prompt", "event_payload": {"key": "1"}}
    card = [actions(button("Done", "done", value="1")), actions(button("Later", "later"))]
    posted = client.chat_postMessage(channel=ada.id, text="Prompt", blocks=card, metadata=metadata)
    client.chat_postMessage(channel=ada.id, text="Another thing")
    ada.press("Done")
    body = received[0]

    assert (body["channel"], body["message"]["ts"]) == ({"id": ws.dm("ada"), "name": "directmessage"}, posted["ts"])
    assert body["container"] == {
        "type": "message",
        "message_ts": posted["ts"],
        "channel_id": ws.dm("ada"),
        "is_ephemeral": False,
    }
    answer = WebhookClient(body["response_url"], retry_handlers=[]).send(
        text="Thanks", blocks=[section("Thanks")], replace_original=True
    )
    assert answer.status_code == 200
    assert [each["text"] for each in ada.dms] == ["Thanks", "Another thing"]
    assert (ada.dms[0]["ts"], ada.dms[0]["metadata"]) == (posted["ts"], metadata)
    assert [block["type"] for block in ada.dms[0]["blocks"]] == ["section"]
    with pytest.raises(SandboxError, match="sees no button that says Done"):
        ada.press("Done", ada.dms[0])


def test_a_guest_sees_only_the_channels_they_are_in(ws: Workspace) -> None:
    ws.add_user("rosa", is_ultra_restricted=True)

    with pytest.raises(SandboxError, match="has to invite you"):
        ws.person("rosa").join("team")


def test_an_archived_channel_takes_no_words(ws: Workspace, app: App) -> None:
    ws.archive("team")

    with pytest.raises(SandboxError, match="archived"):
        ws.person("ada").say("Hello?", channel="team")


def test_overflow_menus_send_the_option(ws: Workspace, app: App, client: WebClient) -> None:
    picked: list[Json] = []

    @app.action("more")
    def more(ack: Any, action: Json) -> None:
        picked.append(action["selected_option"])
        ack()

    overflow = {"type": "overflow", "action_id": "more", "options": [option("a", "A"), option("b", "B")]}
    client.chat_postMessage(channel="C0TEAM", text="Card", blocks=[section(accessory=overflow)])
    ws.person("ada").click("more", select="b")

    assert picked == [chosen("b", "B")]


def test_a_press_on_the_home_tab_carries_the_view(ws: Workspace, app: App, client: WebClient) -> None:
    bodies: list[Json] = []

    @app.action("press")
    def press(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    ada = ws.person("ada")
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [actions(button())]})
    ada.click("press", home=True)

    assert bodies[0]["view"]["type"] == "home"
    assert "response_url" not in bodies[0]
