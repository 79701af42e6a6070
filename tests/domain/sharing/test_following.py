"""When somebody's week ends, by their own clock and the days on which they work."""

from datetime import UTC, date, datetime

import pytest

from bot.domain.calendar.calendars import Calendar
from bot.domain.sharing.following import WeekEnd

BERLIN = WeekEnd("Europe/Berlin", Calendar("56", "DE"))


@pytest.mark.parametrize(
    ("day", "weekend", "country", "told_on"),
    [
        ("2026-07-13", "56", None, "2026-07-17"),  # a Friday
        ("2026-07-19", "56", None, "2026-07-17"),  # from the Sunday after it
        ("2026-12-23", "56", "DE", "2026-12-24"),  # Christmas Day is a Friday
        ("2026-07-13", "45", None, "2026-07-16"),  # people rest on Friday and Saturday
        ("2026-07-13", "456", None, "2026-07-16"),
    ],
)
def test_it_is_friday_or_the_last_working_day_before_it(
    day: str, weekend: str, country: str | None, told_on: str
) -> None:
    here = WeekEnd("Europe/Berlin", Calendar(weekend, country))
    assert here.told_on(date.fromisoformat(day)) == date.fromisoformat(told_on)


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        ("2026-07-17 12:59", "2026-07-10 13:00", "2026-07-17 13:00"),
        ("2026-07-17 13:00", "2026-07-10 13:00", "2026-07-24 13:00"),  # right now is neither
        ("2026-07-18 09:00", "2026-07-17 13:00", "2026-07-24 13:00"),
        ("2026-10-25 00:30", "2026-10-23 13:00", "2026-10-30 14:00"),  # the night in which summer time ends
        ("2026-12-24 15:00", "2026-12-24 14:00", "2026-12-31 14:00"),  # New Year's Day is a Friday, too
    ],
)
def test_it_is_three_in_the_afternoon_on_the_wall_before_and_after(now: str, last: str, following: str) -> None:
    assert BERLIN.last_at(at(now)) == at(last)
    assert BERLIN.next_at(at(now)) == at(following)


def test_no_moment_lies_between_two_weeks_or_in_both() -> None:
    moment = at("2026-01-01 00:00")
    for _ in range(52):
        following = BERLIN.next_at(moment)
        assert BERLIN.next_at(BERLIN.last_at(following)) == following
        moment = following


def at(moment: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(moment).replace(tzinfo=UTC)
