"""Messages as the Web API keeps and returns them: editing, metadata, threads, pages, links, files."""

import io
import urllib.request

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from sandbox.app import response_urls
from sandbox.workspace import Workspace
from tests.sandbox.kit import actions, button, section


def test_a_long_text_is_cut_off_at_forty_thousand(ws: Workspace, client: WebClient) -> None:
    client.chat_postMessage(channel="C0TEAM", text="x" * 40_001)

    assert len(ws.messages("team")[0]["text"]) == 40_000


def test_an_update_with_text_alone_deletes_the_blocks_and_keeps_the_metadata(ws: Workspace, client: WebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {"key": "1"}}
    ts = client.chat_postMessage(channel="C0TEAM", text="Card", blocks=[section()], metadata=metadata)["ts"]
    client.chat_update(channel="C0TEAM", ts=ts, text="Bare")

    message = ws.messages("team")[0]
    assert message["text"] == "Bare"
    assert "blocks" not in message
    assert message["metadata"] == metadata


def test_empty_metadata_clears_it(ws: Workspace, client: WebClient) -> None:
    metadata = {"event_type": "card", "event_payload": {}}
    ts = client.chat_postMessage(channel="C0TEAM", text="Card", metadata=metadata)["ts"]
    client.api_call("chat.update", json={"channel": "C0TEAM", "ts": ts, "text": "Card", "metadata": {}})

    assert "metadata" not in ws.messages("team")[0]


def test_metadata_is_read_back_only_on_request(client: WebClient) -> None:
    client.chat_postMessage(channel="C0TEAM", text="x", metadata={"event_type": "card", "event_payload": {"k": "1"}})

    assert "metadata" not in client.conversations_history(channel="C0TEAM")["messages"][0]
    with_it = client.conversations_history(channel="C0TEAM", include_all_metadata=True)
    assert with_it["messages"][0]["metadata"]["event_payload"] == {"k": "1"}


def test_a_thread_is_counted_on_its_parent(ws: Workspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="Parent")["ts"]
    ws.person("ada").say("Reply", channel="team", thread_ts=ts)
    last = client.chat_postMessage(channel="C0TEAM", text="Another", thread_ts=ts)["ts"]

    parent, *replies = client.conversations_replies(channel="C0TEAM", ts=ts)["messages"]
    assert (parent["reply_count"], parent["latest_reply"]) == (2, last)
    assert [each["text"] for each in replies] == ["Reply", "Another"]
    assert len(client.conversations_history(channel="C0TEAM")["messages"]) == 1


def test_a_deleted_parent_leaves_its_replies(ws: Workspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="Parent")["ts"]
    client.chat_postMessage(channel="C0TEAM", text="Reply", thread_ts=ts)
    client.chat_delete(channel="C0TEAM", ts=ts)

    assert [each["text"] for each in ws.messages("team", ts)] == ["This message was deleted.", "Reply"]


def test_history_comes_in_pages_newest_first(client: WebClient) -> None:
    for number in range(5):
        client.chat_postMessage(channel="C0TEAM", text=str(number))
    pages = [
        ([each["text"] for each in page["messages"]], page["has_more"])
        for page in client.conversations_history(channel="C0TEAM", limit=2)
    ]

    assert pages == [(["4", "3"], True), (["2", "1"], True), (["0"], False)]


def test_history_can_be_asked_from_and_to(client: WebClient) -> None:
    stamps = [client.chat_postMessage(channel="C0TEAM", text=str(number))["ts"] for number in range(4)]
    between = client.conversations_history(channel="C0TEAM", oldest=stamps[0], latest=stamps[3])
    including = client.conversations_history(channel="C0TEAM", oldest=stamps[0], latest=stamps[3], inclusive=True)

    assert [each["text"] for each in between["messages"]] == ["2", "1"]
    assert len(including["messages"]) == 4


def test_users_channels_and_members_come_in_pages(ws: Workspace, client: WebClient) -> None:
    for number in range(7):
        ws.add_user(f"user{number}")
        ws.add_channel(f"channel{number}")
    people = [each["name"] for page in client.users_list(limit=3) for each in page["members"]]
    channels = [each["name"] for page in client.conversations_list(limit=3) for each in page["channels"]]
    members = [each for page in client.conversations_members(channel="C0TEAM", limit=2) for each in page["members"]]

    assert people == ["slackbot", "tester", "ada", "lee", "noor", *(f"user{number}" for number in range(7))]
    assert channels == ["team", *(f"channel{number}" for number in range(7))]
    assert members == ws.channel("team").members


def test_a_message_to_a_person_opens_their_dm(ws: Workspace, client: WebClient) -> None:
    ada = ws.person("ada")
    answer = client.chat_postMessage(channel=ada.id, text="Hello")

    assert answer["channel"] == ws.dm("ada")
    assert [each["text"] for each in ada.dms] == ["Hello"]
    client.chat_update(channel=answer["channel"], ts=answer["ts"], text="Hello again")
    assert [each["text"] for each in ada.dms] == ["Hello again"]


@pytest.mark.parametrize("method", ["GET", "POST"])
def test_arguments_may_come_in_the_query(ws: Workspace, client: WebClient, method: str) -> None:
    url = f"{client.base_url}users.info?token={ws.bot_token}&user={ws.user('ada').id}"
    with urllib.request.urlopen(urllib.request.Request(url, method=method)) as response:  # noqa: S310
        assert b'"real_name": "Ada"' in response.read()


def test_json_may_have_an_empty_body(ws: Workspace, client: WebClient) -> None:
    headers = {"authorization": f"Bearer {ws.bot_token}", "content-type": "application/json"}
    request = urllib.request.Request(f"{client.base_url}auth.test", b"", headers)  # noqa: S310
    with urllib.request.urlopen(request) as response:  # noqa: S310
        assert b'"ok": true' in response.read()


def test_forms_and_multipart_are_understood(ws: Workspace, client: WebClient) -> None:
    client.api_call("chat.postMessage", params={"channel": "C0TEAM", "text": "Form", "blocks": '[{"type":"divider"}]'})
    client.api_call("chat.postMessage", data={"channel": "C0TEAM", "text": "Multi"}, files={"x": io.BytesIO(b"x")})

    assert [each["text"] for each in ws.messages("team")] == ["Form", "Multi"]


def test_a_file_is_uploaded_in_three_steps_and_shared(ws: Workspace, client: WebClient) -> None:
    client.files_upload_v2(channel="C0TEAM", filename="notes.txt", content="Hello", initial_comment="Notes")

    message = ws.messages("team")[0]
    assert (message["text"], message["files"][0]["name"]) == ("Notes", "notes.txt")
    with urllib.request.urlopen(message["files"][0]["url_private"]) as response:  # noqa: S310
        assert response.read() == b"Hello"


def test_a_permalink_names_the_message(client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="x")["ts"]

    assert client.chat_getPermalink(channel="C0TEAM", message_ts=ts)["permalink"].endswith(
        f"/archives/C0TEAM/p{ts.replace('.', '')}"
    )


def test_usergroups_are_listed(ws: Workspace, client: WebClient) -> None:
    group = ws.add_usergroup("replay", users=["ada", "lee"])

    assert client.usergroups_list(include_users=True)["usergroups"][0]["users"] == group.users
    assert client.usergroups_users_list(usergroup=group.id)["users"] == group.users


def test_joining_makes_a_member(ws: Workspace, client: WebClient) -> None:
    channel = ws.add_channel("other")
    client.conversations_join(channel=channel.id)
    client.chat_postMessage(channel=channel.id, text="Here")

    assert client.conversations_join(channel=channel.id)["warning"] == "already_in_channel"
    assert client.conversations_info(channel=channel.id)["channel"]["is_member"] is True


def test_every_call_is_recorded(ws: Workspace, client: WebClient) -> None:
    client.chat_postMessage(channel="C0TEAM", text="x")
    with pytest.raises(SlackApiError):
        client.chat_postMessage(channel="C0NOWHERE", text="x")

    assert [(call.method, call.response_ok, call.error) for call in ws.calls] == [
        ("chat.postMessage", True, None),
        ("chat.postMessage", False, "channel_not_found"),
    ]
    assert ws.calls[0].args == {"channel": "C0TEAM", "text": "x"}


def url(ws: Workspace, ts: str | None = None) -> str:
    return response_urls.issue(ws, ws.user("ada").id, "C0TEAM", ts)


@pytest.mark.usefixtures("server")
def test_a_response_url_answers_five_times(ws: Workspace) -> None:
    webhook = WebhookClient(url(ws), retry_handlers=[])
    answers = [webhook.send(text=str(number)) for number in range(6)]

    assert [each.status_code for each in answers] == [200] * 5 + [404]
    assert "used_url" in answers[5].body
    assert [each["text"] for each in ws.person("ada").ephemerals] == ["0", "1", "2", "3", "4"]


@pytest.mark.usefixtures("server")
def test_a_response_url_answers_for_thirty_minutes(ws: Workspace) -> None:
    now = [1_800_000_000.0]
    ws.clock = lambda: now[0]
    webhook = WebhookClient(url(ws), retry_handlers=[])
    now[0] += 30 * 60
    assert webhook.send(text="Just in time").status_code == 200
    now[0] += 1
    late = webhook.send(text="Too late")

    assert (late.status_code, "expired_url" in late.body) == (404, True)


@pytest.mark.usefixtures("server")
def test_a_response_url_refuses_wrong_blocks(ws: Workspace) -> None:
    answer = WebhookClient(url(ws), retry_handlers=[]).send(text="x", blocks=[{"type": "section"}])

    assert (answer.status_code, "invalid_blocks" in answer.body) == (400, True)


def test_a_response_url_replaces_and_deletes_the_original(ws: Workspace, client: WebClient) -> None:
    ts = client.chat_postMessage(channel="C0TEAM", text="Card", blocks=[actions(button())])["ts"]
    webhook = WebhookClient(url(ws, ts), retry_handlers=[])
    webhook.send(text="Pressed", replace_original=True)
    assert [each["text"] for each in ws.messages("team")] == ["Pressed"]
    assert "blocks" not in ws.messages("team")[0]
    webhook.send(text="For all", response_type="in_channel")
    webhook.send(delete_original=True)
    assert [each["text"] for each in ws.messages("team")] == ["For all"]


def test_an_ephemeral_message_can_be_replaced_through_its_url(ws: Workspace, client: WebClient) -> None:
    ts = client.chat_postEphemeral(channel="C0TEAM", user=ws.user("ada").id, text="Sure?")["message_ts"]
    webhook = WebhookClient(url(ws, ts), retry_handlers=[])
    webhook.send(text="Done", replace_original=True)
    assert [each["text"] for each in ws.person("ada").ephemerals] == ["Done"]
    webhook.send(delete_original=True)
    assert ws.person("ada").ephemerals == []
