"""The demo's memory over a restart."""

import json
from pathlib import Path

import pytest
from slack_sdk import WebClient

from sandbox.seed import company, with_emoji
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import steady
from sandbox.world.errors import SandboxError
from tests.sandbox.kit import MANIFEST, section


def test_everything_that_matters_survives_a_restart(tmp_path: Path, session_server: Server) -> None:
    path = tmp_path / "deep" / "slack.json"
    ws = session_server.workspace = Workspace.load(path, MANIFEST)
    company(workspace=ws)
    client = WebClient(ws.bot_token, base_url=session_server.api_url)
    ada = ws.person("ada")
    metadata = {"event_type": "card", "event_payload": {"key": "1"}}
    ts = client.chat_postMessage(channel="sprints", text="Plan", blocks=[section()], metadata=metadata)["ts"]
    ada.say("Reply", channel="sprints", thread_ts=ts)
    client.views_publish(user_id=ada.id, view={"type": "home", "blocks": [section("Welcome")]})
    client.files_upload_v2(channel=ws.channel("sprints").id, filename="a.txt", content="Bytes")
    ws.person("lee").react("retro", {"ts": ts})
    before = ws.messages("sprints"), ws.messages("sprints", ts), ada.home, ws.store.last_read
    ws.close()

    again = Workspace.load(path, MANIFEST)
    lena = again.person("ada")
    assert (again.messages("sprints"), again.messages("sprints", ts), lena.home, again.store.last_read) == before
    assert [each.name for each in again.store.users.values()] == [each.name for each in ws.store.users.values()]
    assert [each.content for each in again.store.files.values()] == [b"Bytes"]
    assert again.store.emoji == {"retro": "🔄"}
    assert again.add_channel("new").id not in ws.store.channels
    again.close()


def test_a_change_is_saved_within_a_second(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    ws = Workspace.load(path)
    ws.add_user("ada")
    end = steady.monotonic() + 1
    while not path.exists() and steady.monotonic() < end:
        steady.wall()

    assert "ada" in [each["name"] for each in json.loads(path.read_text())["users"]]
    ws.close()
    assert [each.name for each in tmp_path.iterdir()] == ["slack.json"]


def test_a_workspace_from_before_emoji_could_be_added_gets_the_companys(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    ws = Workspace.load(path)
    ws.add_user("ada")
    ws.close()
    saved = json.loads(path.read_text())
    del saved["emoji"]
    path.write_text(json.dumps(saved))

    assert with_emoji(Workspace.load(path)).store.emoji == {"retro": "🔄"}


@pytest.mark.parametrize("content", ["", "{", "[]", "{}", '{"version": 1}', '{"version": 1, "users": 7}'])
def test_a_broken_file_is_named_in_a_sentence(tmp_path: Path, content: str) -> None:
    path = tmp_path / "slack.json"
    path.write_text(content)

    with pytest.raises(SandboxError, match=r"slack\.json cannot be read as a saved workspace\. Delete it"):
        Workspace.load(path)
    assert path.read_text() == content


def test_a_file_of_another_version_is_named_in_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    path.write_text('{"version": 99}')

    with pytest.raises(SandboxError, match="another version"):
        Workspace.load(path)


def test_the_seeded_company_looks_alive() -> None:
    ws = company(MANIFEST)
    people = [
        each
        for each in ws.store.users.values()
        if not (each.is_bot or each.is_slackbot or each.deleted or each.is_restricted)
    ]

    assert len(people) == 15
    assert [each.name for each in people if each.is_admin] == ["ivy"]
    assert len({each.tz for each in people}) >= 6
    assert len(ws.messages("team-replay")) == 3
    assert all(ws.bot_user_id in ws.channel(name).members for name in ("general", "sprints", "team-array"))
    assert f"<@{ws.user('jonas').id}>." in ws.messages("general")[0]["text"]
    ws.close()
