"""Refusals of the finer points: what Slack's pages say of settings, styles, types and codes."""

import json
import urllib.request
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Workspace
from sandbox.world import manifest as manifests
from sandbox.world import modals
from sandbox.world.values import Json
from tests.sandbox.kit import MANIFEST, SCOPES, entry, modal, plain, section

pytestmark = pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")

CELL: Json = {"type": "raw_text", "text": "x"}


def refusal(client: WebClient, method: str, args: Json) -> Json:
    """The body of a call that must be refused."""
    with pytest.raises(SlackApiError) as caught:
        client.api_call(method, json=args)
    body: Json = caught.value.response.data
    return body


def rich(*leaves: Json, kind: str = "rich_text_section", **more: Any) -> Json:
    return {"type": "rich_text", "elements": [{"type": kind, "elements": list(leaves), **more}]}


def words(**more: Any) -> Json:
    return {"type": "text", "text": "x", **more}


def table(*cells: Json, **more: Any) -> Json:
    return {"type": "table", "rows": [list(cells or [CELL])], **more}


BLOCKS: dict[str, tuple[list[Json], str]] = {
    "unknown style": ([rich(words(style={"blink": True}))], "additional property: blink"),
    "style that is no switch": ([rich(words(style={"bold": "yes"}))], "must provide a boolean"),
    "style that is a word": ([rich(words(style="bold"))], "must provide an object"),
    "style of a mention for words": ([rich(words(style={"unlink": True}))], "additional property: unlink"),
    "code for a person": ([rich({"type": "user", "user_id": "U1", "style": {"code": True}})], "property: code"),
    "unknown key of a leaf": ([rich(words(color="red"))], "additional property: color"),
    "link without an address": ([rich({"type": "link", "url": ""})], "more than 0"),
    "link whose text is none": ([rich({"type": "link", "url": "https://a.b", "text": 1})], "must provide a string"),
    "date as a text": ([rich({"type": "date", "timestamp": "1", "format": "{date}"})], "must provide an integer"),
    "broadcast to nobody": ([rich({"type": "broadcast", "range": "all"})], "valid enum value"),
    "border of two": ([rich(words(), kind="rich_text_quote", border=2)], "must be less than 2"),
    "language that is no text": ([rich(words(), kind="rich_text_preformatted", language=1)], "must provide a string"),
    "emoji in code": ([rich({"type": "emoji", "name": "tada"}, kind="rich_text_preformatted")], "unsupported type"),
    "type of a leaf that is a list": ([rich({"type": ["text"]})], "unsupported type"),
    "alignment that there is not": ([table(column_settings=[{"align": "justify"}])], "valid enum value"),
    "wrapping that is no switch": ([table(column_settings=[{"is_wrapped": 1}])], "must provide a boolean"),
    "unknown setting of a column": ([table(column_settings=[{"width": 3}])], "additional property: width"),
    "settings of 21 columns": ([table(column_settings=[{}] * 21)], "no more than 20"),
    "settings that are no list": ([table(column_settings={})], "must provide an array"),
    "two tables": ([table(), table()], "only_one_table_allowed"),
    "number that is a text": ([table({"type": "raw_number", "value": "1"})], "must provide a number"),
    "number without a value": ([table({"type": "raw_number"})], "missing required field: value"),
    "cell with a key too many": ([table({**CELL, "bold": True})], "additional property: bold"),
    "rich cell without elements": ([table({"type": "rich_text"})], "missing required field: elements"),
    "emoji that is no switch": ([{"type": "header", "text": plain(emoji="yes")}], "must provide a boolean"),
    "verbatim that is no switch": (
        [{"type": "section", "text": {"type": "mrkdwn", "text": "x", "verbatim": 1}}],
        "must provide a boolean",
    ),
    "expand that is no switch": ([section(expand="yes")], "must provide a boolean"),
    "initial user that is a list": (
        [section(accessory={"type": "users_select", "action_id": "u", "initial_user": ["U1"]})],
        "must provide a string",
    ),
    "initial users that are numbers": (
        [section(accessory={"type": "multi_users_select", "action_id": "u", "initial_users": [1]})],
        "must provide a string",
    ),
    "response_url in a message": (
        [section(accessory={"type": "channels_select", "action_id": "c", "response_url_enabled": True})],
        "input blocks of modals only",
    ),
}

FIELDS: dict[str, tuple[Json, str]] = {
    "address that is a number": ({"type": "email_text_input", "initial_value": 1}, "must provide a string"),
    "link that is a list": ({"type": "url_text_input", "initial_value": []}, "must provide a string"),
    "rich text that is text": ({"type": "rich_text_input", "initial_value": "x"}, "object of type rich_text"),
    "rich text with a wrong leaf": ({"type": "rich_text_input", "initial_value": rich({"type": "x"})}, "unsupported"),
    "file types as a text": ({"type": "file_input", "filetypes": "pdf"}, "must provide an array"),
    "file types that are numbers": ({"type": "file_input", "filetypes": [1]}, "must provide a string"),
    "focus that is a word": ({"type": "plain_text_input", "focus_on_load": "yes"}, "must provide a boolean"),
}

CALLS: dict[str, tuple[str, Json, str]] = {
    "types that there are not": ("users.conversations", {"types": "club"}, "invalid_types"),
    "types without their scope": ("users.conversations", {"types": "mpim"}, "missing_scope"),
    "a topic in an archived channel": ("conversations.setTopic", {"channel": "C0OLD", "topic": "x"}, "is_archived"),
    "a topic of 251": ("conversations.setTopic", {"channel": "C0TEAM", "topic": "x" * 251}, "too_long"),
    "a topic of a DM": (
        "conversations.setTopic",
        {"channel": "{dm}", "topic": "x"},
        "method_not_supported_for_channel_type",
    ),
    "a pin of nothing": ("pins.add", {"channel": "C0TEAM"}, "no_item_specified"),
    "a pin of nothing nowhere": ("pins.add", {"channel": "C0NOWHERE"}, "no_item_specified"),
    "a pin of what Slack wrote": ("pins.add", {"channel": "C0TEAM", "timestamp": "{joined}"}, "not_pinnable"),
    "a reaction to nothing": ("reactions.add", {"name": "tada"}, "no_item_specified"),
    "a reaction without a message": ("reactions.add", {"name": "tada", "channel": "C0TEAM"}, "no_item_specified"),
    "a group without the scope": ("conversations.open", {"users": "{ada},{lee}"}, "missing_scope"),
    "a group of nine": ("conversations.open", {"users": ",".join(["U1"] * 9)}, "too_many_users"),
    **{
        f"history since {moment}": (
            "conversations.history",
            {"channel": "C0TEAM", "oldest": moment},
            "invalid_ts_oldest",
        )
        for moment in ("inf", "nan", "1e5", "-1", "0x10", "1_0", "1.2.3")
    },
    "history until inf": ("conversations.history", {"channel": "C0TEAM", "latest": "inf"}, "invalid_ts_latest"),
}


@pytest.mark.parametrize("wrong", BLOCKS)
def test_wrong_blocks_are_refused(client: WebClient, wrong: str) -> None:
    given, reason = BLOCKS[wrong]
    body = refusal(client, "chat.postMessage", {"channel": "C0TEAM", "text": "x", "blocks": given})
    assert body["error"] == "invalid_blocks"
    assert any(reason in each for each in body["errors"]), body["errors"]


@pytest.mark.parametrize("wrong", FIELDS)
def test_wrong_fields_are_refused(client: WebClient, ws: Workspace, wrong: str) -> None:
    element, reason = FIELDS[wrong]
    trigger = modals.new_trigger(ws, ws.user("ada").id, from_modal=False)
    view = modal(entry({"action_id": "a", **element}))
    body = refusal(client, "views.open", {"trigger_id": trigger, "view": view})
    assert any(reason in each for each in body["response_metadata"]["messages"]), body


@pytest.mark.parametrize(
    "level", [{"level": "loud"}, {"text": plain("x" * 201)}], ids=["a level that there is not", "201 characters"]
)
def test_a_wrong_alert_is_refused(client: WebClient, ws: Workspace, level: Json) -> None:
    trigger = modals.new_trigger(ws, ws.user("ada").id, from_modal=False)
    view = modal({"type": "alert", "text": plain(), **level})
    assert refusal(client, "views.open", {"trigger_id": trigger, "view": view})["error"] == "invalid_arguments"


@pytest.mark.parametrize("wrong", CALLS)
def test_a_wrong_call_is_refused(client: WebClient, ws: Workspace, wrong: str) -> None:
    scopes = [*SCOPES, "channels:manage"]
    ws.manifest = manifests.read({**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}})
    ws.add_channel("old", members=[ws.bot_user_id], id="C0OLD")
    ws.archive("old")
    ws.invite("team", "noor")
    method, args, code = CALLS[wrong]
    ids = {"dm": ws.dm("ada"), "joined": ws.messages("team")[-1]["ts"]} | {n: ws.user(n).id for n in ("ada", "lee")}
    filled = {key: value.format(**ids) for key, value in args.items()}
    assert refusal(client, method, filled)["error"] == code


@pytest.mark.parametrize(
    ("body", "kind", "code"),
    [
        (b"{", "application/json", "invalid_json"),
        (b"[" * 100_000, "application/json", "invalid_json"),
        (b"[]", "application/json", "json_not_object"),
        (b'"text"', "application/json", "json_not_object"),
        (b"<a/>", "application/xml", "invalid_post_type"),
        (b"text=\xff", "application/x-www-form-urlencoded", "invalid_form_data"),
    ],
)
def test_a_body_that_cannot_be_read_is_refused(client: WebClient, body: bytes, kind: str, code: str) -> None:
    headers = {"content-type": kind, "authorization": f"Bearer {client.token}"}
    request = urllib.request.Request(f"{client.base_url}auth.test", body, headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        assert json.load(response)["error"] == code
