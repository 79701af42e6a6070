"""Pictures: uploaded in three steps, shown by an image block, refused where Slack refuses them."""

import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.app import response_urls
from sandbox.seed import company
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.errors import AppFailed
from sandbox.world.values import Json
from tests.sandbox.kit import MANIFEST, SCOPES, modal, png, section

INVALID = "invalid slack file [json-pointer:/blocks/0/slack_file]"


def send(url: str, content: bytes, method: str = "POST") -> int:
    request = urllib.request.Request(url, content, {"content-type": "image/png"}, method=method)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=5) as response:  # noqa: S310
            status: int = response.status
            return status
    except urllib.error.HTTPError as refused:
        return refused.code


def begin(client: WebClient, content: bytes, name: str = "mood.png", **more: Any) -> tuple[str, str]:
    """The first step: a file's id, and where its bytes go."""
    answer = client.files_getUploadURLExternal(filename=name, length=len(content), **more)
    return str(answer["file_id"]), str(answer["upload_url"])


def upload(client: WebClient, content: bytes | None = None, name: str = "mood.png", **more: Any) -> str:
    """All three steps, without a channel."""
    content = content or png()
    file_id, url = begin(client, content, name, **more)
    assert send(url, content) == 200
    client.files_completeUploadExternal(files=[{"id": file_id, "title": name}])
    return file_id


def image(slack_file: Json | str, **more: Any) -> Json:
    named = {"id": slack_file} if isinstance(slack_file, str) else slack_file
    return {"type": "image", "slack_file": named, "alt_text": "Three of four are well", **more}


def refused(call: Callable[[], object]) -> tuple[str, list[str]]:
    """Slack's code, and what it says to it."""
    with pytest.raises(SlackApiError) as caught:
        call()
    body: Json = caught.value.response.data
    said = body.get("errors") or body.get("response_metadata", {}).get("messages", [])
    return body["error"], said


def post(client: WebClient, *blocks: Json) -> Callable[[], object]:
    return lambda: client.chat_postMessage(channel="C0TEAM", text="Mood", blocks=list(blocks))


def test_a_picture_is_uploaded_without_a_channel_and_shown_by_a_block(ws: Workspace, client: WebClient) -> None:
    file_id = upload(client, alt_txt="Three of four are well")
    assert ws.messages("team") == []
    client.chat_postMessage(channel="C0TEAM", text="Mood", blocks=[image(file_id)])

    block = ws.messages("team")[0]["blocks"][0]
    assert (block["slack_file"], block["alt_text"]) == ({"id": file_id}, "Three of four are well")
    info = client.files_info(file=file_id)["file"]
    assert (info["mimetype"], info["alt_txt"]) == ("image/png", "Three of four are well")
    with urllib.request.urlopen(info["url_private"], timeout=5) as response:  # noqa: S310
        assert (response.read(), response.headers["content-type"]) == (png(), "image/png")


def test_a_picture_may_be_named_by_its_address(ws: Workspace, client: WebClient) -> None:
    address = client.files_info(file=upload(client))["file"]["url_private"]
    post(client, image({"url": address}))()

    assert ws.messages("team")[0]["blocks"][0]["slack_file"] == {"url": address}


def test_a_picture_stands_in_sections_contexts_updates_forms_and_home(ws: Workspace, client: WebClient) -> None:
    file_id = upload(client)
    picture = image(file_id)
    ts = client.chat_postMessage(
        channel="C0TEAM", text="x", blocks=[section(accessory=picture), {"type": "context", "elements": [picture]}]
    )["ts"]
    client.chat_update(channel="C0TEAM", ts=ts, text="x", blocks=[picture])
    client.views_publish(user_id=ws.user("ada").id, view={"type": "home", "blocks": [picture]})

    assert (ws.person("ada").home or {})["blocks"][0]["slack_file"] == {"id": file_id}


def test_what_stands_in_the_answer_of_the_upload_says_nothing_of_its_kind_yet(client: WebClient) -> None:
    file_id, url = begin(client, png())
    send(url, png())
    file = client.files_completeUploadExternal(files=[{"id": file_id}])["files"][0]

    assert (file["id"], file["mimetype"], file["filetype"]) == (file_id, "", "")


def test_a_picture_that_slack_has_not_looked_through_is_refused_for_a_moment(ws: Workspace, client: WebClient) -> None:
    file_id, other = upload(client), upload(client)
    fault = ws.faults.add("unprocessed_file", file_id)

    post(client, image(other))()
    assert refused(post(client, image(file_id))) == ("invalid_blocks", [INVALID])
    post(client, image(file_id))()
    assert (fault.hits, len(ws.messages("team"))) == (1, 2)


def test_a_file_that_is_not_looked_through_strikes_no_call(ws: Workspace, client: WebClient) -> None:
    ws.faults.add("unprocessed_file", times=None)

    client.chat_postMessage(channel="C0TEAM", text="No picture")


def test_a_file_that_nobody_has_uploaded_is_refused(client: WebClient) -> None:
    assert refused(post(client, image("F0NOBODYS1"))) == ("invalid_blocks", [INVALID])


def test_a_file_without_its_bytes_is_refused(client: WebClient) -> None:
    file_id, _url = begin(client, png())

    assert refused(post(client, image(file_id))) == ("invalid_blocks", [INVALID])
    assert refused(lambda: client.files_completeUploadExternal(files=[{"id": file_id}]))[0] == "file_not_found"


def test_a_file_that_is_not_complete_is_refused_and_not_shown(server: Server, client: WebClient) -> None:
    file_id, url = begin(client, png())
    assert send(url, png()) == 200

    assert refused(post(client, image(file_id))) == ("invalid_blocks", [INVALID])
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(f"{server.url}/files/{file_id}/mood.png", timeout=5)  # noqa: S310


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("notes.txt", b"Hello"),
        ("mood.png", b"Not a picture, whatever its name says"),
        ("mood.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
        ("mood.webp", b"RIFF\x00\x00\x00\x00WEBP"),
    ],
)
def test_what_is_no_png_jpeg_or_gif_is_refused(client: WebClient, name: str, content: bytes) -> None:
    assert refused(post(client, image(upload(client, content, name)))) == ("invalid_blocks", [INVALID])


@pytest.mark.parametrize("content", [b"GIF89a...", b"\xff\xd8\xff\xe0...", png()])
def test_a_picture_is_known_by_its_bytes(ws: Workspace, client: WebClient, content: bytes) -> None:
    post(client, image(upload(client, content, "picture")))()

    assert len(ws.messages("team")) == 1


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"alt_text": None}, "missing required field: alt_text [json-pointer:/blocks/0]"),
        ({"alt_text": ""}, "must be more than 0 characters [json-pointer:/blocks/0/alt_text]"),
        ({"alt_text": "x" * 2001}, "must be less than 2001 characters [json-pointer:/blocks/0/alt_text]"),
        (
            {"image_url": "https://example.com/a.png"},
            "must define one of: image_url, slack_file [json-pointer:/blocks/0]",
        ),
        ({"slack_file": {}}, "must define one of: id, url [json-pointer:/blocks/0/slack_file]"),
        ({"slack_file": "F0000000A1"}, "must provide an object [json-pointer:/blocks/0/slack_file]"),
        (
            {"slack_file": {"id": "https://example.com/a.png"}},
            "input must match regex pattern: ^[F][A-Z0-9]{8,}$ [json-pointer:/blocks/0/slack_file/id]",
        ),
        (
            {"slack_file": {"id": "F0000000A1", "name": "a"}},
            "invalid additional property: name [json-pointer:/blocks/0/slack_file]",
        ),
    ],
)
def test_a_block_that_shows_a_picture_keeps_to_its_shape(client: WebClient, change: Json, problem: str) -> None:
    block = {key: value for key, value in {**image(upload(client)), **change}.items() if value is not None}

    assert refused(post(client, block)) == ("invalid_blocks", [problem])


def test_an_alt_text_of_two_thousand_is_taken(client: WebClient) -> None:
    post(client, image(upload(client), alt_text="x" * 2000))()


def test_a_view_with_an_unknown_file_is_refused(ws: Workspace, client: WebClient) -> None:
    view = {"type": "home", "blocks": [image("F0NOBODYS1")]}

    code, said = refused(lambda: client.views_publish(user_id=ws.user("ada").id, view=view))
    assert (code, said) == (
        "invalid_arguments",
        ["[ERROR] invalid slack file [json-pointer:/view/blocks/0/slack_file]"],
    )


def test_an_answer_with_an_unknown_file_is_refused(ws: Workspace, server: Server) -> None:
    address = response_urls.issue(ws, ws.user("ada").id, "C0TEAM")
    body = b'{"text": "x", "blocks": [{"type": "image", "alt_text": "x", "slack_file": {"id": "F0NOBODYS1"}}]}'

    assert send(address, body) == 400


def test_a_form_that_turns_into_an_unknown_picture_is_refused(ws: Workspace, client: WebClient) -> None:
    def app(_method: str, _headers: dict[str, str], body: bytes) -> tuple[int, dict[str, str], str]:
        if b"view_submission" not in body:
            return 200, {}, ""
        view = '{"type": "modal", "title": {"type": "plain_text", "text": "T"}, "blocks": ['
        block = '{"type": "image", "alt_text": "x", "slack_file": {"id": "F0NOBODYS1"}}]}'
        answer = f'{{"response_action": "update", "view": {view}{block}}}'
        return 200, {"content-type": "application/json"}, answer

    ws.app.connect_function(app)
    ada = ws.person("ada")
    trigger = modals.new_trigger(ws, ada.id, from_modal=False)
    client.views_open(trigger_id=trigger, view=modal(section()))

    with pytest.raises(AppFailed, match="invalid slack file"):
        ada.submit()


def test_the_description_of_a_file_has_at_most_a_thousand_characters(client: WebClient) -> None:
    begin(client, png(), alt_txt="x" * 1000)

    assert refused(lambda: begin(client, png(), alt_txt="x" * 1001))[0] == "alt_txt_too_large"


def test_a_file_without_a_length_is_refused(client: WebClient) -> None:
    answer = refused(lambda: client.api_call("files.getUploadURLExternal", json={"filename": "a.png", "length": 0}))

    assert answer[0] == "missing_argument"


def test_bytes_are_posted_once_and_as_many_as_announced(client: WebClient) -> None:
    file_id, url = begin(client, png())

    assert send(url, png(), method="PUT") == 400
    assert send(url, png() + b"more") == 400
    assert send(url, png()) == 200
    client.files_completeUploadExternal(files=[{"id": file_id}])
    assert send(url, png()) == 400
    assert refused(lambda: client.files_completeUploadExternal(files=[{"id": file_id}]))[0] == "file_not_found"


def test_an_upload_needs_its_scope(server: Server) -> None:
    scopes = [each for each in SCOPES if each != "files:write"]
    ws = server.workspace = Workspace({**MANIFEST, "oauth_config": {"scopes": {"bot": scopes}}})
    client = WebClient(ws.bot_token, base_url=server.api_url)

    assert refused(lambda: begin(client, png()))[0] == "missing_scope"
    assert refused(lambda: client.files_completeUploadExternal(files=[{"id": "F0"}]))[0] == "missing_scope"


def test_a_picture_survives_a_restart(tmp_path: Path, session_server: Server) -> None:
    path = tmp_path / "slack.json"
    ws = session_server.workspace = company(workspace=Workspace.load(path, MANIFEST))
    file_id = upload(WebClient(ws.bot_token, base_url=session_server.api_url), alt_txt="Well")
    ws.close()

    again = Workspace.load(path, MANIFEST)
    file = again.store.files[file_id]
    again.close()
    assert (file.content, file.alt_txt, file.mimetype) == (png(), "Well", "image/png")
