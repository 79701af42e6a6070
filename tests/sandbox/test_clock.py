"""The workspace's clock, which can be moved, and what ends by itself when it is."""

import json
from pathlib import Path

import pytest
from slack_bolt import App
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from sandbox.workspace import Workspace
from sandbox.world import modals
from sandbox.world.errors import SandboxError
from sandbox.world.values import Json
from tests.sandbox.kit import modal
from tests.sandbox.test_delivery import until

NOON = 1_800_000_000.0
HOUR = 3600


def test_the_clock_moves_forward_and_goes_on_ticking() -> None:
    now = [NOON]
    ws = Workspace(clock=lambda: now[0])
    ws.move_to(NOON + HOUR)
    now[0] += 60

    assert ws.clock() == NOON + HOUR + 60
    with pytest.raises(ValueError, match="only moves forward"):
        ws.move_to(NOON)


def test_messages_carry_the_moved_time(ws: Workspace, client: WebClient) -> None:
    later = ws.clock() + 7 * 24 * HOUR
    ws.move_to(later)

    assert float(client.chat_postMessage(channel="C0TEAM", text="A week later")["ts"]) == pytest.approx(later, abs=5)


def test_a_restart_goes_on_at_the_moved_time(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    ws = Workspace.load(path, clock=lambda: NOON)
    ws.add_user("ada")
    ws.move_to(NOON + HOUR)
    ws.close()
    assert Workspace.load(path, clock=lambda: NOON + 60).clock() == NOON + HOUR + 60

    saved = json.loads(path.read_text())
    del saved["clock_offset"]
    path.write_text(json.dumps(saved))
    assert Workspace.load(path, clock=lambda: NOON).clock() == NOON


def test_whoever_has_just_pressed_does_not_sleep_through_what_is_skipped(ws: Workspace, client: WebClient) -> None:
    now = [NOON]
    ws.clock = lambda: now[0]
    ada = ws.user("ada").id
    old = modals.new_trigger(ws, ada, from_modal=False)
    now[0] += 4
    fresh = modals.new_trigger(ws, ada, from_modal=False)
    ws.move_to(NOON + HOUR)
    client.views_open(trigger_id=fresh, view=modal())

    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=old, view=modal())


@pytest.fixture
def changes(app: App) -> list[Json]:
    """The profiles that the app is told of."""
    heard: list[Json] = []

    @app.event("user_change")
    def changed(event: Json) -> None:
        profile = event["user"]["profile"]
        heard.append({key: profile[f"status_{key}"] for key in ("text", "emoji", "expiration")})

    return heard


NOTHING = {"text": "", "emoji": "", "expiration": 0}


def test_a_status_is_told_and_ends_by_itself(ws: Workspace, changes: list[Json]) -> None:
    end = int(ws.clock()) + HOUR
    ws.set_status("ada", "Back on Thursday", ":palm_tree:", end)
    ws.move_to(end - 10)
    ws.settle()
    assert changes == [{"text": "Back on Thursday", "emoji": ":palm_tree:", "expiration": end}]

    ws.move_to(end)
    ws.settle()
    assert changes[1:] == [NOTHING]


def test_a_status_ends_while_nobody_moves_the_clock(ws: Workspace, changes: list[Json]) -> None:
    ws.set_status("ada", "One moment", "", int(ws.clock()) + 1)
    until(lambda: len(changes) == 2)

    assert [changes[0]["emoji"], changes[1]] == [":speech_balloon:", NOTHING]


def test_a_status_ends_before_the_app_asks(ws: Workspace, client: WebClient) -> None:
    now = [NOON]
    ws.clock = lambda: now[0]
    ws.set_status("ada", "Lunch", ":sandwich:", int(NOON) + HOUR)
    now[0] += HOUR

    assert client.users_info(user=ws.user("ada").id)["user"]["profile"]["status_text"] == ""


@pytest.mark.parametrize(
    ("text", "emoji", "end", "words"),
    [
        ("x" * 101, "", 0, "at most 100"),
        ("Away", ":nothing_like_it:", 0, "no emoji called"),
        ("Away", "", int(NOON) - 1, "in the past"),
    ],
)
def test_a_status_that_slack_would_not_take_is_refused(
    ws: Workspace, text: str, emoji: str, end: int, words: str
) -> None:
    ws.clock = lambda: NOON
    with pytest.raises(SandboxError, match=words):
        ws.set_status("ada", text, emoji, end)


def test_an_empty_status_is_none(ws: Workspace) -> None:
    ws.set_status("ada", "Away", ":palm_tree:", 0)
    user = ws.set_status("ada", "", "", int(ws.clock()) + HOUR)

    assert (user.status_text, user.status_emoji, user.status_expiration) == ("", "", 0)
