"""When each person is asked, in their own zone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Cadence, Dates, PromptKind, in_working_hours, is_half_ahead, local_date
from bot.domain.calendar.calendars import Calendar
from bot.platform.errors import Refusal

NIGHT = time(22)  # what was to be asked on a day is not asked after this
PROMPT_LIVES = timedelta(hours=12)  # a Monday prompt on Wednesday is noise


@dataclass(frozen=True)
class Whereabouts:
    """Where a person is: an IANA zone, the country whose public holidays they keep, and their own weekend, if any."""

    zone: str
    country: str | None = None
    weekend: str | None = None


@dataclass(frozen=True)
class Occurrence:
    """Somebody is asked something about a sprint: on a day of their own calendar, at an instant in UTC."""

    kind: PromptKind
    starts_on: date
    on: date
    at: datetime

    def expires_at(self, zone: str) -> datetime:
        """When asking it late would be noise: after 12 hours, or in that day's night in `zone`."""
        return min(self.at + PROMPT_LIVES, cadence.instant(self.on, NIGHT, zone))


def occurrences(
    cadence: Cadence, dates: Dates, who: Whereabouts, *, since: datetime | None = None
) -> Sequence[Occurrence]:
    """The turn to the sprint of these dates and the one reminder of it, as this person is asked.

    Whose turn was before `since`, when the cadence was chosen, is asked at once, while half of the sprint is still ahead.
    """
    found = _occurrences(cadence, dates, who)
    if since is None or not found or found[0].at >= since:
        return found
    return _at_once(cadence, dates, who, since)


def require_daytime(at: time, *, field: str) -> time:
    """`at`, if nobody sleeps then. Raises Refusal otherwise."""
    if not cadence.MORNING <= at <= cadence.EVENING:
        raise Refusal(
            f"Choose a time between {cadence.MORNING:%H:%M} and {cadence.EVENING:%H:%M}: nobody is asked at night.",
            field=field,
        )
    return at


# Most people of a company share a zone and most teams a cadence, so that one answer serves many.
@lru_cache(maxsize=20_000)
def _occurrences(cadence: Cadence, dates: Dates, who: Whereabouts) -> tuple[Occurrence, ...]:
    calendar = calendar_of(cadence, who)
    opens, ends = cadence.opens_on(dates.starts_on), cadence.opens_on(dates.next_on)
    turn = _last_working_day(calendar, cadence.opens_earliest(dates.starts_on), opens)
    reminder = calendar.next_working_day(turn) if turn else calendar.working_day(opens)
    asked = [_occurrence(PromptKind.TURN, dates, turn, cadence.turn_at, who)] if turn else []
    if reminder < ends:
        asked.append(_occurrence(PromptKind.REMINDER, dates, reminder, cadence.reminder_at, who))
    return tuple(asked)


def _last_working_day(calendar: Calendar, first: date, last: date) -> date | None:
    """The day of the turn, or where that is a holiday of somebody's own the working day of theirs before it, if any."""
    day = last
    while day >= first or day == last:
        if calendar.is_working_day(day):
            return day
        day -= cadence.A_DAY
    return None


def _at_once(cadence: Cadence, dates: Dates, who: Whereabouts, since: datetime) -> Sequence[Occurrence]:
    calendar = calendar_of(cadence, who)
    at = in_working_hours(since, who.zone, calendar)
    on = local_date(at, who.zone)
    if not is_half_ahead(dates, on, cadence.calendar):
        return ()
    turn = Occurrence(PromptKind.TURN, dates.starts_on, on, at)
    reminder = calendar.next_working_day(on)
    if reminder >= cadence.opens_on(dates.next_on):
        return (turn,)
    return turn, _occurrence(PromptKind.REMINDER, dates, reminder, cadence.reminder_at, who)


def calendar_of(cadence: Cadence, who: Whereabouts) -> Calendar:
    """The days on which this person works: their own weekend or the company's, their own public holidays or the team's."""
    return Calendar(who.weekend or cadence.calendar.weekend, who.country or cadence.calendar.country)


def _occurrence(kind: PromptKind, dates: Dates, on: date, at: time, who: Whereabouts) -> Occurrence:
    return Occurrence(kind, dates.starts_on, on, cadence.instant(on, at, who.zone))
