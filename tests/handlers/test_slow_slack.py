"""Slack hangs, or the error handler itself is given nonsense: a person reads what to do, and nothing raises."""

import sqlite3
import time
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse
from sqlalchemy.exc import OperationalError

from bot.platform.errors import Refusal, Repeated
from handlers import errors
from sandbox.app import payloads
from sandbox.world import modals, steady
from tests.end_to_end.processes import until
from tests.world import World

ACKNOWLEDGED_WITHIN_S = 2.8


@pytest.fixture
def slow(world: World) -> World:
    """A team, in a Slack whose next window takes ten seconds."""
    world.team("ada", "lee")
    world.slack.raise_on_trouble = False
    world.slack.faults.add("slow", "views.open", seconds=10)
    return world


def test_a_command_is_answered_in_time_and_says_to_try_again(slow: World, caplog: pytest.LogCaptureFixture) -> None:
    ada = slow.person("ada")
    started = steady.monotonic()
    ada.command("/sprint plan")
    assert steady.monotonic() - started < ACKNOWLEDGED_WITHIN_S
    assert ada.ephemerals[-1]["text"] == "Slack was slow. Try again."
    assert "Traceback" not in caplog.text
    ada.command("/sprint plan")
    assert ada.view is not None


def test_a_press_is_acknowledged_in_time_however_long_its_window_takes(slow: World) -> None:
    started = steady.monotonic()
    press(slow)
    assert steady.monotonic() - started < ACKNOWLEDGED_WITHIN_S


def test_whoever_pressed_reads_to_press_again(slow: World) -> None:
    slow.slack.faults.active.clear()
    slow.slack.faults.add("server_error", "views.open")
    press(slow)
    until(lambda: "Slack was slow. Press again." in str(slow.person("ada").view), "the sentence")


def test_a_window_from_home_that_comes_too_late_leaves_one_sentence_above_home(slow: World) -> None:
    slow.slack.faults.active.clear()
    ada = slow.person("ada")
    before = len((ada.open_home() or {})["blocks"])
    for _ in range(2):
        slow.slack.faults.add("error", "views.open", times=2, code="expired_trigger_id")
        press(slow)
        until(lambda: shown(slow).count("Slack was slow. Press again.") == 1, "the sentence")
    assert len((ada.home or {})["blocks"]) == before + 1
    press(slow)
    assert ada.view is not None
    ada.close_all()
    ada.open_home()
    assert "Slack was slow" not in shown(slow)


@pytest.mark.parametrize("code", ["expired_trigger_id", "ratelimited"])
def test_whoever_chose_from_the_lightning_menu_too_late_reads_it_in_a_message(slow: World, code: str) -> None:
    slow.slack.faults.active.clear()
    slow.slack.faults.add("error", "views.open", times=2, code=code)
    lee = slow.person("lee")
    lee.shortcut("plan_sprint")
    until(lambda: [each["text"] for each in lee.dms] == ["Slack was slow. Choose it again."], "the sentence")
    lee.shortcut("plan_sprint")
    assert lee.view is not None


def test_a_refusal_that_finds_no_window_is_read_in_a_message_too(slow: World) -> None:
    slow.slack.faults.active.clear()
    slow.slack.faults.add("error", "views.open", code="expired_trigger_id")
    slow.slack.change_user("mia", is_restricted=True)
    slow.slack.settle()
    mia = slow.person("mia")
    mia.shortcut("plan_sprint")
    assert "you are a guest here" in mia.dms[-1]["text"]


def test_while_a_form_is_open_no_message_comes_beside_it(slow: World) -> None:
    slow.slack.faults.active.clear()
    lee = slow.person("lee")
    lee.command("/sprint away")
    slow.slack.faults.add("error", "views.push", times=2, code="expired_trigger_id")
    user = slow.slack.user("lee")
    view = modals.stack(slow.slack, user.id)[-1]
    pressed = {"type": "button", "action_id": "plan_write", "value": ""}
    slow.slack.deliver("interactive", payloads.view_actions(slow.slack, user, view, pressed))
    assert lee.dms == []
    assert "last" in str(lee.view)


def shown(world: World) -> str:
    """Ada's Home, as it stands."""
    return str(world.person("ada").home)


def press(world: World) -> None:
    """Ada wants to plan, from her Home."""
    ada = world.person("ada")
    home = ada.home or ada.open_home()
    ada.click(next(each for each in _buttons(home) if each.startswith("plan")), home=True)


def _buttons(view: Any) -> list[str]:
    return [each["action_id"] for block in view["blocks"] for each in block.get("elements", []) if "action_id" in each]


# --- the handler of errors ----------------------------------------------------------------------------------------


def refused(code: str, status: int = 200) -> SlackApiError:
    answer = SlackResponse(
        client=None, http_verb="POST", api_url="", req_args={}, data={"error": code}, headers={}, status_code=status
    )
    return SlackApiError("no", answer)


ERRORS: list[Exception] = [
    Refusal("no"),
    Refusal("no", field="gone"),
    Repeated(),
    ZeroDivisionError(),
    KeyError("user"),
    RecursionError(),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "no"),
    TimeoutError(),
    ConnectionError(),
    OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error")),
    refused("expired_trigger_id"),
    refused("not_found"),
    refused("internal_error", 500),
    SlackApiError("no", {"error": "x"}),  # as some of the SDK's own are: a plain dictionary
]
INPUT = {"type": "input", "block_id": "text"}
BODIES: list[Any] = [
    {},
    None,
    [],
    {"command": "/sprint"},
    {"command": None, "type": None},
    {"type": "event_callback"},
    {"type": "view_submission"},
    {"type": "view_submission", "view": None},
    {"type": "view_submission", "view": {"blocks": [INPUT]}},
    {"type": "view_submission", "view": {"blocks": [{}]}},
    {"type": "view_submission", "view": []},
    {"type": "block_suggestion"},
    {"type": "block_actions"},
    {"type": "block_actions", "trigger_id": "1.2.3", "response_url": "http://127.0.0.1:1/"},
    {"type": "block_actions", "trigger_id": "1.2.3", "view": {"type": "modal", "id": "V1", "blocks": None}},
    {"type": "block_actions", "trigger_id": 7, "view": "modal"},
    {"type": ["shortcut"], "trigger_id": {}},
    {"type": "message_action", "trigger_id": "1.2.3", "response_url": "nonsense"},
]


@pytest.mark.parametrize("database_kind", ["sqlite"], indirect=True)
def test_the_error_handler_raises_nothing_whatever_it_is_given(world: World, caplog: pytest.LogCaptureFixture) -> None:
    for error in ERRORS:
        for body in BODIES:
            answer = errors.answer(error, body, world.client)
            is_event = isinstance(body, dict) and body.get("type") == "event_callback"
            assert answer.status == 200 or (is_event and answer.status == 500)


def test_a_client_that_itself_raises_is_no_trouble(world: World) -> None:
    started = time.monotonic()
    world.client.close()
    broken = type(world.client)("xoxb-1", "http://127.0.0.1:1/", 2)
    for body in BODIES:
        assert errors.answer(Refusal("no"), body, broken).status in (200, 500)
    assert time.monotonic() - started < 5
