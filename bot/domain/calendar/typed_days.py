"""A day that somebody typed: `2 Aug`, `next friday`, `2026-08-02`."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import date, timedelta
from functools import cache
from typing import TYPE_CHECKING

from bot.domain.calendar import wording
from bot.domain.calendar.cadence import next_weekday
from bot.platform.errors import Refusal

if TYPE_CHECKING:
    from dateutil.parser import parserinfo

HALF_A_YEAR = timedelta(days=183)
FILLERS = {"until", "till", "til", "on", "the", "of", "including", "inclusive"}
NUMERIC = re.compile(r"(\d{1,2})([./-])(\d{1,2})(?:\2(\d{4})?)?")
ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})")
DASHES = re.compile(r"[\u2010-\u2015\u2212]")
QUOTES = re.compile(r"[\"'`´«»‹›\u2018-\u201f\u2032\u2033\u00ad*_]")
YEAR = re.compile(r"\d{4}")
DAY = re.compile(r"(\d{1,2})(?:st|nd|rd|th|\.)?")


@cache
def _names() -> "parserinfo":
    """Months and weekdays, also shortened."""
    # Not at the top: it is only needed once somebody types a day.
    from dateutil.parser import parserinfo

    return parserinfo()


def read(text: str, today: date) -> date | None:
    """The day that is meant on `today`; None where nothing or something else was typed.

    Without a year it is the next such day, unless that lies more than half a year ahead. Raises Refusal for a day that
    is over, and for numbers of which each could be the month.
    """
    typed = [word for word in _plain(text).split() if word not in FILLERS]
    found = _relative(typed, today) or _in_numbers(typed, today) or _in_words(typed, today)
    if found is not None and found < today:
        raise Refusal(f"{_in_full(found)} is over. Type a later day, such as `until friday`.")
    return found


def _plain(text: str) -> str:
    """Small letters and ASCII signs: phones and word processors write quotes, hyphens and spaces of their own."""
    return DASHES.sub("-", QUOTES.sub("", unicodedata.normalize("NFKC", text))).casefold().replace(",", " ")


def _relative(typed: Sequence[str], today: date) -> date | None:
    match typed:
        case ["today"]:
            return today
        case ["tomorrow"]:
            return today + timedelta(days=1)
        case [name] if (weekday := _names().weekday(name)) is not None:
            return next_weekday(today + timedelta(days=1), weekday)
        case ["this", name] if (weekday := _names().weekday(name)) is not None:
            return next_weekday(today, weekday)
        case ["next", name] if (weekday := _names().weekday(name)) is not None:
            return next_weekday(next_weekday(today + timedelta(days=1), 0), weekday)
    return None


def _in_numbers(typed: Sequence[str], today: date) -> date | None:
    if len(typed) != 1:
        return None
    if whole := ISO.fullmatch(typed[0]):
        return _date(*map(int, whole.groups()))
    if short := NUMERIC.fullmatch(typed[0]):
        first, second, year = int(short[1]), int(short[3]), int(short[4]) if short[4] else None
        # With dots the day comes first wherever people write so; with strokes it depends on where they learnt to.
        if short[2] != "." and first != second and max(first, second) <= 12:
            raise Refusal(
                f"`{typed[0]}` can be two days. Write the month as a word: "
                f"`{first} {wording.MONTHS[second - 1]}` or `{second} {wording.MONTHS[first - 1]}`."
            )
        month_first = short[2] != "." and second > 12
        return _dated(second, first, year, today) if month_first else _dated(first, second, year, today)
    return None


def _in_words(typed: Sequence[str], today: date) -> date | None:
    """A day and a month, in this order or the other, with a year behind them and a weekday before them or without."""
    rest = list(typed)
    if rest and _names().weekday(rest[0]) is not None:
        rest = rest[1:]
    year = int(rest.pop()) if len(rest) == 3 and YEAR.fullmatch(rest[-1]) else None
    if len(rest) != 2:
        return None
    day, month = sorted(rest, key=lambda word: not word[0].isdecimal())
    number = DAY.fullmatch(day)
    named = _names().month(month.removesuffix("."))
    return _dated(int(number[1]), named, year, today) if number and named is not None else None


def _dated(day: int, month: int, year: int | None, today: date) -> date | None:
    if year is not None:
        return _date(year, month, day)
    found = _date(today.year, month, day)
    if found is None or today - found > HALF_A_YEAR:
        return _date(today.year + 1, month, day)
    return found


def _date(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None  # 31 June: who typed it chooses from a calendar instead


def _in_full(day: date) -> str:
    return f"{wording.a_day(day)} {day.year}"
