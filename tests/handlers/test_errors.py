"""What a person sees when something goes wrong that nobody foresaw."""

import logging
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from bot.domain.planning import plans, wrapping_up
from bot.domain.sprints import overviews
from bot.platform.errors import Refusal
from bot.views.home import home as home_views
from bot.views.teams import teams as team_views
from handlers import FEATURES
from sandbox.app import payloads
from sandbox.people.person import Person as Human
from sandbox.world import modals
from tests.world import World

SECRET = "what I typed is nobody's business"


@pytest.fixture
def broken(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Team Replay, in a bot whose planning fails."""
    world.team("ada", "lee")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(plans, "send", fail)
    monkeypatch.setattr(overviews, "for_person", fail)
    return world


def test_a_form_stays_open_with_a_reference_that_is_in_the_log(broken: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    ada = broken.person("ada")
    ada.command("/sprint plan")
    errors = ada.submit(high=SECRET)
    reference = errors["high"].removesuffix(".").split()[-1]
    assert f"reference {reference}" in caplog.text
    assert "ZeroDivisionError" in caplog.text
    assert (ada.view or {})["state"]["values"]["high"]["high"]["value"] == SECRET
    prickles = [record for record in caplog.records if not record.name.startswith(("slack", "urllib", "sandbox"))]
    assert SECRET not in "".join(record.getMessage() for record in prickles)


def test_a_command_that_fails_is_answered_with_a_reference(broken: World) -> None:
    ada = broken.person("ada")
    ada.command("/sprint")
    assert "Something went wrong, and it is not your fault." in ada.ephemerals[-1]["text"]


def test_a_stale_press_on_a_screen_that_changed_is_no_error(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    ada = world.person("ada")
    ada.command("/sprint")
    payload = world.press("ada", f"item_mark_{world.item_id('Timeline')}", "in_progress")
    for _ in range(2):
        assert world.slack.deliver("interactive", payload).status == 200
    assert "🟡 Timeline" in str(ada.view)


def test_a_command_that_came_too_late_for_a_window_says_so_in_a_line(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.team("ada", "lee")
    channel = world.slack.channel("team-replay")
    payload = payloads.command(world.slack, world.slack.user("ada"), channel, "/sprint", "plan")
    world.slack.triggers[payload["trigger_id"]].used = True
    answer = world.slack.deliver("command", payload)
    assert (answer.json() or {})["text"] == "Slack was slow. Try again."
    assert "Slack was slow: exchanged_trigger_id" in caplog.text
    assert not [record for record in caplog.records if record.exc_info]


@pytest.mark.parametrize("value", ["", "x", "1 2 3", "null"])
def test_a_button_whose_value_this_version_does_not_read_is_of_an_older_one(
    world: World, caplog: pytest.LogCaptureFixture, value: str
) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    ada = world.person("ada")
    ada.command("/sprint")
    payload = world.press("ada", f"item_mark_{world.item_id('Timeline')}", "in_progress")
    payload["actions"][0]["selected_option"]["value"] = value
    assert world.slack.deliver("interactive", payload).status == 200
    assert "This is from an older version. Open `/prickle`." in str(ada.view)
    assert not [record for record in caplog.records if record.exc_info]


def test_a_window_that_was_closed_meanwhile_is_no_error_and_the_mark_is_kept(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    ada = world.person("ada")
    ada.command("/sprint")
    payload = world.press("ada", f"item_mark_{world.item_id('Timeline')}", "in_progress")
    ada.close_all()
    assert world.slack.deliver("interactive", payload).status == 200
    assert "reference" not in caplog.text
    assert "🟡 Timeline" in world.card("team-replay", "Playback first")["text"]


def test_a_no_is_not_called_a_failure_and_a_failure_is(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    card = world.card("team-replay", "Timeline")
    tom = world.person("tom")
    tom.press("Write my plan", card)
    assert (tom.view or {})["title"]["text"] == "Nothing changed"

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(wrapping_up, "draft", fail)
    lee = world.person("lee")
    lee.press("Write my plan", card)
    assert (lee.view or {})["title"]["text"] == "That did not work"


def test_a_fourth_window_is_not_opened_but_the_sentence_is_still_shown(world: World) -> None:
    ada = with_three_windows(world, "sprint_export")
    world.slack.deliver("interactive", payload_of_a_third_window(world))
    assert "This sprint is gone." in str(ada.view)


def test_a_form_is_never_replaced_by_a_sentence(world: World) -> None:
    ada = with_three_windows(world, "plan_change")
    ada.fill(add="Typed with care")
    world.slack.deliver("interactive", payload_of_a_third_window(world))
    assert "Typed with care" in str(ada.view)


def with_three_windows(world: World, third: str) -> Human:
    """Ada, with the overview, the plan and one more window open."""
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")
    ada = world.person("ada")
    for action_id in ("sprint_show", third):
        if ada.view is None:
            ada.command("/sprint")
        ada.click(action_id)
    return ada


def payload_of_a_third_window(world: World) -> dict[str, Any]:
    """A press in Ada's third window, on a button of a sprint that is not there."""
    user = world.slack.user("ada")
    view = modals.stack(world.slack, user.id)[-1]
    action = {"type": "button", "action_id": "sprint_turn", "value": "999"}
    return payloads.view_actions(world.slack, user, view, action)


def test_a_refusal_of_an_event_is_acknowledged_and_not_sent_again(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []

    def refuse(*_args: object, **_kwargs: object) -> None:
        asked.append(1)
        raise Refusal("no")

    monkeypatch.setattr(overviews, "for_person", refuse)
    world.slack.retry_delays = (0.01, 0.01, 0.01)
    world.person("ada").open_home()
    world.slack.settle()
    assert len(asked) == 1


# --- what an older version wrote, or somebody forged ------------------------------------------------------------

NONSENSE = ["", "x", "99999999999999999999", "-1", "1:2:3:4", "null", "[]", "{}", '{"team": "x"}', "1:never", "٣"]
OLD = "This is from an older version. Open `/prickle`."


@pytest.fixture
def sprint(world: World) -> World:
    """Team Replay has a sprint, and somebody has written a message."""
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.post()
    return world


def window(world: World, callback_id: str, metadata: str) -> dict[str, Any]:
    """A form as somebody could forge it."""
    return {
        "id": "V1",
        "type": "modal",
        "callback_id": callback_id,
        "private_metadata": metadata,
        "hash": "1",
        "blocks": [],
        "state": {"values": {}},
        "team_id": world.slack.team_id,
    }


def common(world: World, kind: str) -> dict[str, Any]:
    """What every payload of Ada's carries."""
    ada = world.slack.user("ada")
    user = {"id": ada.id, "username": "ada", "name": "ada", "team_id": world.slack.team_id}
    return {"type": kind, "user": user, "team": {"id": world.slack.team_id}, "trigger_id": "1.2.3", "token": "x"}


def tracebacks(caplog: pytest.LogCaptureFixture) -> set[str]:
    """What went wrong with a traceback. Whether this window is still open is not what it is about."""
    return {
        f"{type(record.exc_info[1]).__name__}: {record.exc_info[1]}"
        for record in caplog.records
        if record.exc_info and record.exc_info[1] is not None and not isinstance(record.exc_info[1], SlackApiError)
    }


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_no_button_with_a_nonsensical_value_leaves_a_traceback(
    sprint: World, caplog: pytest.LogCaptureFixture, nonsense: str
) -> None:
    for action_id in [each for feature in FEATURES for each in feature.actions]:
        action = {"type": "button", "action_id": action_id, "block_id": "b", "value": nonsense}
        view = window(sprint, "list", nonsense)
        payload = {**common(sprint, "block_actions"), "container": {"type": "view", "view_id": "V1"}, "view": view}
        sprint.slack.deliver("interactive", {**payload, "state": {"values": {}}, "actions": [action]})
    assert tracebacks(caplog) == set()


@pytest.mark.parametrize("nonsense", NONSENSE)
def test_no_form_with_nonsensical_metadata_leaves_a_traceback(
    sprint: World, caplog: pytest.LogCaptureFixture, nonsense: str
) -> None:
    for callback_id in [each for feature in FEATURES for each in feature.views]:
        view = window(sprint, callback_id, nonsense)
        sprint.slack.deliver("interactive", {**common(sprint, "view_submission"), "view": view, "response_urls": []})
    assert tracebacks(caplog) == set()


def test_an_old_button_says_so_and_the_log_says_it_without_a_traceback(
    sprint: World, caplog: pytest.LogCaptureFixture
) -> None:
    message = sprint.card("team-replay", "sprint")
    sprint.forge_press(
        "ada", message, {"type": "button", "action_id": team_views.SHOW, "value": "99999999999999999999"}
    )
    assert OLD.replace("`", "") in str(sprint.person("ada").view).replace("`", "")
    (said,) = [record for record in caplog.records if "does not read" in record.getMessage()]
    assert said.exc_info is None


def test_a_home_that_slack_refuses_is_logged_with_a_reference(
    world: World, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(home_views, "tab", lambda _shown: {"type": "home", "blocks": [{"type": "section"}]})
    world.person("ada").open_home()
    assert "reference" in caplog.text
    assert "event failed" in caplog.text
