"""One's items during a sprint: marks, notes, and changes with a reason."""

from typing import Any

import pytest
from sqlalchemy import update

from models.sprints import Item
from tests.stories import After
from tests.world import World


def running_so_far(world: World) -> None:
    """A sprint of team Replay that runs: Ada leads and has two items, Lee has one."""
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline", side="Changelog")
    world.plan("lee", high="First frame")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")


@pytest.fixture
def running(after: After) -> World:
    """A sprint of team Replay that runs: Ada leads and has two items, Lee has one."""
    return after(running_so_far)


def card(world: World) -> dict[str, Any]:
    """The final plan in the team's channel."""
    return world.card("team-replay", "Playback first")


def test_an_owner_marks_an_item_with_one_choice_and_everybody_sees_it(running: World) -> None:
    ada = running.person("ada")
    ada.click("sprint_mine", message=card(running))
    section = next(block for block in (ada.view or {})["blocks"] if "Timeline" in str(block))
    ada.click(section["accessory"]["action_id"], select=f"{running.item_id('Timeline')}:finished")
    assert "🟢 Timeline" in str(ada.view)
    assert "🟢 Timeline — Ada" in card(running)["text"]
    assert "Replay: 3 items: 🟢 1 · ⚪ 2" in running.card("sprints")["text"]


def test_somebody_elses_item_is_not_marked_by_a_forged_press(running: World) -> None:
    lee = running.person("lee")
    lee.command("/sprint")
    payload = running.press("lee", f"item_mark_{running.item_id('First frame')}", "in_progress")
    payload["actions"][0]["selected_option"]["value"] = f"{running.item_id('Timeline')}:finished"
    running.slack.deliver("interactive", payload)
    assert "This item is Ada's, and only Ada can mark it." in str(lee.view)
    assert "⚪ Timeline" in card(running)["text"]


def test_ten_marks_in_a_second_are_one_edit_of_each_card(running: World) -> None:
    running.post()
    before = len([call for call in running.slack.calls if call.method == "chat.update"])
    for _ in range(5):
        running.mark("ada", "Timeline", "In progress")
        running.mark("ada", "Timeline", "Finished")
    running.post()
    edits = [call for call in running.slack.calls if call.method == "chat.update"][before:]
    assert len(edits) == 2  # the team's card and the company's
    assert "🟢 Timeline" in card(running)["text"]


def test_a_note_is_written_shown_and_deleted(running: World) -> None:
    ada = running.person("ada")
    running.mark("ada", "Timeline", "Write a note")
    assert ada.submit(note="blocked by <b> & co") == {}
    assert "blocked by &lt;b&gt; &amp; co" in str(ada.view)
    assert "_blocked by &lt;b&gt; &amp; co_" in str(card(running)["blocks"])
    running.mark("ada", "Timeline", "Write a note")
    assert ada.submit(note="") == {}
    assert "blocked" not in str(card(running)["blocks"])


def test_a_change_takes_a_reason_and_stands_in_the_plans_thread(running: World) -> None:
    ada = running.person("ada")
    ada.click("plan_change", message=card(running))
    assert "reason" in ada.submit(add="Hotfix & <tests>")
    drop = [str(running.item_id("Changelog"))]
    assert ada.submit(add="Hotfix & <tests>", drop=drop, reason="a customer is down") == {}
    text = card(running)["text"]
    assert "Hotfix &amp; &lt;tests&gt; — Ada" in text
    assert "Changelog" not in text
    assert running.texts("team-replay", card(running)["ts"])[-1] == (
        "Ada changed the plan, because a customer is down\n+ Hotfix &amp; &lt;tests&gt;\n– ~Changelog~"
    )


def test_a_change_that_changes_nothing_is_refused_with_what_to_do(running: World) -> None:
    ada = running.person("ada")
    ada.click("plan_change", message=card(running))
    assert ada.submit(reason="why not") == {"add": "Write what you add, or choose what you drop."}
    assert "twice" in ada.submit(add="timeline", reason="why not")["add"]
    assert "15 items a person" in ada.submit(add="\n".join(map(str, range(20))), reason="more")["add"]


def test_the_same_change_sent_twice_is_made_once(running: World) -> None:
    ada = running.person("ada")
    ada.click("plan_change", message=card(running))
    ada.fill(add="Hotfix", reason="a customer is down")
    payload = running.submission("ada")
    running.at_once(
        lambda: running.slack.deliver("interactive", payload), lambda: running.slack.deliver("interactive", payload)
    )
    assert card(running)["text"].count("Hotfix") == 1
    assert len(running.texts("team-replay", card(running)["ts"])) == 2  # the card, and one reply


def test_somebody_of_another_team_changes_nothing(running: World) -> None:
    tom = running.person("tom")
    tom.click("plan_change", message=card(running))
    assert "Only people of Replay can change its plan." in str(tom.view)


def test_marks_are_frozen_when_the_sprint_is_closed(running: World) -> None:
    lee = running.person("lee")
    lee.command("/sprint")
    section = next(block for block in (lee.view or {})["blocks"] if "First frame" in str(block))
    running.go_to("2026-07-29 16:00:01")
    lee.click(section["accessory"]["action_id"], select=f"{running.first_item_id('First frame')}:finished")
    assert "This sprint is closed, and stays as it was." in str(lee.view)
    assert "Closed: ⚪ 3" in card(running)["text"]


def test_a_change_after_the_sprint_was_closed_is_refused_and_nothing_is_lost(running: World) -> None:
    ada = running.person("ada")
    ada.click("plan_change", message=card(running))
    ada.fill(add="Hotfix", reason="late")
    running.go_to("2026-07-25 08:00:00")
    assert ada.submit()["add"].startswith("This sprint is over")
    assert (ada.view or {})["state"]["values"]["add"]["add"]["value"] == "Hotfix"


def test_two_quick_marks_from_one_screen_both_show(running: World) -> None:
    ada = running.person("ada")
    ada.command("/sprint")
    for title in ("Timeline", "Changelog"):
        payload = running.press("ada", f"item_mark_{running.item_id(title)}", "finished")
        payload["view"]["hash"] = "an.older.one"
        running.slack.deliver("interactive", payload)
    assert "🟢 Timeline" in str(ada.view)
    assert "🟢 Changelog" in str(ada.view)


def test_a_dropped_item_that_comes_back_remembers_how_often_it_was_carried(running: World) -> None:
    with running.db.begin() as session:
        session.execute(update(Item).where(Item.title == "Timeline").values(carried=2))
    ada = running.person("ada")
    ada.click("plan_change", message=card(running))
    assert ada.submit(drop=[str(running.item_id("Timeline"))], reason="no time") == {}
    ada.close_all()
    ada.click("plan_change", message=card(running))
    assert ada.submit(add="timeline", reason="time after all") == {}
    assert "Timeline — Ada _(carried over, second sprint)_" in str(card(running)["blocks"])


def test_what_is_dropped_is_not_taken_into_the_next_sprint_either(running: World) -> None:
    running.go_to("2026-07-21 08:00:00")
    running.plan("ada")
    ada = running.person("ada")
    ada.click("plan_change", message=card(running))
    assert ada.submit(drop=[str(running.first_item_id("Timeline"))], reason="no customer wants it") == {}
    assert "Timeline" not in running.card("team-replay", "27 July")["text"]


def test_marking_here_and_planning_there_at_once_end_in_one_state(running: World) -> None:
    running.go_to("2026-07-21 08:00:00")
    running.plan("ada")
    ada = running.person("ada")
    first = running.first_item_id("Timeline")
    ada.command("/sprint")
    marking = running.press("ada", f"item_mark_{first}", "finished")
    ada.close_all()
    ada.command("/sprint plan")
    ada.fill(high="Something new", **{f"mark_{first}": "finished"})
    planning = running.submission("ada")
    for _ in range(5):
        answers = running.at_once(
            lambda: running.slack.deliver("interactive", marking),
            lambda: running.slack.deliver("interactive", planning),
        )
        assert all("Something went wrong" not in answer.body for answer in answers)
    assert "🟢 Timeline" in card(running)["text"]
    assert "Timeline" not in running.card("team-replay", "27 July")["text"]


def test_an_item_that_is_gone_says_so(running: World) -> None:
    lee = running.person("lee")
    lee.command("/sprint")
    payload = running.press("lee", f"item_mark_{running.item_id('First frame')}", "in_progress")
    payload["actions"][0]["selected_option"]["value"] = "999:finished"
    running.slack.deliver("interactive", payload)
    assert "This item is gone" in str(lee.view)
