"""A team's rhythm, as pure functions: which days its sprints cover, and when somebody is asked what.

Nothing here reads a clock or a database. Days are dates on the wall of a zone; instants are UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from bot.domain.calendar.calendars import Calendar

MORNING, EVENING = time(7), time(20)  # nobody is asked earlier or later, in their own zone
HELLO, GOODBYE = time(9), time(18)  # working hours, on everybody's own wall
LATE = timedelta(minutes=15)  # from then on a prompt says that it is late
A_DAY = timedelta(days=1)
FEWEST_DAYS = 3  # working days of a sprint; a shorter one is not held, and the one before runs on through it
MOST_SHORT = 8  # short sprints in a row; no calendar has that many


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
        return instant(self.ends_on + A_DAY, time(), zone)

    def closes_at(self, zone: str, calendar: Calendar) -> datetime:
        """The instant, in UTC, at which its retro closes and its marks are frozen."""
        return closing(self.next_on, zone, calendar)


class PromptKind(StrEnum):
    """What somebody is asked, or told, by the clock."""

    TURN = "turn"
    REMINDER = "reminder"
    LEAD = "lead"


ASKS = (PromptKind.TURN, PromptKind.REMINDER)
# What an older version asked. Its messages are still in people's DMs.
OLD_ASKS, OLD_MARKS, OLD_NUDGE = ("planning",), ("midway", "marks"), "nudge"
LEAD = (PromptKind.LEAD, OLD_NUDGE)


@dataclass(frozen=True)
class Cadence:
    """A team's rhythm. `anchor_on` is the first day of one of its sprints.

    The turn from a sprint to the next comes so many working days before its last one. The times are each person's own;
    `zone` and `calendar` are the team's.
    """

    anchor_on: date
    weeks: int
    zone: str
    calendar: Calendar = Calendar()  # noqa: RUF009  (it is frozen)
    turn_days: int = 0
    turn_at: time = time(10)
    reminder_at: time = time(9)
    nudge_at: time = time(9, 30)

    def is_held(self, starts_on: date) -> bool:
        """Whether the sprint that would begin on this day has enough working days to be one."""
        last = starts_on + timedelta(weeks=self.weeks, days=-1)
        return self.calendar.working_days(starts_on, last) >= FEWEST_DAYS

    def dates_from(self, starts_on: date) -> Dates:
        """The dates of the sprint that begins on this day. It runs on through those after it that are too short."""
        weeks = self.weeks
        while not self.is_held(starts_on + timedelta(weeks=weeks)) and weeks < self.weeks * MOST_SHORT:
            weeks += self.weeks
        return sprint_dates(starts_on, weeks, self.calendar)

    def opens_on(self, starts_on: date) -> date:
        """The day of the turn to the sprint that begins then, by the team's calendar."""
        wanted = self.calendar.working_days_before(starts_on, 1 + self.turn_days)
        last = self.calendar.working_days_before(starts_on, 1)
        return max(min(max(wanted, self.opens_earliest(starts_on)), last), self._start_before(starts_on) + A_DAY)

    def opens_earliest(self, starts_on: date) -> date:
        """The third working day of the sprint before: on it the turn before this one is over."""
        return self.calendar.working_day_number(FEWEST_DAYS, self._start_before(starts_on))

    def _start_before(self, starts_on: date) -> date:
        before = starts_on - timedelta(weeks=self.weeks)
        for _ in range(MOST_SHORT):
            if self.is_held(before):
                break
            before -= timedelta(weeks=self.weeks)
        return before

    def turns_on(self, dates: Dates) -> date:
        """The day of this sprint from which people who plan mean the next one: its turn comes, or half has passed."""
        length = (dates.next_on - dates.starts_on).days
        half = dates.starts_on + timedelta(days=length - length // 2)
        return max(min(self.opens_on(dates.next_on), half), dates.starts_on + A_DAY)

    def waits_until(self, dates: Dates, since: datetime | None) -> date:
        """Whose reminder comes by this day holds up the team: the sprint's first working day.

        A team that began after the turn, at `since`, is asked at once, and waits until its next working day.
        """
        first = self.calendar.working_day(dates.starts_on)
        if since is None or since <= instant(self.opens_on(dates.starts_on), self.turn_at, self.zone):
            return first
        asked_on = local_date(in_working_hours(since, self.zone, self.calendar), self.zone)
        return max(first, self.calendar.next_working_day(asked_on))

    def over_at(self, dates: Dates, since: datetime | None) -> datetime:
        """When the turn to this sprint is over, answered or not: never before the day is over until which the team waits."""
        waits_until = instant(self.waits_until(dates, since), GOODBYE, self.zone)
        return max(closing(dates.starts_on, self.zone, self.calendar), waits_until)


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
    return _between(at, zone, calendar, earliest, EVENING)


def in_working_hours(at: datetime, zone: str, calendar: Calendar) -> datetime:
    """`at`, if that is in the working hours of a working day in `zone`; else when the next ones begin."""
    return _between(at, zone, calendar, HELLO, GOODBYE)


def _between(at: datetime, zone: str, calendar: Calendar, earliest: time, latest: time) -> datetime:
    local = at.astimezone(ZoneInfo(zone))
    today = local.date()
    if calendar.is_working_day(today) and earliest <= local.time() <= latest:
        return at
    day = calendar.working_day(today) if local.time() < HELLO else calendar.next_working_day(today)
    return instant(day, HELLO, zone)


def closing(starts_on: date, zone: str, calendar: Calendar) -> datetime:
    """When the turn to the sprint that begins on this day is over: on its third working day, as work ends in `zone`."""
    return instant(calendar.working_day_number(FEWEST_DAYS, starts_on), GOODBYE, zone)


def next_weekday(day: date, weekday: int) -> date:
    """`day` itself or the first day after it that is a `weekday` (0 is Monday)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def first_start(today: date, weekday: int, calendar: Calendar) -> date:
    """The first day of the first sprint of a team that is founded `today`, whose sprints begin on a `weekday`.

    It began this week already while at least half of the week's working days are ahead; else it begins with the next.
    """
    coming_on = next_weekday(today, weekday)
    this_week = sprint_dates(coming_on - timedelta(weeks=1), 1, calendar)
    return this_week.starts_on if is_half_ahead(this_week, today, calendar) else coming_on


def is_half_ahead(dates: Dates, today: date, calendar: Calendar) -> bool:
    """Whether at least half of the sprint's working days are ahead, `today` among them."""
    ahead = calendar.working_days(max(today, dates.starts_on), dates.ends_on)
    return 2 * ahead >= calendar.working_days(dates.starts_on, dates.ends_on)


def is_early(cadence: Cadence, dates: Dates, today: date) -> bool:
    """Whether people who plan `today` still mean the sprint of these dates: it has not begun, or has only just."""
    return today < cadence.turns_on(dates)


def start_of(cadence: Cadence, today: date) -> date:
    """The first day of the sprint that `today` is in, by the rhythm; before the anchor, that of the first sprint."""
    length = timedelta(weeks=cadence.weeks)
    starts_on = cadence.anchor_on + max(0, (today - cadence.anchor_on) // length) * length
    while starts_on > cadence.anchor_on and not cadence.is_held(starts_on):
        starts_on -= length
    return starts_on if cadence.is_held(starts_on) else cadence.dates_from(starts_on).next_on


def nearest_start(cadence: Cadence, today: date) -> date:
    """The start of the sprint that people mean when they plan `today`, never before the anchor.

    Early in a sprint that is the one that runs, late in it the next one.
    """
    dates = cadence.dates_from(start_of(cadence, today))
    return dates.starts_on if is_early(cadence, dates, today) else dates.next_on


def free_start(cadence: Cadence, starts_on: date, planned: Sequence[Dates]) -> date:
    """The first start from this one on that lies in no sprint which is `planned` already."""
    while any(dates.starts_on <= starts_on <= dates.ends_on for dates in planned):
        starts_on = cadence.dates_from(starts_on).next_on
    return starts_on


def coming(cadence: Cadence, planned: Sequence[Dates], today: date, count: int) -> list[Dates]:
    """The dates of the next sprints that are not `planned` yet: those that people would still plan `today`."""
    starts_on = nearest_start(cadence, today)
    last_day = max((dates.ends_on for dates in planned), default=date.min)
    found: list[Dates] = []
    while len(found) < count:
        dates = cadence.dates_from(starts_on)
        if starts_on > last_day:
            found.append(dates)
        starts_on = dates.next_on
    return found
