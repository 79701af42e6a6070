"""`/sprint`: what runs, what is planned, anybody's plan, and closing."""

import pytest

from bot.platform import clock
from tests.stories import After
from tests.world import World


def running_so_far(world: World) -> None:
    """A sprint of team Replay that runs: Ada leads, Lee is with her."""
    world.set_up()
    world.team("ada", "lee")
    world.plan("ada", high="Timeline", side="Changelog")
    world.finalize("ada")
    world.go_to("2026-07-14 08:00:00")


@pytest.fixture
def running(after: After) -> World:
    """A sprint of team Replay that runs: Ada leads, Lee is with her."""
    return after(running_so_far)


def test_the_overview_shows_what_runs_and_what_can_be_done_next(running: World) -> None:
    ada = running.person("ada")
    ada.command("/sprint")
    seen = str(ada.view)
    assert "*13–24 July 2026* · ⚪ 2" in seen
    assert "Playback first." in seen
    assert "⚪ Timeline" in seen
    assert "Close the sprint" in seen
    assert "The next sprint is planned towards the end of this one." in seen
    running.go_to("2026-07-23 08:00:00")
    ada.close_all()
    ada.command("/sprint")
    assert "To plan: 27 July–7 August 2026" in str(ada.view)
    assert "Nobody has written a plan yet." in str(ada.view)
    ada.click("plan_write")
    assert (ada.view or {})["callback_id"] == "my_plan"


def test_a_final_plan_shows_my_items_before_its_sprint_has_begun(world: World) -> None:
    world.team("ada", "lee")
    world.plan("ada", high="Timeline")
    world.plan("lee", high="Player")
    world.finalize("ada")
    world.mark("ada", "Timeline", "In progress")
    ada = world.person("ada")
    assert "Final: 13–24 July 2026" in str(ada.view)
    assert "🟡 Timeline" in str(ada.view)
    assert "Player" not in str(ada.view)


def test_anybody_reads_any_plan_and_turns_to_the_sprints_around_it(running: World) -> None:
    running.go_to("2026-07-23 08:00:00")
    running.plan("lee", high="Something next")
    tom = running.person("tom")
    tom.command("/sprint show Replay")
    assert "Timeline — Ada" in str(tom.view)
    tom.click(next(a for a in actions(tom.view) if a.startswith("sprint_turn")))
    assert "Something next — Lee" in str(tom.view)
    tom.click(next(a for a in actions(tom.view) if a.startswith("sprint_turn")))
    assert "Timeline — Ada" in str(tom.view)
    tom.click("sprint_export")
    assert "# Team Replay — sprint 13–24 July 2026" in str(tom.view)


def actions(view: dict[str, list[dict[str, list[dict[str, str]]]]] | None) -> list[str]:
    """The action ids of a view's buttons."""
    blocks = (view or {})["blocks"]
    return [element["action_id"] for block in blocks for element in block.get("elements", []) if "action_id" in element]


def test_a_team_without_a_plan_says_so(world: World) -> None:
    world.team("ada", "lee")
    tom = world.person("tom")
    for verb in ("show", "export"):
        tom.command(f"/sprint {verb} Replay")
        assert "*Replay* has written no plan yet." in str(tom.view)
        tom.close_all()


def test_the_lead_closes_a_sprint_early_and_what_is_unfinished_carries_over(running: World) -> None:
    ada = running.person("ada")
    running.mark("ada", "Timeline", "Finished")
    ada.click("sprint_close")
    assert "No sprint is running." in str(ada.view), "the window it was pressed in shows it"
    ada.close_all()
    assert "Closed: 🟢 1 · ⚪ 1" in running.card("team-replay", "Playback first")["text"]
    running.plan("ada")
    text = running.card("team-replay", "27 July–7 August 2026")["text"]
    assert "Changelog — Ada" in text
    assert "Timeline" not in text


def test_only_the_lead_closes_and_only_once_and_only_what_has_begun(running: World) -> None:
    lee = running.person("lee")
    lee.command("/sprint close")
    assert "Only the lead of Replay, Ada, can close the sprint." in lee.ephemerals[-1]["text"]
    ada = running.person("ada")
    ada.command("/sprint close")
    assert "Its marks stay as they are." in str(ada.view)
    assert ada.submit() == {}
    card = running.card("team-replay", "Playback first")
    assert running.texts("team-replay", card["ts"])[-1] == "Ada closed the sprint: ⚪ 2"
    ada.close_all()
    ada.command("/sprint close")
    assert "so there is nothing to close" in ada.ephemerals[-1]["text"]


def test_a_plan_that_was_closed_early_does_not_say_who_went_away_later_that_day(running: World) -> None:
    ada, lee = running.person("ada"), running.person("lee")
    ada.command("/sprint close")
    assert ada.submit() == {}
    ada.close_all()
    today = str(clock.now().date())
    lee.command("/sprint away")
    assert lee.submit(first=today, last=today) == {}
    lee.close_all()
    noor = running.person("noor")
    noor.command("/sprint show")
    assert "Off: Lee" not in str(noor.view)
    assert "Off: Lee" not in str(running.card("team-replay", "Playback first")["blocks"])


def test_closing_twice_at_once_closes_once_and_says_so_once(running: World) -> None:
    ada = running.person("ada")
    ada.command("/sprint")
    payload = running.press("ada", "sprint_close", None)
    other = running.press("ada", "sprint_close", None)
    before = len(running.slack.calls)
    running.at_once(
        lambda: running.slack.deliver("interactive", payload), lambda: running.slack.deliver("interactive", other)
    )
    shown = [str(call.args.get("view")) for call in running.slack.calls[before:] if call.method.startswith("views.")]
    assert sum("No sprint is running." in view for view in shown) == 1
    assert sum("This sprint is closed already." in view for view in shown) == 1


def test_a_sprint_closes_by_itself_on_the_third_working_day_of_the_next_one_as_work_ends(running: World) -> None:
    running.go_to("2026-07-29 15:59:00")
    assert "Closed" not in running.card("team-replay", "Playback first")["text"]
    running.go_to("2026-07-29 16:00:01")  # Wednesday, 18:00 in Berlin
    assert "Closed" in running.card("team-replay", "Playback first")["text"]
