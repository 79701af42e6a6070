"""Wrong requests, each through HTTP, each with the code that Slack gives."""

import json
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.app import response_urls
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.values import Json
from tests.sandbox.kit import MANIFEST, actions, button, entry, modal, mrkdwn, option, plain, section, select, typed

pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")


def refuse(client: WebClient, method: str, args: Json) -> Json:
    """The body of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=args)
    body: Json = caught.value.response.data
    return body


def blocks(*given: Json) -> Json:
    return {"channel": "C0TEAM", "text": "Text", "blocks": list(given)}


def picker(kind: str, initial: str) -> Json:
    return {"type": f"{kind}picker", "action_id": kind, f"initial_{kind}": initial}


def number(**more: Any) -> Json:
    return entry({"type": "number_input", "action_id": "n", "is_decimal_allowed": False, **more})


ONE_INPUT_MESSAGES: dict[str, tuple[list[Any], str]] = {
    "section without text and fields": ([{"type": "section"}], "must define one of: text, fields"),
    "section text of 3001": ([section("x" * 3001)], "less than 3001"),
    "section text of 0": ([section("")], "more than 0"),
    "eleven fields": ([{"type": "section", "fields": [mrkdwn()] * 11}], "no more than 10 items"),
    "field of 2001": ([{"type": "section", "fields": [mrkdwn("x" * 2001)]}], "less than 2001"),
    "header of 151": ([{"type": "header", "text": plain("x" * 151)}], "less than 151"),
    "header in mrkdwn": ([{"type": "header", "text": mrkdwn()}], "plain_text"),
    "header without text": ([{"type": "header"}], "missing required field: text"),
    "unknown block": ([{"type": "paragraph"}], "unsupported type: paragraph"),
    "block that is no object": (["text"], "must provide an object"),
    "unknown property": ([section(color="red")], "invalid additional property: color"),
    "emoji in mrkdwn": ([{"type": "section", "text": {**mrkdwn(), "emoji": True}}], "additional property: emoji"),
    "unknown text type": ([{"type": "section", "text": {"type": "html", "text": "x"}}], "must be one of"),
    "text that is a string": ([{"type": "section", "text": "Text"}], "must provide an object"),
    "fifty-one blocks": ([{"type": "divider"}] * 51, "no more than 50 items"),
    "block_id twice": ([section(block_id="a"), section(block_id="a")], '`block_id` "a" already exists'),
    "block_id of 256": ([section(block_id="x" * 256)], "less than 256"),
    "action_id twice in a block": ([actions(button(), button())], '`action_id` "press" already exists'),
    "action_id twice in a message": ([actions(button()), actions(button())], '`action_id` "press" already exists'),
    "action_id of 256": ([actions(button(action_id="x" * 256))], "less than 256"),
    "button text of 76": ([actions(button("x" * 76))], "less than 76"),
    "button text in mrkdwn": ([actions({**button(), "text": mrkdwn()})], "plain_text"),
    "button value of 2001": ([actions(button(value="x" * 2001))], "less than 2001"),
    "button value that is a number": ([actions(button(value=7))], "must provide a string"),
    "button style unknown": ([actions(button(style="warning"))], "valid enum value"),
    "button url without scheme": ([actions(button(url="example"))], "invalid url"),
    "no elements": ([actions()], "no fewer than 1"),
    "twenty-six elements": ([actions(*[button(action_id=f"b{n}") for n in range(26)])], "no more than 25"),
    "unknown element": ([actions({"type": "slider", "action_id": "a"})], "unsupported type: slider"),
    "text input among actions": ([actions(typed())], "unsupported type: plain_text_input"),
    "multi select among actions": ([actions({**select(), "type": "multi_static_select"})], "unsupported type"),
    "image among actions": (
        [actions({"type": "image", "image_url": "https://example.com/a.png", "alt_text": "A"})],
        "image",
    ),
    "eleven context elements": ([{"type": "context", "elements": [mrkdwn()] * 11}], "no more than 10"),
    "button in a context": ([{"type": "context", "elements": [button()]}], "unsupported type: button"),
    "image without alt_text": ([{"type": "image", "image_url": "https://example.com/a.png"}], "alt_text"),
    "image without a source": ([{"type": "image", "alt_text": "A"}], "image_url"),
    "no options": ([section(accessory={**select(), "options": []})], "no fewer than 1"),
    "hundred and one options": (
        [section(accessory=select(*[option(str(n), str(n)) for n in range(101)]))],
        "no more than 100",
    ),
    "options and groups": (
        [section(accessory=select(option_groups=[{"label": plain(), "options": [option()]}]))],
        "exactly one of",
    ),
    "option text of 76": ([section(accessory=select(option(text="x" * 76)))], "less than 76"),
    "option value of 151": ([section(accessory=select(option("x" * 151)))], "less than 151"),
    "option without a value": ([section(accessory=select({"text": plain()}))], "missing required field: value"),
    "option text in mrkdwn": ([section(accessory=select({"text": mrkdwn(), "value": "a"}))], "plain_text"),
    "initial_option elsewhere": ([section(accessory=select(initial_option=option("b", "B")))], "initial_option"),
    "placeholder of 151": ([section(accessory=select(placeholder=plain("x" * 151)))], "less than 151"),
    "six in an overflow": (
        [section(accessory={"type": "overflow", "action_id": "o", "options": [option(str(n)) for n in range(6)]})],
        "no more than 5",
    ),
    "eleven checkboxes": (
        [section(accessory={"type": "checkboxes", "action_id": "c", "options": [option(str(n)) for n in range(11)]})],
        "no more than 10",
    ),
    "eleven radio buttons": (
        [
            section(
                accessory={"type": "radio_buttons", "action_id": "r", "options": [option(str(n)) for n in range(11)]}
            )
        ],
        "no more than 10",
    ),
    "date in another order": (
        [section(accessory={"type": "datepicker", "action_id": "d", "initial_date": "21.11.2026"})],
        "valid date",
    ),
    "the 30th of February": ([section(accessory=picker("date", "2026-02-30"))], "valid date"),
    "half past 24": ([section(accessory=picker("time", "24:30"))], "valid time in the format HH:mm"),
    "time without a leading zero": ([actions(picker("time", "9:30"))], "valid time in the format HH:mm"),
    "time with seconds": ([actions(picker("time", "09:30:00"))], "valid time in the format HH:mm"),
    "time in a zone that is not there": (
        [actions({**picker("time", "09:30"), "timezone": "Berlin"})],
        "valid IANA time zone",
    ),
    "time with a placeholder in mrkdwn": (
        [actions({**picker("time", "09:30"), "placeholder": mrkdwn()})],
        "plain_text",
    ),
    "time with a property that is not there": (
        [actions({**picker("time", "09:30"), "initial_date": "2026-11-26"})],
        "additional property: initial_date",
    ),
    "checkboxes with one value twice": (
        [actions({"type": "checkboxes", "action_id": "c", "options": [option(), option()]})],
        "must be unique",
    ),
    "confirm without a title": (
        [actions(button(confirm={"text": plain(), "confirm": plain(), "deny": plain()}))],
        "missing required field: title",
    ),
    "confirm text of 301": (
        [actions(button(confirm={"title": plain(), "text": plain("x" * 301), "confirm": plain(), "deny": plain()}))],
        "less than 301",
    ),
    "confirm button of 31": (
        [actions(button(confirm={"title": plain(), "text": plain(), "confirm": plain("x" * 31), "deny": plain()}))],
        "less than 31",
    ),
    "rich text of unknown parts": ([{"type": "rich_text", "elements": [{"type": "section"}]}], "unsupported type"),
    "rich text list of texts": (
        [
            {
                "type": "rich_text",
                "elements": [
                    {"type": "rich_text_list", "style": "bullet", "elements": [{"type": "text", "text": "x"}]}
                ],
            }
        ],
        "unsupported type: text",
    ),
    "rich text user without id": (
        [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [{"type": "user"}]}]}],
        "missing required field: user_id",
    ),
    "markdown of 12001 in all": (
        [{"type": "markdown", "text": "x" * 6001}, {"type": "markdown", "text": "x" * 6000}],
        "12001",
    ),
    "table of 101 rows": ([{"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]] * 101}], "no more than 100"),
    "a date that is none": ([section(accessory=picker("date", "2026-02-30"))], "valid date"),
    "a time that is none": ([section(accessory=picker("time", "25:00"))], "valid time"),
    "image of no web address": ([{"type": "image", "image_url": "a.png", "alt_text": "A"}], "invalid url"),
    "video of no web address": (
        [
            {
                "type": "video",
                "video_url": "ftp://example.com/a",
                "thumbnail_url": "https://example.com/a.png",
                "alt_text": "A",
                "title": plain(),
            }
        ],
        "invalid url [json-pointer:/blocks/0/video_url]",
    ),
    "number limits that are numbers": ([number(min_value=1)], "must provide a string"),
    "number limits that are words": ([number(max_value="ten")], "must be a number"),
    "decimals as a word": ([number(is_decimal_allowed="yes")], "must provide a boolean"),
    "dispatch config as a list": (
        [entry(typed(dispatch_action_config=["on_enter_pressed"]))],
        "must provide an object [json-pointer:/blocks/0/element/dispatch_action_config]",
    ),
    "external initial_option as a text": (
        [section(accessory={"type": "external_select", "action_id": "e", "initial_option": "a"})],
        "must provide an object",
    ),
    "filter of unknown conversations": (
        [section(accessory={"type": "conversations_select", "action_id": "c", "filter": {"include": ["club"]}})],
        "valid enum value",
    ),
    "rich text user that is a number": (
        [
            {
                "type": "rich_text",
                "elements": [{"type": "rich_text_section", "elements": [{"type": "user", "user_id": 7}]}],
            }
        ],
        "must provide a string",
    ),
    "table cell without text": ([{"type": "table", "rows": [[{"type": "raw_text"}]]}], "required field: text"),
    "file input in a message": ([entry({"type": "file_input", "action_id": "f"})], "unsupported type: file_input"),
    "alert in a message": ([{"type": "alert", "text": plain()}], "unsupported type: alert"),
}


@pytest.mark.parametrize("wrong", ONE_INPUT_MESSAGES)
def test_a_message_with_wrong_blocks_is_refused(client: WebClient, ws: Workspace, wrong: str) -> None:
    given, words = ONE_INPUT_MESSAGES[wrong]

    body = refuse(client, "chat.postMessage", blocks(*given))

    assert body["error"] == "invalid_blocks"
    assert any(words in each for each in body["errors"]), body["errors"]
    assert body["response_metadata"]["messages"][0].startswith("[ERROR] ")
    assert ws.messages("team") == []


WRONG_VIEWS: dict[str, tuple[Json, str]] = {
    "title of spaces": (modal(title=plain("  ")), "more than 0"),
    "title of 25": (modal(title=plain("x" * 25)), "less than 25"),
    "no title": (modal(title=None), "missing required field: title"),
    "title in mrkdwn": (modal(title=mrkdwn()), "plain_text"),
    "submit of 25": (modal(submit=plain("x" * 25)), "less than 25"),
    "close of 25": (modal(close=plain("x" * 25)), "less than 25"),
    "private_metadata of 3001": (modal(private_metadata="x" * 3001), "less than 3001"),
    "callback_id of 256": (modal(callback_id="x" * 256), "less than 256"),
    "external_id of 256": (modal(external_id="x" * 256), "less than 256"),
    "hundred and one blocks": (modal(*[{"type": "divider"}] * 101), "no more than 100"),
    "input without submit": (modal(entry(), submit=None), "`submit` is required"),
    "unknown property": (modal(submit_disabled=True), "additional property: submit_disabled"),
    "another type": (modal(type="dialog"), "unsupported type: dialog"),
    "a Home tab": ({"type": "home", "blocks": []}, "unsupported type: home"),
    "block_id twice": (modal(entry(), entry()), "already exists"),
    "label of 2001": (modal(entry(label=plain("x" * 2001))), "less than 2001"),
    "label in mrkdwn": (modal(entry(label=mrkdwn())), "plain_text"),
    "hint of 2001": (modal(entry(hint=plain("x" * 2001))), "less than 2001"),
    "input without element": (modal({**entry(), "element": None}), "element"),
    "button in an input": (modal(entry(button())), "unsupported type: button"),
    "min_length above max_length": (modal(entry(typed(min_length=5, max_length=4))), "min_length"),
    "max_length of 3001": (modal(entry(typed(max_length=3001))), "less than 3001"),
    "initial_value too long": (modal(entry(typed(max_length=3, initial_value="four"))), "less than 4"),
    "number without is_decimal_allowed": (
        modal(entry({"type": "number_input", "action_id": "n"})),
        "missing required field: is_decimal_allowed",
    ),
    "two with focus_on_load": (
        modal(entry(typed(focus_on_load=True)), entry(typed(focus_on_load=True), "other")),
        "focus_on_load",
    ),
    "optional as text": (modal(entry(optional="yes")), "must provide a boolean"),
    "table in a modal": (modal({"type": "table", "rows": [[{"type": "raw_text", "text": "x"}]]}), "unsupported"),
}


@pytest.mark.parametrize("wrong", WRONG_VIEWS)
def test_a_wrong_view_is_refused(client: WebClient, ws: Workspace, wrong: str) -> None:
    view, words = WRONG_VIEWS[wrong]
    trigger = modals.new_trigger(ws, ws.user("ada").id, from_modal=False)

    body = refuse(client, "views.open", {"trigger_id": trigger, "view": view})

    assert body["error"] == "invalid_arguments"
    assert any(words in each for each in body["response_metadata"]["messages"]), body
    assert ws.person("ada").view is None


@dataclass
class Scene:
    """What the wrong calls below may name."""

    ws: Workspace
    posted: str
    said: str
    reply: str


@pytest.fixture
def scene(ws: Workspace, client: WebClient) -> Scene:
    ws.add_channel("other", members=["ada"], id="C0OTHER")
    ws.add_channel("secret", members=["ada"], private=True, id="C0SECRET")
    ws.add_channel("old", members=["ada", ws.bot_user_id], id="C0OLD")
    ws.add_channel("ours", members=["ada", ws.bot_user_id], private=True, id="C0OURS")
    ws.archive("old")
    ws.add_user("karl", deleted=True, id="U0KARL")
    ws.add_user("robot", is_bot=True, id="U0ROBOT")
    posted = client.chat_postMessage(channel="C0TEAM", text="Posted")["ts"]
    said = ws.person("ada").say("Said", channel="team")["ts"]
    reply = client.chat_postMessage(channel="C0TEAM", text="Reply", thread_ts=posted)["ts"]
    return Scene(ws, posted, said, reply)


Args = Callable[[Scene], Json]
HELLO = {"channel": "C0TEAM", "text": "Hello"}

WRONG_CALLS: dict[str, tuple[str, Args, str]] = {
    "a method that is not there": ("chat.shout", lambda _: {}, "unknown_method"),
    "no text": ("chat.postMessage", lambda _: {"channel": "C0TEAM"}, "no_text"),
    "text of spaces": ("chat.postMessage", lambda _: {**HELLO, "text": "  \n"}, "no_text"),
    "no channel": ("chat.postMessage", lambda _: {"text": "Hello"}, "invalid_arguments"),
    "unknown channel": ("chat.postMessage", lambda _: {**HELLO, "channel": "C0NOWHERE"}, "channel_not_found"),
    "channel the app is not in": ("chat.postMessage", lambda _: {**HELLO, "channel": "C0OTHER"}, "not_in_channel"),
    "private channel of others": ("chat.postMessage", lambda _: {**HELLO, "channel": "C0SECRET"}, "channel_not_found"),
    "channel the app was removed from": (
        "chat.postMessage",
        lambda s: s.ws.kick("team") or HELLO,  # type: ignore[func-returns-value]
        "not_in_channel",
    ),
    "private channel the app was removed from": (
        "chat.postMessage",
        lambda s: s.ws.kick("ours") or {**HELLO, "channel": "C0OURS"},  # type: ignore[func-returns-value]
        "channel_not_found",
    ),
    "archived channel": ("chat.postMessage", lambda _: {**HELLO, "channel": "C0OLD"}, "is_archived"),
    "somebody who has left": ("chat.postMessage", lambda _: {**HELLO, "channel": "U0KARL"}, "channel_not_found"),
    "another bot": ("chat.postMessage", lambda _: {**HELLO, "channel": "U0ROBOT"}, "cannot_dm_bot"),
    "blocks that are no JSON": ("chat.postMessage", lambda _: {**HELLO, "blocks": "[{"}, "invalid_blocks_format"),
    "blocks that are no list": (
        "chat.postMessage",
        lambda _: {**HELLO, "blocks": {"type": "x"}},
        "invalid_blocks_format",
    ),
    "too much text in blocks": (
        "chat.postMessage",
        lambda _: blocks(*[section("x" * 3000)] * 5),
        "msg_blocks_too_long",
    ),
    "metadata that is no JSON": ("chat.postMessage", lambda _: {**HELLO, "metadata": "{"}, "invalid_metadata_format"),
    "metadata without payload": (
        "chat.postMessage",
        lambda _: {**HELLO, "metadata": {"event_type": "x"}},
        "invalid_metadata_schema",
    ),
    "metadata too large": (
        "chat.postMessage",
        lambda _: {**HELLO, "metadata": {"event_type": "x", "event_payload": {"x": "x" * 20_001}}},
        "metadata_too_large",
    ),
    "reply to a reply": ("chat.postMessage", lambda s: {**HELLO, "thread_ts": s.reply}, "cannot_reply_to_message"),
    "update of nothing": ("chat.update", lambda _: {**HELLO, "ts": "1.000000"}, "message_not_found"),
    "update of another's": ("chat.update", lambda s: {**HELLO, "ts": s.said}, "cant_update_message"),
    "update without anything": ("chat.update", lambda s: {"channel": "C0TEAM", "ts": s.posted}, "no_text"),
    "update of 4001": ("chat.update", lambda s: {**HELLO, "ts": s.posted, "text": "x" * 4001}, "msg_too_long"),
    "update by a person's id": (
        "chat.update",
        lambda s: {**HELLO, "channel": s.ws.user("ada").id, "ts": s.posted},
        "channel_not_found",
    ),
    "deletion of another's": ("chat.delete", lambda s: {"channel": "C0TEAM", "ts": s.said}, "cant_delete_message"),
    "deletion of nothing": ("chat.delete", lambda _: {"channel": "C0TEAM", "ts": "1.000000"}, "message_not_found"),
    "whisper to an outsider": (
        "chat.postEphemeral",
        lambda s: {**HELLO, "user": s.ws.user("noor").id},
        "user_not_in_channel",
    ),
    "whisper to nobody": ("chat.postEphemeral", lambda _: {**HELLO, "user": "U0NOBODY"}, "user_not_in_channel"),
    "whisper without text": (
        "chat.postEphemeral",
        lambda s: {"channel": "C0TEAM", "user": s.ws.user("ada").id},
        "no_text",
    ),
    "link to nothing": (
        "chat.getPermalink",
        lambda _: {"channel": "C0TEAM", "message_ts": "1.000000"},
        "message_not_found",
    ),
    "history from outside": ("conversations.history", lambda _: {"channel": "C0OTHER"}, "not_in_channel"),
    "history of nowhere": ("conversations.history", lambda _: {"channel": "C0NOWHERE"}, "channel_not_found"),
    "history with a broken cursor": (
        "conversations.history",
        lambda _: {"channel": "C0TEAM", "cursor": "!"},
        "invalid_cursor",
    ),
    "history of a wrong time": (
        "conversations.history",
        lambda _: {"channel": "C0TEAM", "oldest": "yesterday"},
        "invalid_ts_oldest",
    ),
    "history of too many": (
        "conversations.history",
        lambda _: {"channel": "C0TEAM", "limit": 1000},
        "invalid_arguments",
    ),
    "replies to nothing": (
        "conversations.replies",
        lambda _: {"channel": "C0TEAM", "ts": "1.000000"},
        "thread_not_found",
    ),
    "unknown type of channel": ("conversations.list", lambda _: {"types": "club"}, "invalid_types"),
    "joining a private channel": ("conversations.join", lambda _: {"channel": "C0SECRET"}, "channel_not_found"),
    "joining an archived channel": ("conversations.join", lambda _: {"channel": "C0OLD"}, "is_archived"),
    "leaving without the scope": ("conversations.leave", lambda _: {"channel": "C0TEAM"}, "missing_scope"),
    "DM with nobody": ("conversations.open", lambda _: {"users": "U0NOBODY"}, "user_not_found"),
    "DM with no name": ("conversations.open", lambda _: {"users": ""}, "users_list_not_supplied"),
    "DM with a bot": ("conversations.open", lambda _: {"users": "U0ROBOT"}, "cannot_dm_bot"),
    "DM with one who has left": ("conversations.open", lambda _: {"users": "U0KARL"}, "user_disabled"),
    "nobody": ("users.info", lambda _: {"user": "U0NOBODY"}, "user_not_found"),
    "an address of nobody": ("users.lookupByEmail", lambda _: {"email": "x@example.com"}, "users_not_found"),
    "a group that is not there": ("usergroups.users.list", lambda _: {"usergroup": "S0"}, "no_such_subteam"),
    "reaction to nothing": (
        "reactions.add",
        lambda _: {"channel": "C0TEAM", "timestamp": "1.000000", "name": "tada"},
        "message_not_found",
    ),
    "reaction without a name": (
        "reactions.add",
        lambda s: {"channel": "C0TEAM", "timestamp": s.said, "name": "a b"},
        "invalid_name",
    ),
    "reaction with an unknown emoji": (
        "reactions.add",
        lambda s: {"channel": "C0TEAM", "timestamp": s.said, "name": "no_such_emoji"},
        "invalid_name",
    ),
    "reaction with an emoji of another workspace": (
        "reactions.add",
        lambda s: {"channel": "C0TEAM", "timestamp": s.said, "name": "retro"},
        "invalid_name",
    ),
    "reaction with a skin tone that there is not": (
        "reactions.add",
        lambda s: {"channel": "C0TEAM", "timestamp": s.said, "name": "+1::skin-tone-1"},
        "invalid_name",
    ),
    "reaction that is not there": (
        "reactions.remove",
        lambda s: {"channel": "C0TEAM", "timestamp": s.said, "name": "tada"},
        "no_reaction",
    ),
    "a file that is not there": ("files.completeUploadExternal", lambda _: {"files": [{"id": "F0"}]}, "file_not_found"),
    "a bot token for Socket Mode": ("apps.connections.open", lambda _: {}, "not_allowed_token_type"),
    "an invented trigger": ("views.open", lambda _: {"trigger_id": "1.2.3", "view": modal()}, "invalid_trigger_id"),
    "views.open without a view": ("views.open", lambda _: {"trigger_id": "1.2.3"}, "invalid_arguments"),
    "a view that is no JSON": ("views.open", lambda _: {"trigger_id": "1.2.3", "view": "{"}, "invalid_arguments"),
    "a view over 250 kB": (
        "views.open",
        lambda _: {
            "trigger_id": "1",
            "view": modal(*[section("x" * 2900, block_id=f"b{n}") for n in range(90)]),
        },
        "view_too_large",
    ),
    "update of no view": ("views.update", lambda _: {"view_id": "V0", "view": modal()}, "not_found"),
    "update of an unnamed view": ("views.update", lambda _: {"view": modal()}, "invalid_arguments"),
    "Home of nobody": (
        "views.publish",
        lambda _: {"user_id": "U0NOBODY", "view": {"type": "home", "blocks": []}},
        "invalid_arguments",
    ),
    "Home with a title": (
        "views.publish",
        lambda s: {"user_id": s.ws.user("ada").id, "view": {"type": "home", "blocks": [], "title": plain()}},
        "invalid_arguments",
    ),
}


@pytest.mark.parametrize("wrong", WRONG_CALLS)
def test_a_wrong_call_is_refused(client: WebClient, scene: Scene, wrong: str) -> None:
    method, args, code = WRONG_CALLS[wrong]

    assert refuse(client, method, args(scene))["error"] == code


def test_a_call_without_a_token_is_refused(server: Server) -> None:
    assert refuse(WebClient(base_url=server.api_url), "auth.test", {"x": "1"})["error"] == "not_authed"


def test_a_wrong_token_is_refused(server: Server) -> None:
    assert refuse(WebClient("xoxb-wrong", base_url=server.api_url), "auth.test", {})["error"] == "invalid_auth"


def test_an_app_token_is_refused_for_posting(server: Server, ws: Workspace) -> None:
    app_client = WebClient(ws.app_token, base_url=server.api_url)

    assert refuse(app_client, "chat.postMessage", HELLO)["error"] == "not_allowed_token_type"


def test_a_missing_scope_is_named(server: Server) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["oauth_config"]["scopes"]["bot"] = ["commands", "users:read"]
    ws = server.workspace = Workspace(manifest)

    body = refuse(WebClient(ws.bot_token, base_url=server.api_url), "chat.postMessage", HELLO)

    assert (body["error"], body["needed"], body["provided"]) == ("missing_scope", "chat:write", "commands,users:read")


def test_a_public_channel_takes_posts_from_outside_with_the_scope_for_it(server: Server) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["oauth_config"]["scopes"]["bot"].append("chat:write.public")
    ws = server.workspace = Workspace(manifest)
    channel = ws.add_channel("other")

    WebClient(ws.bot_token, base_url=server.api_url).chat_postMessage(channel=channel.id, text="Hello")

    assert [each["text"] for each in ws.messages("other")] == ["Hello"]


def test_an_ephemeral_message_cannot_be_updated(client: WebClient, ws: Workspace) -> None:
    ts = client.chat_postEphemeral(channel="C0TEAM", user=ws.user("ada").id, text="Psst")["message_ts"]

    assert refuse(client, "chat.update", {**HELLO, "ts": ts})["error"] == "message_not_found"


def test_a_second_reaction_of_the_same_kind_is_refused(client: WebClient, scene: Scene) -> None:
    args = {"channel": "C0TEAM", "timestamp": scene.said, "name": "tada"}
    client.api_call("reactions.add", json=args)

    assert refuse(client, "reactions.add", args)["error"] == "already_reacted"


def test_an_emoji_that_the_workspace_has_added_is_known(client: WebClient, scene: Scene, ws: Workspace) -> None:
    ws.add_emoji("retro", "🔄")
    client.api_call("reactions.add", json={"channel": "C0TEAM", "timestamp": scene.said, "name": "retro"})

    assert ws.channel("team").messages[scene.said]["reactions"][0]["name"] == "retro"


def test_the_home_tab_must_be_enabled_in_the_manifest(server: Server) -> None:
    ws = server.workspace = Workspace({"oauth_config": {"scopes": {"bot": []}}})
    ada = ws.add_user("ada")
    client = WebClient(ws.bot_token, base_url=server.api_url)

    body = refuse(client, "views.publish", {"user_id": ada.id, "view": {"type": "home", "blocks": []}})

    assert body["error"] == "not_enabled"


def test_no_dm_is_sent_when_the_manifest_has_no_messages_tab(server: Server) -> None:
    manifest = json.loads(json.dumps(MANIFEST))
    manifest["features"]["app_home"]["messages_tab_enabled"] = False
    ws = server.workspace = Workspace(manifest)
    ada = ws.add_user("ada")

    body = refuse(WebClient(ws.bot_token, base_url=server.api_url), "chat.postMessage", {**HELLO, "channel": ada.id})

    assert body["error"] == "messages_tab_disabled"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"[]", "invalid_payload"),
        (b'"text"', "invalid_payload"),
        (b'{"attachments": "text"}', "invalid_attachments"),
        (b'{"attachments": [{"blocks": [{"type": "paragraph"}]}]}', "invalid_blocks"),
    ],
)
def test_a_wrong_answer_to_a_response_url_is_refused(server: Server, ws: Workspace, body: bytes, code: str) -> None:
    url = response_urls.issue(ws, ws.user("ada").id, "C0TEAM")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(url, body)  # noqa: S310
    assert refused.value.code == 400
    assert json.load(refused.value)["error"] == code


def test_a_message_is_replaced_by_its_response_url_only_as_by_an_update(ws: Workspace, client: WebClient) -> None:
    ada = ws.user("ada").id
    said = ws.person("ada").say("Said", channel="team")["ts"]
    posted = client.chat_postMessage(channel="C0TEAM", text="Card")["ts"]

    def code(ts: str, text: str = "New") -> str:
        url = response_urls.issue(ws, ada, "C0TEAM", ts)
        body = json.dumps({"replace_original": True, "text": text}).encode()
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(url, body)  # noqa: S310
        return str(json.load(refused.value)["error"])

    assert code(said) == "cant_update_message"
    assert code(posted, "x" * 4001) == "msg_too_long"
    ws.archive("team")
    assert code(posted) == "is_inactive"
    assert [each["text"] for each in ws.messages("team")] == ["Said", "Card", "archived the channel"]


def test_broken_json_is_refused(client: WebClient) -> None:
    headers = {"content-type": "application/json", "authorization": f"Bearer {client.token}"}
    request = urllib.request.Request(f"{client.base_url}auth.test", b"{", headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        assert json.load(response)["error"] == "invalid_json"
