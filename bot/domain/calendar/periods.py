"""Spans of days on which somebody is away."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain.calendar import cadence

Span = tuple[date, date]  # the first and the last day, both included
A_MOMENT = timedelta(microseconds=1)


class Period(Protocol):
    """What has to be known of an away: a whole row, or these columns of it."""

    @property
    def starts_at(self) -> datetime: ...

    @property
    def ends_at(self) -> datetime | None: ...

    @property
    def next_at(self) -> datetime | None: ...


def is_away(away: Period, now: datetime) -> bool:
    """Whether somebody is away at this moment."""
    return away.starts_at <= now and (away.ends_at is None or away.ends_at > now)


def is_over(away: Period) -> bool:
    """Whether somebody came back."""
    return away.ends_at is not None and away.next_at is None


def days(away: Period, zone: str) -> Span:
    """The days of an away on the wall of `zone`; the last one is `date.max` while no end is known.

    The day on which somebody came back is none: they were there.
    """
    first = cadence.local_date(away.starts_at, zone)
    if away.ends_at is None:
        return first, date.max
    if is_over(away):
        return first, cadence.local_date(away.ends_at, zone) - timedelta(days=1)
    return first, cadence.local_date(away.ends_at - A_MOMENT, zone)


def covers(spans: Iterable[Span], starts_on: date, ends_on: date) -> bool:
    """Whether somebody with these days off is off from the first day to the last."""
    return any(first <= starts_on and last >= ends_on for first, last in merged(spans))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days in order, with those that touch as one span. An away that was over on its first day has none."""
    found: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if found and first - timedelta(days=1) <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
