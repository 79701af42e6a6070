"""Where the real Slack is less tidy than one would think: what it adds, escapes, sends sometimes, and keeps quiet about."""

import json
from typing import Any

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.api.dispatch import METHODS
from sandbox.api.limits import TIERS
from sandbox.workspace import Workspace
from sandbox.world import manifest as manifests
from sandbox.world.errors import SandboxError
from sandbox.world.values import Json
from tests.sandbox.kit import EVENTS, MANIFEST, SCOPES, actions, button, mrkdwn, plain, section

PERSON = {"real_name": "Grace Hopper", "display_name": "Amazing Grace", "handle": "rear.admiral"}


def refusal(call: Any) -> str:
    """Slack's word for why it refuses."""
    with pytest.raises(SlackApiError) as error:
        call()
    return str(error.value.response["error"])


def heard(app: App, ws: Workspace, *names: str) -> list[Json]:
    """What the app hears of these events from now on, with more scopes and events than the other tests' app."""
    scopes = [*SCOPES, "mpim:history", "mpim:read", "mpim:write"]
    events = [*EVENTS, "message.groups", "message.mpim", "channel_archive", "channel_rename"]
    ws.manifest = manifests.read(
        {
            **MANIFEST,
            "oauth_config": {"scopes": {"bot": scopes}},
            "settings": {"event_subscriptions": {"bot_events": events}},
        }
    )
    received: list[Json] = []
    for name in names:
        app.event(name)(lambda event: received.append(event))
    return received


# --- messages ---------------------------------------------------------------------------------------------------


def test_a_reply_to_a_message_that_is_gone_or_never_was_stands_at_the_root(ws: Workspace, client: WebClient) -> None:
    gone = client.chat_postMessage(channel="C0TEAM", text="Gone")["ts"]
    client.chat_delete(channel="C0TEAM", ts=gone)
    for above in (gone, "1.000000"):
        answer = client.chat_postMessage(channel="C0TEAM", text="Reply", thread_ts=above)
        assert "thread_ts" not in answer["message"]
    assert [each["text"] for each in ws.messages("team")] == ["Reply", "Reply"]


def test_an_edit_in_an_archived_channel_is_refused_by_another_word_than_a_message(
    ws: Workspace, client: WebClient
) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="Card")["ts"]
    ws.archive("team")
    assert refusal(lambda: client.chat_update(channel="C0TEAM", ts=ts, text="New")) == "is_inactive"
    assert refusal(lambda: client.chat_postMessage(channel="C0TEAM", text="New")) == "is_archived"


@pytest.mark.parametrize(
    ("typed", "sent", "leaf"),
    [
        ("see https://a.example/x?a=1&b=2.", "see <https://a.example/x?a=1&amp;b=2>.", {"type": "link"}),
        ("mail x@a.example", "mail <mailto:x@a.example|x@a.example>", {"type": "link", "text": "x@a.example"}),
        ("at docs.example.com", "at <http://docs.example.com|docs.example.com>", {"text": "docs.example.com"}),
        ("done 🎉", "done :tada:", {"type": "emoji", "name": "tada"}),
        ("3 < 4 & more", "3 &lt; 4 &amp; more", {"type": "text", "text": "3 < 4 & more"}),
        ("ask @lee", "ask <@{lee}>", {"type": "user"}),
        ("@here look", "<!here> look", {"type": "broadcast", "range": "here"}),
        ("in #team", "in <#C0TEAM|team>", {"type": "channel", "channel_id": "C0TEAM"}),
    ],
)
def test_what_a_person_types_is_sent_as_slack_writes_it_and_as_rich_text(
    ws: Workspace, typed: str, sent: str, leaf: Json
) -> None:
    said = ws.person("ada").say(typed, channel="team")
    assert said["text"] == sent.format(lee=ws.user("lee").id)
    ((section_,),) = [block["elements"] for block in said["blocks"]]
    assert any(leaf.items() <= each.items() for each in section_["elements"])
    edited = ws.person("ada").edit(said, "other words")
    assert edited["blocks"][0]["elements"][0]["elements"] == [{"type": "text", "text": "other words"}]


def test_text_objects_are_handed_back_with_what_slack_adds_and_escapes(
    ws: Workspace, app: App, client: WebClient
) -> None:
    bodies: list[Json] = []

    @app.action("press")
    def press(ack: Any, body: Json) -> None:
        bodies.append(body)
        ack()

    blocks = [section("R&D <@U1> &amp; more"), actions(button("R&D <3", "press", value="R&D"))]
    answer = client.chat_postMessage(channel="C0TEAM", text="x", blocks=blocks)
    ws.person("ada").click("press")

    for given in (answer["message"], bodies[0]["message"]):
        assert given["blocks"][0]["text"] == {**mrkdwn("R&amp;D <@U1> &amp; more"), "verbatim": False}
        assert given["blocks"][1]["elements"][0]["text"] == plain("R&amp;D &lt;3", emoji=True)
    assert bodies[0]["actions"][0]["text"] == plain("R&amp;D &lt;3", emoji=True)
    assert bodies[0]["actions"][0]["value"] == "R&D"


def test_payloads_carry_a_messages_metadata_only_sometimes(ws: Workspace, app: App, client: WebClient) -> None:
    carried: list[bool] = []

    @app.action("press")
    def press(ack: Any, body: Json) -> None:
        carried.append("metadata" in body["message"])
        ack()

    metadata = {"event_type": "x", "event_payload": {"key": "&"}}
    client.chat_postMessage(channel="C0TEAM", text="x", blocks=[actions(button())], metadata=metadata)
    for _ in range(4):
        ws.person("ada").click("press")
    assert set(carried) == {True, False}


def test_slack_itself_writes_of_what_becomes_of_a_channel(ws: Workspace, app: App) -> None:
    received = heard(app, ws, "message", "channel_archive", "channel_rename")
    ws.rename("team", "crew")
    ws.kick("crew", "lee")
    ws.archive("crew")
    ws.settle()
    assert [each.get("subtype", each["type"]) for each in received] == [
        "channel_name",
        "channel_rename",
        "channel_leave",
        "channel_archive",
        "channel_archive",
    ]
    assert received[0]["old_name"] == "team"


def test_an_app_hears_its_own_messages_with_its_id(ws: Workspace, client: WebClient) -> None:
    events: list[Json] = []

    def hear(_method: str, _headers: dict[str, str], body: bytes) -> tuple[int, Json, str]:
        events.append(json.loads(body)["event"])
        return 200, {}, ""

    ws.app.connect_function(hear)
    client.chat_postMessage(channel="C0TEAM", text="Mine")
    ws.settle()
    assert [each["app_id"] for each in events] == [ws.app_id]


def test_an_admin_deletes_anybodys_message_and_nobody_else_does(ws: Workspace, client: WebClient) -> None:
    ws.add_user("ivy", is_admin=True)
    client.chat_postMessage(channel="C0TEAM", text="Card")
    (card,) = ws.messages("team")
    with pytest.raises(SandboxError):
        ws.person("ada").delete(card)
    ws.person("ivy").delete(card)
    assert ws.messages("team") == []


# --- channels ---------------------------------------------------------------------------------------------------


def test_a_private_channel_needs_other_scopes_to_be_read_and_none_to_be_posted_in(
    ws: Workspace, client: WebClient
) -> None:
    scopes = [each for each in SCOPES if not each.startswith("groups:")]
    ws.manifest = manifests.read({**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}})
    ws.make_private("team")
    assert refusal(lambda: client.conversations_history(channel="C0TEAM")) == "missing_scope"
    assert refusal(lambda: client.conversations_info(channel="C0TEAM")) == "missing_scope"
    client.chat_postMessage(channel="C0TEAM", text="Still here")
    assert ws.messages("team")[-1]["text"] == "Still here"


@pytest.mark.parametrize(
    ("posting", "root", "reply"),
    [
        ("read_only", "restricted_action_read_only_channel", "restricted_action_read_only_channel"),
        ("thread_only", "restricted_action_thread_only_channel", None),
        ("non_threadable", None, "restricted_action_non_threadable_channel"),
    ],
)
def test_some_channels_take_only_some_messages(
    ws: Workspace, client: WebClient, posting: str, root: str | None, reply: str | None
) -> None:
    above = client.chat_postMessage(channel="C0TEAM", text="Above")["ts"]
    ws.restrict("team", posting)
    for expected, more in ((root, {}), (reply, {"thread_ts": above})):
        if expected is None:
            client.chat_postMessage(channel="C0TEAM", text="x", **more)
        else:
            code = refusal(lambda more=more: client.chat_postMessage(channel="C0TEAM", text="x", **more))
            assert code == expected


def test_a_group_dm_has_a_kind_of_its_own(ws: Workspace, app: App, client: WebClient) -> None:
    received = heard(app, ws, "message")
    opened = client.conversations_open(users=[ws.user("ada").id, ws.user("lee").id])["channel"]["id"]
    ws.person("ada").say("Hello", channel=opened)
    assert received[0]["channel_type"] == "mpim"
    assert client.conversations_info(channel=opened)["channel"]["is_mpim"]
    assert opened in [each["id"] for each in client.users_conversations(types="mpim")["channels"]]
    others = ws.add_group_dm("ada", "noor")
    assert refusal(lambda: client.chat_postMessage(channel=others.id, text="x")) == "channel_not_found"


def test_a_command_in_a_group_dm_names_it(ws: Workspace, app: App) -> None:
    names: list[str] = []

    @app.command("/hello")
    def hello(ack: Any, body: Json) -> None:
        names.append(body["channel_name"])
        ack()

    ws.person("ada").command("/hello", channel=ws.add_group_dm("ada", "noor").id)
    assert names == ["mpdm-ada--noor-1"]


# --- people -----------------------------------------------------------------------------------------------------


def test_a_person_has_a_handle_a_full_name_and_one_that_is_shown(ws: Workspace, client: WebClient) -> None:
    grace = ws.add_user("grace", **PERSON)  # type: ignore[arg-type]
    found = client.users_info(user=grace.id)["user"]
    assert (found["name"], found["real_name"], found["profile"]["display_name"]) == (
        "rear.admiral",
        "Grace Hopper",
        "Amazing Grace",
    )


def test_a_mention_typed_into_a_command_is_a_handle_or_a_reference(ws: Workspace, app: App) -> None:
    grace = ws.add_user("grace", **PERSON)  # type: ignore[arg-type]
    texts: list[str] = []

    def take(ack: Any, body: Json) -> None:
        texts.append(body["text"])
        ack()

    app.command("/hello")(take)
    app.command("/who")(take)
    ws.person("ada").command("/hello @grace thanks")
    ws.person("ada").command("/who @grace")
    assert texts == ["@rear.admiral thanks", f"<@{grace.id}|rear.admiral>"]


def test_slackbot_is_listed_as_a_person(client: WebClient) -> None:
    slackbot = next(each for each in client.users_list()["members"] if each["id"] == "USLACKBOT")
    assert (slackbot["is_bot"], slackbot["tz"]) == (False, None)


def test_the_app_hears_of_its_messages_tab_too(ws: Workspace, app: App) -> None:
    received = heard(app, ws, "app_home_opened")
    ws.person("ada").open_messages()
    assert [(each["tab"], "view" in each) for each in received] == [("messages", False)]


# --- limits -----------------------------------------------------------------------------------------------------


def test_limits_are_on_unless_they_are_switched_off() -> None:
    assert Workspace().enforce_rate_limits


def test_every_method_has_a_tier() -> None:
    of_their_own = {"auth.test", "chat.postMessage", "chat.update"}
    assert set(METHODS) - of_their_own == set(TIERS)


@pytest.mark.parametrize(
    ("method", "args", "calls"),
    [("users.list", {}, 20), ("conversations.info", {"channel": "C0TEAM"}, 50), ("users.info", {"user": "ada"}, 100)],
)
def test_a_method_takes_so_many_calls_a_minute(
    ws: Workspace, client: WebClient, method: str, args: dict[str, str], calls: int
) -> None:
    now = [1_800_000_000.0]
    ws.clock = lambda: now[0]
    ws.enforce_rate_limits = True
    sent = {**args, **({"user": ws.user("ada").id} if "user" in args else {})}
    for _ in range(calls):
        client.api_call(method, params=sent)
    assert refusal(lambda: client.api_call(method, params=sent)) == "ratelimited"
    now[0] += 60 / calls
    client.api_call(method, params=sent)
