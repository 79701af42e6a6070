"""The hero reads of their week in the turn's message, and hands it over on its last day."""

from typing import Any

import pytest

from tests.handlers.heroes.test_rota import ada_founds_replay, lee_starts_it, the_rota_is_on
from tests.rota import opened, start, turn
from tests.stories import After
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH
FRIDAY = "2026-07-17 08:00:00"  # the last day of Ada's week; Lee's comes next


@pytest.fixture
def runs(after: After) -> World:
    """Replay's rota runs: Ada has the week of 13 July, then Lee, then Noor."""
    return after(ada_founds_replay, the_rota_is_on, lee_starts_it)


def button(world: World) -> str:
    """The id that the button of Ada's week carries."""
    return f"{world.team_id('Replay')}:2026-07-13"


def hand_over(world: World, name: str, line: str) -> dict[str, str]:
    """Hand over from Home."""
    person = world.person(name)
    person.open_home()
    person.click("hero_hand_over", home=True)
    return person.submit(line=line)


def filled_in(world: World) -> dict[str, Any]:
    """What Slack would send if Ada, on the last day of her week, handed it over now."""
    world.go_to(FRIDAY)
    ada = world.person("ada")
    ada.open_home()
    ada.click("hero_hand_over", home=True)
    ada.fill(line="Quiet week")
    return world.submission("ada")


def said(world: World) -> list[str]:
    """The hand-overs in the team's channel."""
    return [text for text in world.texts("team-replay") if "hands over" in text]


def turn_of(world: World, name: str) -> dict[str, Any]:
    """The newest message that Prickle wrote to somebody."""
    world.post()
    return world.person(name).dms[-1]


def test_the_turn_says_whose_weeks_come_and_nothing_else_tells_the_hero(runs: World) -> None:
    before = len(runs.person("lee").dms)
    runs.go_to("2026-07-10 08:30:00")  # the turn to the sprint of 13–24 July
    assert "🦸 You are support hero 20–24 July." in turn_of(runs, "lee")["text"]
    assert "🦸 You are support hero 13–17 July." in turn_of(runs, "ada")["text"]
    assert "support hero" not in turn_of(runs, "noor")["text"]
    assert len(runs.person("lee").dms) <= before + 1
    dms = len(runs.person("lee").dms)
    runs.go_to("2026-07-20 08:00:00")
    assert not [each for each in runs.person("lee").dms[dms:] if "hero" in each["text"]]


def test_when_a_week_changes_hands_after_the_turn_its_message_says_so(runs: World) -> None:
    runs.go_to("2026-07-10 08:30:00")
    runs.person("lee").command("/sprint away")
    assert runs.person("lee").submit(first="2026-07-20", last="2026-07-26") == {}
    turn(runs)
    assert "🦸 You are support hero 20–24 July." in turn_of(runs, "noor")["text"]


def test_on_the_last_day_the_hero_hands_over_in_one_line_that_the_channel_reads_once(runs: World) -> None:
    runs.go_to("2026-07-16 08:00:00")
    assert "Hand over" not in str(runs.person("ada").open_home())
    runs.go_to(FRIDAY)
    assert "Hand over to Lee" in str(runs.person("ada").open_home())
    assert hand_over(runs, "ada", "The importer is slow, see <#C1>") == {}
    assert len(said(runs)) == 1
    assert said(runs)[0].startswith(
        f"🦸 <@{runs.id('ada')}> hands over to <@{runs.id('lee')}> as support hero: The importer"
    )
    assert "Hand over" not in str(runs.person("ada").open_home())


def test_the_same_form_twice_is_one_message(runs: World) -> None:
    payload = filled_in(runs)
    for _ in range(2):
        assert "errors" not in str(runs.slack.deliver("interactive", payload).body)
    assert len(said(runs)) == 1


def test_two_windows_at_once_are_one_message(runs: World) -> None:
    payload = filled_in(runs)
    runs.at_once(*[lambda: runs.slack.deliver("interactive", payload)] * 2)
    assert len(said(runs)) == 1


def test_in_the_window_of_the_rota_it_stands_beside_stop_and_is_gone_afterwards(runs: World) -> None:
    runs.go_to(FRIDAY)
    assert "Hand over to Lee" in str(opened(runs, "ada"))
    runs.person("ada").click("hero_hand_over")
    assert runs.person("ada").submit(line="Quiet week") == {}
    assert "Hand over" not in str(runs.person("ada").view)
    assert len(said(runs)) == 1


def test_in_the_turns_message_it_stands_where_the_week_ends_with_the_sprint(runs: World) -> None:
    runs.go_to("2026-07-23 08:00:00")
    runs.go_to("2026-07-24 08:30:00")
    message = turn_of(runs, "lee")
    assert "🦸 Your week as support hero ends." in message["text"]
    runs.person("lee").click("hero_hand_over", message=message)
    assert runs.person("lee").submit(line="Two open questions") == {}
    assert "Your week as support hero ends" not in turn_of(runs, "lee")["text"]
    assert said(runs)[0].startswith(f"🦸 <@{runs.id('lee')}> hands over to <@{runs.id('noor')}>")


def test_without_words_nothing_is_handed_over(runs: World) -> None:
    runs.go_to(FRIDAY)
    assert hand_over(runs, "ada", "   ")["line"]
    assert said(runs) == []


def test_nobody_hands_over_for_somebody_else(runs: World) -> None:
    payload = filled_in(runs)
    payload["user"]["id"] = runs.id("lee")
    assert "That week is not yours" in str(runs.slack.deliver("interactive", payload).body)
    assert said(runs) == []


def test_who_has_left_hands_nothing_over(runs: World) -> None:
    payload = filled_in(runs)
    runs.slack.change_user("ada", deleted=True)
    runs.slack.settle()
    runs.slack.deliver("interactive", payload)
    assert said(runs) == []


def test_in_a_team_without_a_rota_nothing_is_handed_over(after: After) -> None:
    world = after(ada_founds_replay, the_rota_is_on)
    world.plan("ada", high="Timeline", heroes=["2026-07-13"])
    world.go_to(FRIDAY)
    assert "Hand over" not in str(world.person("ada").open_home())


def test_where_nobody_comes_next_it_is_handed_over_all_the_same(runs: World) -> None:
    for name in ("ada", "lee", "noor"):
        runs.person(name).command("/sprint away")
        assert runs.person(name).submit(first="2026-07-20", last="2026-07-26") == {}
    turn(runs)
    runs.go_to(FRIDAY)
    assert hand_over(runs, "ada", "Nothing open") == {}
    assert said(runs)[0].endswith("hands over as support hero: Nothing open")


def test_in_a_team_of_two_mia_hands_over_to_tom(after: After) -> None:
    world = after(ada_founds_replay, the_rota_is_on)
    start(world, "tom")
    world.go_to(FRIDAY)
    assert "Hand over to Tom" in str(world.person("mia").open_home())


def test_the_line_is_one_line_whatever_was_typed(runs: World) -> None:
    runs.go_to(FRIDAY)
    assert hand_over(runs, "ada", "The player" + "\n" * 300 + "is down") == {}
    runs.post()
    assert said(runs)[-1].endswith("The player is down")


def test_who_took_the_last_day_hands_the_week_over(runs: World) -> None:
    opened(runs, "ada")
    team = runs.team_id("Replay")
    runs.person("ada").click(f"hero_week_{team}_20260713", select=f"hero_ask:{team}:2026-07-13:{runs.id('ada')}")
    assert runs.person("ada").submit(days=["2026-07-16", "2026-07-17"], why="A talk") == {}
    runs.post()
    noor = runs.person("noor")
    opened(runs, "noor")
    noor.click("hero_swap_take_1")
    noor.close_all()
    runs.go_to(FRIDAY)
    assert "hero_hand_over" not in str(runs.person("ada").open_home())
    assert hand_over(runs, "noor", "All quiet") == {}
    runs.post()
    assert "All quiet" in said(runs)[-1]
