"""A final plan is reopened by the person who made it final, until the first mark or change in it."""

from typing import Any

import pytest
from sqlalchemy import select

from models.retros import Action
from models.sprints import Change, Sprint
from tests.jobs.test_rhythm import dms, newest, nothing_new
from tests.retro import begin, lee_writes, sprint_ends
from tests.stories import After
from tests.world import World

REOPEN = "↩️ Reopen the plan"
IMPROVEMENT = "Deploy in five minutes"


def everybody_answers(world: World) -> None:
    """Ada, Lee and Noor have nothing new; Lee has one more idea."""
    nothing_new(world, "ada", "noor", "lee")
    world.post()


def ada_finalizes(world: World) -> None:
    """The lead makes the second sprint's plan final: another order, and an improvement from the retro."""
    high = [str(world.item_id("Changelog"))]
    world.finalize("ada", "Playback first.", high=high, impacted="Ingestion: more load", improvement=IMPROVEMENT)
    world.post()


@pytest.fixture
def answered(after: After) -> World:
    """Everybody has answered the turn, and the lead is asked to finalize."""
    return after(begin, lee_writes, sprint_ends, everybody_answers)


@pytest.fixture
def final(after: After) -> World:
    """The same, where the plan of the second sprint is final."""
    return after(begin, lee_writes, sprint_ends, everybody_answers, ada_finalizes)


def cards(world: World) -> list[dict[str, Any]]:
    """The messages in the team's channel about the second sprint: its plan, and once it was final that one."""
    world.post()
    said = world.slack.messages("team-replay")
    return [message for message in said if str(message["text"]).startswith("Team Replay: sprint 27 July")]


def choices(message: dict[str, Any]) -> list[str]:
    """What stands behind the three dots of a card."""
    elements = [each for block in message["blocks"] for each in block.get("elements", [])]
    return [option["text"]["text"] for each in elements for option in each.get("options", ())]


def reopen(world: World, name: str) -> None:
    """Choose it behind the three dots of the final plan."""
    (final,) = [each for each in cards(world) if "comment_give" in str(each)]
    menu = next(e for block in final["blocks"] for e in block.get("elements", []) if e.get("options"))
    offered = [option for option in menu["options"] if option["text"]["text"] == REOPEN]
    chosen = offered[0] if offered else {"value": f"plan_reopen|{sprint(world).id}"}
    action = {"type": "overflow", "action_id": menu["action_id"], "selected_option": chosen}
    world.forge_press(name, final, action)
    world.post()


def sprint(world: World) -> Sprint:
    """The second sprint."""
    with world.db.read() as session:
        return session.scalars(select(Sprint).order_by(Sprint.starts_on.desc())).first() or Sprint()


def improvements(world: World) -> list[str]:
    """What was picked as an improvement."""
    with world.db.read() as session:
        return list(session.scalars(select(Action.text).where(Action.is_improvement)))


def test_the_card_goes_back_to_what_it_was_and_the_thread_says_who_reopened_it(answered: World, after: After) -> None:
    (before,) = cards(answered)
    ada_finalizes(answered)
    planned, final = cards(answered)
    assert "was planned here" in planned["text"]
    assert REOPEN in choices(final)
    assert improvements(answered) == [IMPROVEMENT]
    reopen(answered, "ada")
    planned, final = cards(answered)
    assert planned["text"] == before["text"]
    assert [block.get("text") for block in planned["blocks"]] == [block.get("text") for block in before["blocks"]]
    assert final["text"] == "Team Replay: sprint 27 July–7 August 2026 is open again. The plan is above."
    assert answered.texts("team-replay", planned["ts"])[-1] == (
        "Ada reopened the plan. It's as it was before it was final."
    )
    open_again = sprint(answered)
    assert (open_again.direction, open_again.impacted, open_again.revision) == ("", "", 0)
    assert open_again.finalized_by_id is None
    assert improvements(answered) == []
    with answered.db.read() as session:
        assert not session.scalars(select(Change).where(Change.sprint_id == open_again.id)).all()


def test_the_leads_message_asks_again_and_what_follows_is_as_it_always_is(final: World) -> None:
    assert "is final. Thank you!" in newest(final, "ada")["text"] or "is in" in newest(final, "ada")["text"]
    reopen(final, "ada")
    asking = [message for message in final.person("ada").dms if "Finalize" in str(message["blocks"])]
    assert asking, "the lead is asked again"
    assert len(dms(final, "ada", "for you to finalize")) <= 1
    assert not any("is final" in text for name in ("ada", "lee", "noor") for text in dms(final, name))
    final.finalize("ada", "Speed.")
    _planned, card = cards(final)
    assert "Speed." in card["text"]
    assert "once more" not in str(final.texts("team-replay", card["ts"]))
    assert REOPEN in choices(card)


def test_after_the_first_mark_it_stays_final(final: World) -> None:
    final.mark("lee", "First frame", "In progress")
    final.go_to("2026-07-27 08:00:00")
    final.mark("lee", "First frame", "In progress")
    _planned, card = cards(final)
    assert REOPEN not in choices(card)
    reopen(final, "ada")
    assert "Somebody has marked or changed this plan since, so it stays final." in str(final.person("ada").view)
    assert sprint(final).finalized_at is not None


def test_only_who_made_it_final_reopens_it_and_only_as_long_as_they_are_in_the_team(final: World) -> None:
    reopen(final, "lee")
    assert "Ada did this, so only they can undo it." in str(final.person("lee").view)
    reopen(final, "tom")
    assert "Only people of Replay can reopen its plan." in str(final.person("tom").view)
    assert sprint(final).finalized_at is not None


def test_a_plan_that_was_finalized_once_more_is_not_reopened(final: World) -> None:
    final.finalize("ada", "Speed.")
    _planned, card = cards(final)
    assert REOPEN not in choices(card)
    reopen(final, "ada")
    assert sprint(final).finalized_at is not None


def test_pressed_twice_at_once_it_is_reopened_once_and_a_late_press_is_told(final: World) -> None:
    final.at_once(lambda: reopen_only(final), lambda: reopen_only(final))
    final.post()
    planned, _line = cards(final)
    said = [text for text in final.texts("team-replay", planned["ts"]) if "reopened the plan" in text]
    assert len(said) == 1
    assert sprint(final).finalized_at is None


def reopen_only(world: World) -> None:
    """Ada chooses it, and nothing else happens."""
    _planned, final = [
        message
        for message in world.slack.messages("team-replay")
        if str(message["text"]).startswith("Team Replay: sprint 27 July")
    ]
    chosen = {"value": f"plan_reopen|{sprint(world).id}"}
    world.forge_press("ada", final, {"type": "overflow", "action_id": "comment_give", "selected_option": chosen})


def test_an_early_final_plan_that_is_reopened_asks_the_lead_whom_nobody_had_asked(after: After) -> None:
    world = after(begin, lee_writes, sprint_ends)
    world.finalize("ada", "Playback first.")
    reopen(world, "ada")
    assert len(dms(world, "ada", "for you to finalize")) == 1
    assert sprint(world).gathers_at is not None, "at the turn's end it says that it runs as people wrote it"
