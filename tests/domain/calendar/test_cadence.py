"""Which days a sprint covers, and which sprint people mean."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.calendar.wording import days, how_long, period

MONDAY = date(2026, 7, 13)
ONE_WEEK, TWO_WEEKS = (Cadence(MONDAY, weeks, "Europe/Berlin") for weeks in (1, 2))


def test_a_two_week_sprint_from_a_monday_ends_on_the_second_friday() -> None:
    assert cadence.sprint_dates(MONDAY, 2).ends_on == date(2026, 7, 24)


def test_a_one_week_sprint_from_a_wednesday_ends_on_the_next_tuesday() -> None:
    assert cadence.sprint_dates(date(2026, 7, 15), 1).ends_on == date(2026, 7, 21)


@pytest.mark.parametrize(
    ("today", "start"),
    [
        (date(2026, 7, 1), MONDAY),  # before the anchor there is only the first sprint
        (date(2026, 7, 13), MONDAY),
        (date(2026, 7, 19), MONDAY),  # early in the sprint people mean the one that runs
        (date(2026, 7, 20), date(2026, 7, 27)),  # half of it has passed: the next one
        (date(2026, 7, 24), date(2026, 7, 27)),
        (date(2027, 1, 4), date(2027, 1, 11)),
    ],
)
def test_the_nearest_start_is_the_sprint_that_people_mean(today: date, start: date) -> None:
    assert cadence.nearest_start(TWO_WEEKS, today) == start


@pytest.mark.parametrize(
    ("today", "weekday", "start"),
    [
        (date(2026, 7, 13), 0, date(2026, 7, 13)),
        (date(2026, 7, 15), 0, date(2026, 7, 13)),  # three of five working days are ahead
        (date(2026, 7, 16), 0, date(2026, 7, 20)),
        (date(2026, 7, 19), 0, date(2026, 7, 20)),
        (date(2026, 7, 17), 2, date(2026, 7, 15)),  # from Wednesday on: Friday, Monday and Tuesday are ahead
        (date(2026, 7, 20), 2, date(2026, 7, 22)),
    ],
)
def test_the_first_sprint_of_a_new_team_runs_already_while_half_of_its_week_is_ahead(
    today: date, weekday: int, start: date
) -> None:
    assert cadence.first_start(today, weekday, Calendar()) == start


def test_the_next_one_week_sprint_is_meant_from_the_day_of_its_turn_on() -> None:
    thursday, friday = date(2026, 7, 16), date(2026, 7, 17)
    assert cadence.nearest_start(ONE_WEEK, thursday) == MONDAY
    assert cadence.nearest_start(ONE_WEEK, friday) == date(2026, 7, 20)
    assert cadence.is_early(ONE_WEEK, cadence.sprint_dates(MONDAY, 1), thursday)
    assert not cadence.is_early(ONE_WEEK, cadence.sprint_dates(MONDAY, 1), friday)


def test_a_sprint_is_over_at_midnight_of_the_teams_own_zone_also_when_the_clock_changes() -> None:
    dates = cadence.sprint_dates(date(2026, 10, 19), 1)
    assert dates.over_at("Europe/Berlin") == datetime(2026, 10, 23, 22, 0, tzinfo=UTC)
    assert dates.over_at("America/New_York") == datetime(2026, 10, 24, 4, 0, tzinfo=UTC)
    assert dates.over_at("Pacific/Auckland") == datetime(2026, 10, 23, 11, 0, tzinfo=UTC)


def test_dates_are_said_as_people_write_them() -> None:
    assert period(date(2026, 7, 13), date(2026, 7, 24)) == "13–24 July 2026"
    assert period(date(2026, 6, 29), date(2026, 7, 10)) == "29 June–10 July 2026"
    assert period(date(2026, 12, 28), date(2027, 1, 8)) == "28 December 2026–8 January 2027"
    assert days(date(2026, 7, 20), date(2026, 7, 20)) == "20 July"


def test_how_long_somebody_sits_is_said_in_the_largest_unit() -> None:
    assert how_long(date(2026, 1, 1), date(2026, 7, 1)) == "6 months"
    assert how_long(date(2026, 7, 1), date(2026, 7, 2)) == "1 day"
    assert how_long(date(2024, 7, 1), date(2026, 7, 2)) == "2 years"
