"""The weekly question: whom could you tell something? Leads are asked, others if they want to be."""

from collections.abc import Callable

import pytest

from bot.platform import clock
from jobs import feedback
from tests.feedback import begin, dms, give
from tests.stories import Story
from tests.world import World

ASKS = "Whom could you tell something this week?"
WEDNESDAYS = ("2026-07-15 12:00:00", "2026-07-22 12:00:00", "2026-07-29 12:00:00")  # two o'clock in Berlin


def met(world: World) -> None:
    """Two teams, whose leads the clock has seen."""
    begin(world)
    world.go_to("2026-07-09 08:01:00")


@pytest.fixture
def replay(after: Callable[[Story], World]) -> World:
    """Two teams, whose leads the clock has seen."""
    return after(met)


def asked(world: World, name: str) -> int:
    """How often somebody was asked."""
    return len(dms(world, name, ASKS))


def test_leads_are_asked_on_wednesdays_and_nobody_else_is(replay: World) -> None:
    replay.go_to("2026-07-15 11:59:00")
    assert asked(replay, "ada") == 0
    replay.go_to(WEDNESDAYS[0])
    assert {name: asked(replay, name) for name in ("ada", "sam", "lee", "mia")} == {
        "ada": 1,
        "sam": 1,
        "lee": 0,
        "mia": 0,
    }
    assert dms(replay, "ada", ASKS) == [f"{ASKS}\nLee · not yet\nNoor · not yet"]
    replay.go_to("2026-07-15 18:00:00")
    assert asked(replay, "ada") == 1
    replay.go_to(WEDNESDAYS[1])
    assert asked(replay, "ada") == 2


def test_a_name_leads_to_the_form_and_is_not_named_again_for_a_while(replay: World) -> None:
    replay.go_to(WEDNESDAYS[0])
    ada = replay.person("ada")
    ada.click(f"feedback_give_{replay.id('lee')}")
    assert ada.submit(saw="You stayed calm") == {}
    ada.close_all()
    assert dms(replay, "lee", "You stayed calm")
    replay.go_to(WEDNESDAYS[1])
    assert dms(replay, "ada", ASKS)[-1] == f"{ASKS}\nNoor · not yet"
    give(replay, "ada", "noor", "Hello")
    replay.go_to(WEDNESDAYS[2])
    assert "Lee · you wrote" in dms(replay, "ada", ASKS)[-1]
    assert "Noor" not in dms(replay, "ada", ASKS)[-1]


def test_who_has_told_everybody_lately_is_not_asked(replay: World) -> None:
    for name in ("lee", "noor"):
        give(replay, "ada", name, "Hello")
    replay.go_to(WEDNESDAYS[0])
    assert asked(replay, "ada") == 0


def test_not_now_is_a_month_of_quiet(replay: World) -> None:
    replay.go_to(WEDNESDAYS[0])
    replay.person("ada").press("Not now")
    assert "All right: not before 19 August." in dms(replay, "ada")[-1]
    for moment in ("2026-07-22 12:00:00", "2026-08-05 12:00:00", "2026-08-12 12:00:00"):
        replay.go_to(moment)
        assert asked(replay, "ada") == 0, "and the question of that day says so, too"
    replay.go_to("2026-08-19 12:00:00")
    assert asked(replay, "ada") == 1


def test_anybody_of_a_team_can_be_asked_and_a_lead_can_say_no(replay: World) -> None:
    lee, ada = replay.person("lee"), replay.person("ada")
    lee.command("/give-feedback rhythm")
    assert "You are not asked each week" in lee.ephemerals[-1]["text"]
    lee.command("/give-feedback rhythm on")
    ada.command("/give-feedback rhythm")
    assert "Once a week you are asked" in ada.ephemerals[-1]["text"]
    ada.command("/give-feedback rhythm off")
    replay.go_to(WEDNESDAYS[0])
    assert (asked(replay, "lee"), asked(replay, "ada")) == (1, 0)
    lee.click("feedback_rhythm_menu", select="2026-07-15")
    assert "You are not asked this any more." in dms(replay, "lee")[-1]
    replay.go_to(WEDNESDAYS[1])
    assert asked(replay, "lee") == 0


def test_who_leads_no_more_is_asked_no_more_unless_they_wanted_it(replay: World) -> None:
    ada = replay.person("ada")
    ada.command("/small-team lead")
    assert ada.submit(lead=replay.id("lee")) == {}
    ada.close_all()
    replay.go_to("2026-07-09 08:02:00")
    replay.go_to(WEDNESDAYS[0])
    assert (asked(replay, "ada"), asked(replay, "lee")) == (0, 1)


def test_who_is_away_in_no_team_or_in_a_paused_one_is_not_asked(replay: World) -> None:
    yuki = replay.person("yuki")
    yuki.command("/give-feedback rhythm on")
    assert "You are in no small team yet." in yuki.ephemerals[-1]["text"]
    replay.person("ada").command("/sprint away until 20 jul")
    sam = replay.person("sam")
    sam.command("/small-team pause")
    assert sam.submit(because="Summer") == {}
    replay.go_to(WEDNESDAYS[0])
    assert (asked(replay, "ada"), asked(replay, "sam"), asked(replay, "yuki")) == (0, 0, 0)


def test_without_a_key_nobody_is_asked(replay: World) -> None:
    replay.run_with(feedback_keys=None)
    replay.go_to(WEDNESDAYS[0])
    assert asked(replay, "ada") == 0


def test_several_replicas_ask_once(replay: World) -> None:
    replay.hands.move_to(WEDNESDAYS[0])
    replay.at_once(*[lambda: feedback.ask_weekly(replay.db, clock.now)] * 3)
    assert asked(replay, "ada") == 1
