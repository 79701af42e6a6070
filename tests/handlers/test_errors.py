"""What a person sees when something goes wrong that nobody foresaw."""

import logging

import pytest

from bot.domain import overviews, plans
from tests.world import World

SECRET = "what I typed is nobody's business"


@pytest.fixture
def broken(world: World, monkeypatch: pytest.MonkeyPatch) -> World:
    """Team Replay, in a bot whose planning fails."""
    world.team("ada", "lee")

    def fail(*_args: object, **_kwargs: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(plans, "send", fail)
    monkeypatch.setattr(overviews, "of", fail)
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
