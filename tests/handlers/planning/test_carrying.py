"""What carries over, in the form of the turn: its owner changes its priority, or drops it."""

from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.views.kit import Fields
from bot.views.planning import marks as mark_views
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


def carry(world: World, **choices: str) -> dict[str, str]:
    """The fields that say how items carry over, by the first words of the items' titles."""
    titles = {"timeline": "Timeline", "changelog": "Changelog", "old": "Old path"}
    return {f"carry_{world.first_item_id(titles[name])}": choice for name, choice in choices.items()}


def stands(world: World) -> dict[str, str]:
    """What stands in the next sprint's plan, with its priority."""
    with world.db.read() as session:
        query = select(Item.title, Item.priority).join(Sprint).where(Sprint.starts_on == date(2026, 7, 27))
        return dict(session.execute(query.where(Item.dropped_at.is_(None))).all())


def test_what_carries_over_changes_its_priority_or_is_dropped_with_one_choice_an_item(unfinished: World) -> None:
    ada, world = wrap_up(unfinished), unfinished
    assert ada.submit(**carry(world, old="high", changelog="drop")) == {}
    assert stands(world) == {"Timeline": "high", "Old path": "high"}
    ada.close_all()
    ada = wrap_up(world)
    assert ada.submit(**carry(world, timeline="side", changelog="side", old="side")) == {}
    assert stands(world) == {"Timeline": "side", "Changelog": "side", "Old path": "side"}, "until the plan is final"


def test_the_form_starts_from_what_stands_and_changes_nothing_by_itself(unfinished: World) -> None:
    ada = wrap_up(unfinished)
    assert ada.submit(**carry(unfinished, changelog="drop")) == {}
    ada.close_all()
    assert wrap_up(unfinished).submit() == {}
    assert stands(unfinished) == {"Timeline": "high", "Old path": "side"}


def test_what_was_dropped_stays_dropped_in_the_final_plan_and_at_the_next_turn(unfinished: World) -> None:
    ada = wrap_up(unfinished)
    assert ada.submit(**carry(unfinished, changelog="drop")) == {}
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
    ada.click(f"mark_{done}", select="finished")
    assert f"carry_{done}" not in str(ada.view), "as what it would carry over is not asked any more"
    ada.click(f"mark_{done}", select="in_progress")
    assert ada.submit(**carry(unfinished, timeline="side")) == {}
    assert stands(unfinished)["Timeline"] == "side"
    ada.close_all()
    ada = wrap_up(unfinished)
    assert ada.submit(**{f"mark_{done}": "finished"}) == {}
    assert "Timeline" not in stands(unfinished)


def test_a_form_of_an_older_version_with_two_lists_of_boxes_is_still_read() -> None:
    """There an item could be ticked in both: one that is dropped does not carry over."""
    boxes = {name: {name: {"selected_options": [{"value": "7"}]}} for name in ("high_again_0", "drop_carried_0")}
    carried = mark_views.read_carried(Fields({"state": {"values": boxes}}), [7, 8])
    assert (carried.asked, carried.high, carried.dropped) == ([7, 8], [7], [7])


def test_after_the_plan_is_final_what_its_owner_drops_stands_in_its_history(unfinished: World) -> None:
    unfinished.finalize("ada", "On we go.")
    ada = wrap_up(unfinished)
    assert ada.submit(**carry(unfinished, changelog="drop")) == {}
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
