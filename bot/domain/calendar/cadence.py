"""A team's rhythm, as pure functions: which days its sprints cover, and when somebody is asked what.

Nothing here reads a clock or a database. Days are dates on the wall of a zone; instants are UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.domain.calendar.calendars import Calendar
from bot.platform.errors import Refusal

MORNING, EVENING = time(7), time(20)  # nobody is asked earlier or later, in their own zone
HELLO = time(9)  # when somebody reads what is no question, on their own wall
NIGHT = time(22)  # what was to be asked on a day is not asked after this
PROMPT_LIVES = timedelta(hours=12)  # a Monday prompt on Wednesday is noise
LATE = timedelta(minutes=15)  # from then on a prompt says that it is late
A_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Dates:
    """The first and the last working day of a sprint, both included."""

    starts_on: date
    ends_on: date

    @property
    def next_on(self) -> date:
        """The first day of the sprint right after it."""
        return self.starts_on + timedelta(weeks=1 + (self.ends_on - self.starts_on).days // 7)

    def over_at(self, zone: str) -> datetime:
        """The instant, in UTC, at which the last day has passed in `zone`."""
        return _midnight(self.ends_on + A_DAY, zone)

    def closes_at(self, zone: str, calendar: Calendar) -> datetime:
        """The instant, in UTC, from which marks stay as they are: the first working day after the last one has passed."""
        return _midnight(calendar.next_working_day(self.ends_on) + A_DAY, zone)


class PromptKind(StrEnum):
    """What somebody is asked, or told, by the clock."""

    PLANNING = "planning"
    REMINDER = "reminder"
    LEAD = "lead"
    NUDGE = "nudge"
    MIDWAY = "midway"
    MARKS = "marks"


PLANNING = (PromptKind.PLANNING, PromptKind.REMINDER)
LEAD = (PromptKind.LEAD, PromptKind.NUDGE)
MARKS = (PromptKind.MIDWAY, PromptKind.MARKS)


@dataclass(frozen=True)
class Cadence:
    """A team's rhythm. `anchor_on` is the first day of one of its sprints; `planning_days` are working days before one.

    The times are each person's own; `zone` and `calendar` are the team's.
    """

    anchor_on: date
    weeks: int
    zone: str
    calendar: Calendar = Calendar()  # noqa: RUF009  (it is frozen)
    planning_days: int = 2
    planning_at: time = time(10)
    reminder_at: time = time(10)
    lead_at: time = time(14)
    nudge_at: time = time(9, 30)
    marks_at: time = time(14)
    checks_midway: bool = False

    def opens_on(self, starts_on: date) -> date:
        """The day on which planning opens for the sprint that begins then; after many holidays, once the one before began."""
        opens = self.calendar.working_days_before(starts_on, self.planning_days)
        return max(opens, starts_on - timedelta(weeks=self.weeks) + A_DAY)

    def turns_on(self, dates: Dates) -> date:
        """The day of this sprint from which people who plan mean the next one: its planning opens, or half has passed."""
        length = (dates.next_on - dates.starts_on).days
        half = dates.starts_on + timedelta(days=length - length // 2)
        return max(min(self.opens_on(dates.next_on), half), dates.starts_on + A_DAY)


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
        return min(self.at + PROMPT_LIVES, instant(self.on, NIGHT, zone))


# --- sprints ----------------------------------------------------------------------------------------------------


def sprint_dates(starts_on: date, weeks: int, calendar: Calendar = Calendar()) -> Dates:  # noqa: B008  (it is frozen)
    """The dates of a sprint of `weeks` weeks; it ends on the last day before the next one that is no weekend day."""
    ends_on = starts_on + timedelta(weeks=weeks, days=-1)
    while str(ends_on.weekday()) in calendar.weekend and ends_on > starts_on:
        ends_on -= A_DAY
    return Dates(starts_on, ends_on)


def local_date(now: datetime, zone: str) -> date:
    """The date that a calendar on the wall in `zone` shows at `now`."""
    return now.astimezone(ZoneInfo(zone)).date()


def instant(on: date, at: time, zone: str) -> datetime:
    """The instant, in UTC, at which clocks on the wall in `zone` show this day and time."""
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)


def in_daytime(at: datetime, zone: str, calendar: Calendar, *, earliest: time = HELLO) -> datetime:
    """`at`, if that is in the daytime of a working day in `zone`, from `earliest` on; else the next nine o'clock of one."""
    local = at.astimezone(ZoneInfo(zone))
    today = local.date()
    if calendar.is_working_day(today) and earliest <= local.time() <= EVENING:
        return at
    day = calendar.working_day(today) if local.time() < HELLO else calendar.next_working_day(today)
    return instant(day, HELLO, zone)


def next_weekday(day: date, weekday: int) -> date:
    """`day` itself or the first day after it that is a `weekday` (0 is Monday)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def is_early(cadence: Cadence, dates: Dates, today: date) -> bool:
    """Whether people who plan `today` still mean the sprint of these dates: it has not begun, or has only just."""
    return today < cadence.turns_on(dates)


def nearest_start(cadence: Cadence, today: date) -> date:
    """The start of the sprint that people mean when they plan `today`, never before the anchor.

    Early in a sprint that is the one that runs, late in it the next one.
    """
    length = timedelta(weeks=cadence.weeks)
    begun = max(0, (today - cadence.anchor_on) // length)
    dates = sprint_dates(cadence.anchor_on + begun * length, cadence.weeks, cadence.calendar)
    return dates.starts_on if is_early(cadence, dates, today) else dates.next_on


def coming(cadence: Cadence, planned: Sequence[Dates], today: date, count: int) -> list[Dates]:
    """The dates of the next sprints that are not `planned` yet: those that people would still plan `today`."""
    starts_on = nearest_start(cadence, today)
    last_day = max((dates.ends_on for dates in planned), default=date.min)
    found: list[Dates] = []
    while len(found) < count:
        if starts_on > last_day:
            found.append(sprint_dates(starts_on, cadence.weeks, cadence.calendar))
        starts_on += timedelta(weeks=cadence.weeks)
    return found


# --- occurrences ------------------------------------------------------------------------------------------------


def occurrences(
    cadence: Cadence, dates: Dates, who: Whereabouts, *, leads: bool = False, since: datetime | None = None
) -> list[Occurrence]:
    """Everything that this person is asked about the sprint of these dates, in the order of time.

    Planning that should have opened before `since`, when the cadence was chosen, opens on the first working day after.
    """
    found = _occurrences(cadence, dates, who, leads)
    if since is not None and any(each.kind is PromptKind.PLANNING and each.at < since for each in found):
        found = (*_planning(cadence, dates, who, since), *(each for each in found if each.kind not in _PLANNING))
    return sorted(found, key=lambda each: each.at)


def require_daytime(at: time, *, field: str) -> time:
    """`at`, if nobody sleeps then. Raises Refusal otherwise."""
    if not MORNING <= at <= EVENING:
        raise Refusal(
            f"Choose a time between {MORNING:%H:%M} and {EVENING:%H:%M}: nobody is asked at night.", field=field
        )
    return at


_PLANNING = (PromptKind.PLANNING, PromptKind.REMINDER)


# Most people of a company share a zone and most teams a cadence, so that one answer serves many.
@lru_cache(maxsize=20_000)
def _occurrences(cadence: Cadence, dates: Dates, who: Whereabouts, leads: bool) -> tuple[Occurrence, ...]:
    found = [*_planning(cadence, dates, who, None), *_marks(cadence, dates, who)]
    if leads:
        found += _lead(cadence, dates, who)
    return tuple(found)


def _planning(cadence: Cadence, dates: Dates, who: Whereabouts, since: datetime | None) -> list[Occurrence]:
    """Planning opens, and a reminder comes on the next working day; both only while the sprint is still to be planned."""
    calendar = _calendar(cadence, who)
    opens = calendar.working_day(cadence.opens_on(dates.starts_on))
    while since is not None and instant(opens, cadence.planning_at, who.zone) < since:
        opens = calendar.next_working_day(opens)
    asked = [
        _occurrence(PromptKind.PLANNING, dates, opens, cadence.planning_at, who),
        _occurrence(PromptKind.REMINDER, dates, calendar.next_working_day(opens), cadence.reminder_at, who),
    ]
    return [each for each in asked if is_early(cadence, dates, each.on)]


def _lead(cadence: Cadence, dates: Dates, who: Whereabouts) -> list[Occurrence]:
    """The lead is asked on the working day before the start, and nudged at the start while the sprint is still planned."""
    calendar = _calendar(cadence, who)
    last = max(cadence.calendar.working_days_before(dates.starts_on, 1), cadence.opens_on(dates.starts_on))
    before, start = calendar.working_day(last), calendar.working_day(dates.starts_on)
    asked = [_occurrence(PromptKind.LEAD, dates, before, cadence.lead_at, who)] if before < dates.starts_on else []
    if is_early(cadence, dates, start):
        asked.append(_occurrence(PromptKind.NUDGE, dates, start, cadence.nudge_at, who))
    return asked


def _marks(cadence: Cadence, dates: Dates, who: Whereabouts) -> list[Occurrence]:
    """Marks are asked for on the last day, and halfway where the team wants it; never once they are frozen.

    After many holidays the next sprint's last day may come first: then that one is asked about.
    """
    calendar = _calendar(cadence, who)
    last = _occurrence(PromptKind.MARKS, dates, calendar.working_day(dates.ends_on), cadence.marks_at, who)
    following = sprint_dates(dates.next_on, cadence.weeks, cadence.calendar)
    is_open = last.at < dates.closes_at(cadence.zone, cadence.calendar)
    asked = [last] if is_open and last.on < following.ends_on else []
    middle = calendar.working_day(_middle(dates, cadence.calendar))
    if cadence.checks_midway and middle < dates.ends_on:
        asked.append(_occurrence(PromptKind.MIDWAY, dates, middle, cadence.marks_at, who))
    return asked


def _middle(dates: Dates, calendar: Calendar) -> date:
    """The day on which half of the sprint's working days have passed; of calendar days half might pass on a weekend."""
    days = [dates.starts_on + number * A_DAY for number in range((dates.ends_on - dates.starts_on).days)]
    working = [day for day in days if calendar.is_working_day(day)]
    return working[(len(working) + 1) // 2] if len(working) > 1 else dates.ends_on


def _calendar(cadence: Cadence, who: Whereabouts) -> Calendar:
    return Calendar(who.weekend or cadence.calendar.weekend, who.country or cadence.calendar.country)


def _occurrence(kind: PromptKind, dates: Dates, on: date, at: time, who: Whereabouts) -> Occurrence:
    return Occurrence(kind, dates.starts_on, on, instant(on, at, who.zone))


def _midnight(day: date, zone: str) -> datetime:
    return instant(day, time(), zone)
