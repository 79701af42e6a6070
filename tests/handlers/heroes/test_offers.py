"""What Prickle asks by itself for people who are away in their week, and the single days that others took, as things change."""

import pytest

from tests.handlers.heroes.test_rota import ada_founds_replay, lee_starts_it, stored, the_rota_is_on
from tests.handlers.heroes.test_swaps import FIRST, SECOND, ask, asked, messages
from tests.rota import opened, rows, switch, turn
from tests.stories import After
from tests.world import World

OFFER = "🦸 *Ada* is away: who takes over as support hero on Thu 16 July and Fri 17 July?"


@pytest.fixture
def runs(after: After) -> World:
    """Replay's rota runs: Ada has the week of 13 July, then Lee, then Noor."""
    return after(ada_founds_replay, the_rota_is_on, lee_starts_it)


def away(world: World, name: str, first: str, last: str) -> None:
    """Somebody says when they are away, and the clock looks at the rota."""
    world.person(name).close_all()
    world.person(name).command("/sprint away")
    assert world.person(name).submit(first=first, last=last) == {}
    turn(world)


def back(world: World, name: str) -> None:
    """They are not away after all, and the clock looks at the rota."""
    world.person(name).command("/sprint back")
    turn(world)


def take(world: World, name: str) -> None:
    """Somebody takes what was asked last."""
    world.person(name).click("hero_swap_take", message=asked(world))


def goes(world: World, name: str) -> None:
    """Somebody leaves the company."""
    world.slack.change_user(name, deleted=True)
    world.slack.settle()
    turn(world)


def row(world: World, number: int = 0) -> str:
    """A week of the rota as Noor reads it."""
    found = rows(opened(world, "noor"))[number]
    world.person("noor").close_all()
    return found


# --- who is away --------------------------------------------------------------------------------------------------


def test_who_is_away_again_after_they_were_back_is_asked_for_again(runs: World) -> None:
    away(runs, "ada", "2026-07-16", "2026-07-17")
    back(runs, "ada")
    assert not asked(runs)["text"].startswith(OFFER)
    away(runs, "ada", "2026-07-16", "2026-07-17")
    assert asked(runs)["text"].startswith(OFFER)


def test_when_rotas_are_switched_off_and_on_again_who_is_away_is_asked_for_again(runs: World) -> None:
    away(runs, "ada", "2026-07-16", "2026-07-17")
    switch(runs)
    turn(runs)
    assert not asked(runs)["text"].startswith(OFFER)
    switch(runs, "rota")
    turn(runs)
    assert asked(runs)["text"].startswith(OFFER)


def test_who_is_away_for_fewer_days_is_asked_for_on_fewer_days_in_the_same_message(runs: World) -> None:
    away(runs, "ada", "2026-07-16", "2026-07-17")
    before = messages(runs)
    runs.person("ada").command("/sprint back")
    away(runs, "ada", "2026-07-16", "2026-07-16")
    assert asked(runs)["text"].startswith("🦸 *Ada* is away: who takes over as support hero on Thu 16 July?")
    assert messages(runs) == before


def test_the_message_for_a_whole_week_stays_as_it_is_while_its_days_pass(runs: World) -> None:
    runs.go_to("2026-07-13 07:00:00")
    away(runs, "ada", "2026-07-13", "2026-07-17")
    runs.go_to("2026-07-15 07:00:00")
    away(runs, "noor", "2026-08-20", "2026-08-21")
    assert "who takes over as support hero 13–17 July?" in asked(runs)["text"]


def test_a_whole_week_away_that_became_shorter_leaves_the_other_days_with_who_has_the_week(runs: World) -> None:
    runs.go_to("2026-07-13 07:00:00")
    away(runs, "ada", "2026-07-13", "2026-07-17")
    runs.person("ada").command("/sprint back")
    away(runs, "ada", "2026-07-13", "2026-07-14")
    take(runs, "lee")
    turn(runs)
    assert row(runs) == "*This week*, 13–17 July: *Ada* · Lee on Mon 13 July · Lee on Tue 14 July"


def test_days_that_they_keep_are_not_asked_for_again_and_others_are(runs: World) -> None:
    away(runs, "ada", "2026-07-16", "2026-07-17")
    runs.person("ada").click("hero_swap_end", message=asked(runs))
    back(runs, "ada")
    before = messages(runs)
    away(runs, "ada", "2026-07-16", "2026-07-17")
    assert messages(runs) == before
    back(runs, "ada")
    away(runs, "ada", "2026-07-15", "2026-07-17")
    assert asked(runs)["text"].startswith("🦸 *Ada* is away: who takes over as support hero on Wed 15 July?")


def test_when_who_took_the_days_leaves_they_are_asked_for_again(runs: World) -> None:
    away(runs, "ada", "2026-07-16", "2026-07-17")
    take(runs, "lee")
    goes(runs, "lee")
    assert asked(runs)["text"].startswith(OFFER)
    take(runs, "noor")
    assert "Noor on Thu 16 July" in row(runs)


# --- single days that somebody took -------------------------------------------------------------------------------


def test_a_day_whose_taker_left_is_the_heros_again_who_asks_for_it_again(runs: World) -> None:
    ask(runs, "ada", FIRST, days=["2026-07-15"])
    take(runs, "lee")
    goes(runs, "lee")
    assert asked(runs)["text"].startswith("🦸 Ada asked who takes over as support hero on Wed 15 July")
    assert ask(runs, "ada", FIRST, days=["2026-07-15"]) == {}
    take(runs, "noor")
    assert "Noor on Wed 15 July" in row(runs)


def test_a_day_whose_taker_joined_another_team_is_the_heros_again(runs: World) -> None:
    ask(runs, "ada", FIRST, days=["2026-07-15"])
    take(runs, "lee")
    runs.person("lee").command("/small-team join Ingestion")
    runs.person("lee").submit()
    turn(runs)
    assert "Lee" not in row(runs)
    assert asked(runs)["text"].startswith("🦸 Ada asked who takes over as support hero on Wed 15 July")


def test_in_a_new_rhythm_who_took_a_day_has_that_day(runs: World) -> None:
    ask(runs, "lee", SECOND, days=["2026-07-23"])
    take(runs, "noor")
    ada = runs.person("ada")
    ada.command("/sprint rhythm")
    ada.fill(start_weekday="2")
    assert ada.submit() == {}
    ada.close_all()
    turn(runs)
    weeks = "\n".join(rows(opened(runs, "ada")))
    assert weeks.count("Noor on Thu 23 July") == 1
    assert "*Noor* takes over from Lee" in asked(runs)["text"]


def test_a_day_that_somebody_took_stays_theirs_when_the_hero_of_its_week_leaves(runs: World) -> None:
    ask(runs, "lee", SECOND, days=["2026-07-22"])
    take(runs, "ada")
    goes(runs, "lee")
    assert row(runs, 1) == "20–24 July: *Noor* · Ada on Wed 22 July"


def test_who_gets_the_week_is_not_named_beside_it_for_a_day_that_they_took(runs: World) -> None:
    ask(runs, "lee", SECOND, days=["2026-07-22"])
    take(runs, "noor")
    goes(runs, "ada")
    assert stored(runs)[:2] == ["Lee", "Noor"]
    assert row(runs, 1) == "20–24 July: *Noor*"


def test_when_the_rota_is_stopped_days_of_freed_weeks_are_nobodys(runs: World) -> None:
    ask(runs, "ada", FIRST, days=["2026-07-15"])
    take(runs, "lee")
    opened(runs, "noor")
    runs.person("noor").click("rota_stop")
    assert stored(runs) == []
    assert "takes over from" not in asked(runs)["text"]


def test_when_the_rota_is_stopped_days_of_the_week_that_runs_stay_with_who_took_them_until_it_is_given_back(
    runs: World,
) -> None:
    runs.go_to("2026-07-13 07:00:00")
    ask(runs, "ada", FIRST, days=["2026-07-15"])
    take(runs, "lee")
    opened(runs, "noor")
    runs.person("noor").click("rota_stop")
    assert "*Lee* takes over from Ada" in asked(runs)["text"]
    runs.person("lee").close_all()
    runs.person("ada").open_home()
    runs.person("ada").click(f"hero_give_back_{runs.team_id('Replay')}_20260713", home=True)
    assert "takes over from" not in asked(runs)["text"]
