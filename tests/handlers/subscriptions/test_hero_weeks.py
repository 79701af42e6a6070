"""Weeks as support hero in calendars: single days that somebody took, weeks that nobody planned, and teams that pause."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from sqlalchemy import update

from models.heroes import HeroWeek
from models.teams import Lost
from tests.calendars import Said, subscribe
from tests.handlers.heroes.test_rota import ada_founds_replay, lee_starts_it, the_rota_is_on
from tests.handlers.heroes.test_swaps import FIRST, ask, asked
from tests.handlers.subscriptions.test_feeds import begin, change, mine, read, teams
from tests.rota import heroes, turn
from tests.stories import After
from tests.world import World

MINE = "Replay: you're support hero"


@pytest.fixture
def runs(after: After) -> World:
    """Replay's rota runs: Ada has the week of 13 July, then Lee, then Noor."""
    return after(ada_founds_replay, the_rota_is_on, lee_starts_it)


@pytest.fixture
def replay(after: After) -> World:
    return after(begin)


def weeks(said: Said) -> list[tuple[str, str, str]]:
    """What a calendar says of heroes, the earliest first."""
    return [line for line in said.lines if "support hero" in line[2]]


def lee_takes(world: World, *days: str) -> None:
    """Of Ada's week."""
    assert ask(world, "ada", FIRST, days=list(days)) == {}
    world.person("lee").click("hero_swap_take", message=asked(world))
    turn(world)


# --- single days ------------------------------------------------------------------------------------------------


def test_a_day_that_somebody_took_is_theirs_in_every_calendar(runs: World) -> None:
    lee_takes(runs, "2026-07-15")
    assert weeks(teams(runs))[:3] == [
        ("07-13", "07-14", "Replay: Ada is support hero"),
        ("07-15", "07-15", "Replay: Lee is support hero"),
        ("07-16", "07-17", "Replay: Ada is support hero"),
    ]
    assert weeks(mine(runs, "ada"))[:2] == [("07-13", "07-14", MINE), ("07-16", "07-17", MINE)]
    assert weeks(mine(runs, "lee"))[:2] == [("07-15", "07-15", MINE), ("07-20", "07-24", MINE)]
    assert weeks(mine(runs, "noor"))[0][0] == "07-27"


def test_days_that_one_took_in_a_row_are_one_event_and_holidays_are_left_out(runs: World) -> None:
    lee_takes(runs, "2026-07-13", "2026-07-15", "2026-07-16")
    change(runs, country="FR")  # 14 July is a Tuesday
    assert [line[:2] for line in weeks(mine(runs, "lee"))[:2]] == [("07-13", "07-13"), ("07-15", "07-16")]
    assert [line[:2] for line in weeks(mine(runs, "ada"))[:1]] == [("07-17", "07-17")]


def test_taking_a_day_keeps_the_weeks_event_and_adds_the_takers(runs: World) -> None:
    path = subscribe(runs, "sam", "Replay")
    before = by_day(read(runs, path))
    lee_takes(runs, "2026-07-15")
    after = by_day(read(runs, path))
    assert (after[13].uid, after[13].sequence) == (before[13].uid, before[13].sequence + 1)
    assert after[20] == before[20]
    assert len({each.uid for each in after.values()}) == len(after)


def test_the_first_day_that_somebody_took_is_another_event_than_the_week_was(runs: World) -> None:
    path = subscribe(runs, "sam", "Replay")
    before = by_day(read(runs, path))
    lee_takes(runs, "2026-07-13")
    after = by_day(read(runs, path))
    assert after[13].summary == "Replay: Lee is support hero"
    assert before[13].uid not in {each.uid for each in after.values()}


def by_day(said: Said) -> dict[int, Any]:
    found = (each for each in said.events if "support hero" in each.summary)
    return {each.starts.day: each for each in found if each.starts.month == 7}


def test_the_day_that_somebody_took_is_theirs_where_the_hero_is_away_for_the_week(runs: World) -> None:
    lee_takes(runs, "2026-07-15")
    runs.hands.move_to("2026-07-13 07:00:00")
    runs.person("ada").command("/sprint away until 17 July")
    assert weeks(teams(runs))[0] == ("07-15", "07-15", "Replay: Lee is support hero")
    assert MINE not in [line[2] for line in mine(runs, "ada").lines if line[0] < "07-20"]


def test_of_days_that_somebody_took_who_left_the_team_nothing_is_left(runs: World) -> None:
    lee_takes(runs, "2026-07-15")
    runs.slack.change_user("lee", deleted=True)
    runs.slack.settle()
    assert weeks(teams(runs))[0] == ("07-13", "07-17", "Replay: Ada is support hero")


# --- what nobody planned ----------------------------------------------------------------------------------------


def test_late_in_a_sprint_that_nobody_planned_it_and_its_heroes_are_there_still(runs: World) -> None:
    runs.hands.move_to("2026-07-23 08:00:00")  # a sprint of two weeks, Thursday of its second
    assert heroes(runs)[0] == "Lee"
    lines = teams(runs).lines
    assert ("07-13", "07-24", "Replay: sprint") in lines
    assert ("07-20", "07-24", "Replay: Lee is support hero") in lines
    assert ("07-20", "07-24", MINE) in mine(runs, "lee").lines


def test_a_sprint_that_nobody_planned_is_there_though_the_next_one_is_planned(runs: World) -> None:
    runs.hands.move_to("2026-07-23 08:00:00")
    runs.plan("noor", high="Player")
    sprints = [line[:2] for line in teams(runs).lines if line[2] == "Replay: sprint"]
    assert sprints[:3] == [("07-13", "07-24"), ("07-27", "08-07"), ("08-10", "08-21")]


def test_a_heros_week_that_is_over_stays_though_nobody_planned_its_sprint(runs: World) -> None:
    runs.hands.move_to("2026-08-12 08:00:00")
    turn(runs)
    assert weeks(teams(runs))[:2] == [
        ("07-13", "07-17", "Replay: Ada is support hero"),
        ("07-20", "07-24", "Replay: Lee is support hero"),
    ]


# --- teams of which nobody is asked -----------------------------------------------------------------------------


@pytest.mark.parametrize("still", [{"paused_at": datetime(2026, 7, 9, tzinfo=UTC)}, {"channel_lost": Lost.HIDDEN}])
def test_a_team_of_which_nobody_is_asked_keeps_its_heroes_weeks(runs: World, still: dict[str, Any]) -> None:
    before = weeks(teams(runs)), weeks(mine(runs, "lee"))
    assert before[0][:2] == [
        ("07-13", "07-17", "Replay: Ada is support hero"),
        ("07-20", "07-24", "Replay: Lee is support hero"),
    ]
    change(runs, **still)
    assert (weeks(teams(runs)), weeks(mine(runs, "lee"))) == before


@pytest.mark.parametrize(("week_on", "now"), [(date(2026, 7, 22), None), (date(2026, 7, 14), "2026-08-12 08:00:00")])
def test_a_week_that_fits_no_sprint_any_more_is_nobodys(replay: World, week_on: date, now: str | None) -> None:
    replay.plan("ada", high="Timeline", heroes=["2026-07-13"])
    with replay.db.begin() as session:
        session.execute(update(HeroWeek).values(week_on=week_on))
    if now is not None:
        replay.hands.move_to(now)
    assert weeks(teams(replay)) == []
