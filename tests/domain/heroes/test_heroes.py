"""The weeks of a sprint, and in which words their heroes stand."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.calendar.calendars import Calendar
from bot.domain.heroes import heroes
from bot.domain.heroes.heroes import Entered, Hero, Week

MONDAY = date(2026, 7, 13)
ADA, LEE = Hero("U1", "Ada"), Hero("U2", "Lee")


def sprint(weeks: int) -> Dates:
    return cadence.sprint_dates(MONDAY, weeks)


def shown(weeks: int, *who: Hero | None) -> list[Week]:
    """A sprint whose weeks these people entered for."""
    entered = {MONDAY + timedelta(weeks=number): Entered(hero) for number, hero in enumerate(who) if hero is not None}
    return heroes.in_dates(1, sprint(weeks), entered)


@pytest.mark.parametrize(
    ("who", "words"),
    [
        ([ADA], "Ada"),
        ([ADA, ADA], "Ada"),
        ([ADA, LEE], "Ada (week 1), Lee (week 2)"),
        ([ADA, None], "Ada (week 1)"),
        ([None, LEE], "Lee (week 2)"),
        ([ADA, LEE, ADA], "Ada (week 1), Lee (week 2), Ada (week 3)"),
        ([ADA, ADA, ADA], "Ada"),
        ([None], ""),
        ([None, None], ""),
    ],
)
def test_one_name_stands_alone_where_it_holds_for_every_week(who: list[Hero | None], words: str) -> None:
    assert heroes.named(shown(len(who), *who)) == words


def test_two_people_of_the_same_name_are_two_people() -> None:
    assert heroes.named(shown(2, ADA, Hero("U9", "Ada"))) == "Ada (week 1), Ada (week 2)"


@pytest.mark.parametrize(
    ("off", "is_free"),
    [
        ((date(2026, 7, 13), date(2026, 7, 17)), True),
        ((date(2026, 7, 10), date.max), True),
        ((date(2026, 7, 13), date(2026, 7, 16)), False),
        ((date(2026, 7, 14), date(2026, 7, 31)), False),
    ],
)
def test_a_week_is_free_when_its_hero_is_away_for_all_of_it(off: tuple[date, date], is_free: bool) -> None:
    (week,) = heroes.in_dates(1, sprint(1), {MONDAY: Entered(ADA, [off])})
    assert (week.hero, week.away) == ((None, ADA) if is_free else (ADA, None))


def test_days_off_that_touch_are_added_up() -> None:
    off = [(MONDAY, date(2026, 7, 14)), (date(2026, 7, 15), date(2026, 7, 17))]
    (week,) = heroes.in_dates(1, sprint(1), {MONDAY: Entered(ADA, off)})
    assert week.hero is None


@given(
    weeks=st.sampled_from([1, 2]),
    starts_on=st.dates(date(2026, 1, 1), date(2030, 12, 31)),
    country=st.sampled_from([None, "DE-BY", "JP", "CN", "GB-SCT"]),
    weekend=st.sampled_from(["56", "45", "6"]),
)
def test_the_weeks_of_any_sprint_follow_each_other_without_a_gap_and_end_with_it(
    weeks: int, starts_on: date, country: str | None, weekend: str
) -> None:
    rhythm = Cadence(starts_on, weeks, "Europe/Berlin", Calendar(weekend, country))
    dates = rhythm.dates_from(starts_on)
    found = heroes.weeks(dates)
    assert [week.starts_on for week in found] == [starts_on + timedelta(weeks=number) for number in range(len(found))]
    assert found[-1].ends_on == dates.ends_on
    assert found[-1].starts_on + timedelta(weeks=1) == dates.next_on
    assert {(week.ends_on - week.starts_on).days for week in found} <= {(dates.ends_on - dates.starts_on).days % 7}
