"""Dates in words."""

from datetime import date

# strftime would speak the server's language.
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def period(first: date, last: date) -> str:
    """The dates in words: `13–24 July 2026`, with a month or year twice only where they differ."""
    return days(first, last, with_year=True)


def days(first: date, last: date, *, with_year: bool = False) -> str:
    """One day or a span of days in words: `20 July`, `20–21 July`, `29 June–10 July`."""
    year = f" {last.year}" if with_year or first.year != last.year else ""
    if first == last:
        return f"{a_day(first)}{year}"
    if first.year != last.year:
        return f"{a_day(first)} {first.year}–{a_day(last)}{year}"
    if first.month != last.month:
        return f"{a_day(first)}–{a_day(last)}{year}"
    return f"{first.day}–{a_day(last)}{year}"


def a_day(day: date) -> str:
    """A day: `13 July`."""
    return f"{day.day} {MONTHS[day.month - 1]}"


def off(name: str, first: date, last: date) -> str:
    """Who is off and when: `Sam (20–21 July)`."""
    return f"{name} ({days(first, last)})"


def weekday(day: date) -> str:
    """A day with its weekday: `Mon 13 July`."""
    return f"{WEEKDAYS[day.weekday()][:3]} {a_day(day)}"


def short_day(day: date) -> str:
    """A day with its weekday where there is little room: `Mon 13 Jul`."""
    return f"{WEEKDAYS[day.weekday()][:3]} {day.day} {MONTHS[day.month - 1][:3]}"


def short_days(first: date, last: date) -> str:
    """A span of days where there is little room: `13–24 Jul`, `27 Jul–7 Aug`, `20 Jul`."""
    end = f"{last.day} {MONTHS[last.month - 1][:3]}"
    if first == last:
        return end
    month = "" if (first.year, first.month) == (last.year, last.month) else f" {MONTHS[first.month - 1][:3]}"
    return f"{first.day}{month}–{end}"


def city(zone: str) -> str:
    """The place that an IANA zone is named after: `New York` of `America/New_York`."""
    return zone.rpartition("/")[2].replace("_", " ")


def how_long(since: date, today: date) -> str:
    """A span in the largest whole unit: `5 months`, `3 weeks`, `1 day`, `less than a day`."""
    return so_many_days((today - since).days)


def so_many_days(passed: int) -> str:
    """A number of days in the largest whole unit: `5 months`, `3 weeks`, `1 day`, `less than a day`."""
    if passed < 1:
        return "less than a day"
    for unit, length in (("year", 365), ("month", 30), ("week", 7)):
        if passed >= length:
            return count(passed // length, unit)
    return count(passed, "day")


def count(number: int, unit: str) -> str:
    """A number with its unit: `1 item`, `3 items`."""
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"
