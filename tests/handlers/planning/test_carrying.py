"""What carries over, in the form of the turn: its owner changes its priority, or drops it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from models.sprints import Change, Item, Sprint
from tests.handlers.planning.test_plans import ada_founds_replay, nothing_is_finished
from tests.stories import After
from tests.world import World


@pytest.fixture
def unfinished(after: After) -> World:
    """Ada's Timeline and Changelog are of high priority, Old path is a side quest; none is finished, and the turn has come."""
    return after(ada_founds_replay, nothing_is_finished)


def wrap_up(world: World) -> Any:
    """Ada opens the form of her turn."""
    ada = world.person("ada")
    ada.command("/sprint plan")
    return ada


def stands(world: World) -> dict[str, str]:
    """What stands in the next sprint's plan, with its priority."""
    with world.db.read() as session:
        query = select(Item.title, Item.priority).join(Sprint).where(Sprint.starts_on == date(2026, 7, 27))
        return dict(session.execute(query.where(Item.dropped_at.is_(None))).all())


def test_what_carries_over_changes_its_priority_or_is_dropped_with_one_tap_each(unfinished: World) -> None:
    ada, world = wrap_up(unfinished), unfinished
    high, side, old = (world.first_item_id(title) for title in ("Timeline", "Changelog", "Old path"))
    errors = ada.submit(high_again_0=[str(high), str(old)], drop_carried_0=[str(side)])
    assert errors == {}
    assert stands(world) == {"Timeline": "high", "Old path": "high"}
    ada.close_all()
    ada = wrap_up(world)
    assert ada.submit(high_again_0=[], drop_carried_0=[]) == {}
    assert stands(world) == {"Timeline": "side", "Changelog": "side", "Old path": "side"}, "until the plan is final"


def test_the_form_starts_from_what_stands_and_changes_nothing_by_itself(unfinished: World) -> None:
    ada = wrap_up(unfinished)
    drop = unfinished.first_item_id("Changelog")
    assert ada.submit(drop_carried_0=[str(drop)]) == {}
    ada.close_all()
    assert wrap_up(unfinished).submit() == {}
    assert stands(unfinished) == {"Timeline": "high", "Old path": "side"}


def test_what_was_dropped_stays_dropped_in_the_final_plan_and_at_the_next_turn(unfinished: World) -> None:
    ada = wrap_up(unfinished)
    drop = unfinished.first_item_id("Changelog")
    assert ada.submit(drop_carried_0=[str(drop)]) == {}
    ada.close_all()
    unfinished.finalize("ada", "On we go.")
    unfinished.go_to("2026-07-27 07:00:00")
    assert "Changelog" not in unfinished.card("team-replay", "On we go")["text"]
    unfinished.go_to("2026-08-07 08:00:00")
    with unfinished.db.read() as session:
        query = select(Item.title).join(Sprint).where(Sprint.starts_on == date(2026, 8, 10))
        assert sorted(session.scalars(query)) == ["Old path", "Timeline"]


def test_an_item_that_is_finished_in_the_same_form_carries_nothing_over(unfinished: World) -> None:
    ada = wrap_up(unfinished)
    done = unfinished.first_item_id("Timeline")
    assert ada.submit(**{f"mark_{done}": "finished"}, high_again_0=[str(done)]) == {}
    assert "Timeline" not in stands(unfinished)


def test_after_the_plan_is_final_what_its_owner_drops_stands_in_its_history(unfinished: World) -> None:
    unfinished.finalize("ada", "On we go.")
    ada = wrap_up(unfinished)
    drop = unfinished.first_item_id("Changelog")
    assert ada.submit(drop_carried_0=[str(drop)]) == {}
    with unfinished.db.read() as session:
        assert ("dropped", "Changelog") in session.execute(select(Change.kind, Change.title)).all()


@pytest.fixture
def before_the_turn(after: After) -> World:
    """Ada's three items are unfinished on the last day of the sprint, two hours before anybody is asked."""
    return after(ada_founds_replay, nothing_is_finished_yet)


def nothing_is_finished_yet(world: World) -> None:
    """Ada plans three items and marks none of them; it is early in the morning of the sprint's last day."""
    world.plan("ada", high="Timeline\nChangelog", side="Old path")
    world.finalize("ada")
    world.go_to("2026-07-24 05:00:00")


def test_a_plan_that_was_begun_before_the_turn_shows_what_carries_over_once_the_turn_comes(
    before_the_turn: World,
) -> None:
    world = before_the_turn
    world.plan("lee", high="Player")
    assert "Timeline" not in world.card("team-replay", "27 July")["text"]
    world.go_to("2026-07-24 08:00:30")
    assert "⚪ Player — Lee\n⚪ Timeline — Ada" in world.card("team-replay", "27 July")["text"]
