"""Which days a team's sprints cover, as pure functions of its anchor day and its length."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

SATURDAY = 5
PLANNING_DAYS = 4  # two working days and a weekend


@dataclass(frozen=True)
class Dates:
    """The first and the last working day of a sprint, both included."""

    starts_on: date
    ends_on: date

    def over_at(self, zone: str) -> datetime:
        """The instant, in UTC, at which the last day has passed in `zone`."""
        return datetime.combine(self.ends_on + timedelta(days=1), time(), ZoneInfo(zone)).astimezone(UTC)


def sprint_dates(starts_on: date, weeks: int) -> Dates:
    """The dates of a sprint of `weeks` weeks; it ends on the last day before the next one that is no weekend day."""
    ends_on = starts_on + timedelta(weeks=weeks, days=-1)
    while ends_on.weekday() >= SATURDAY:
        ends_on -= timedelta(days=1)
    return Dates(starts_on, ends_on)


def local_date(now: datetime, zone: str) -> date:
    """The date that a calendar on the wall in `zone` shows at `now`."""
    return now.astimezone(ZoneInfo(zone)).date()


def next_weekday(day: date, weekday: int) -> date:
    """`day` itself or the first day after it that is a `weekday` (0 is Monday)."""
    return day + timedelta(days=(weekday - day.weekday()) % 7)


def is_early(dates: Dates, today: date) -> bool:
    """Whether people who plan `today` still mean the sprint of these dates: it has not begun, or has only just."""
    weeks = -(-(dates.ends_on - dates.starts_on).days // 7)
    return (today - dates.starts_on).days < _turn(weeks)


def nearest_start(anchor: date, weeks: int, today: date) -> date:
    """The start of the sprint that people mean when they plan `today`, never before the anchor.

    Early in a sprint that is the one that runs, late in it the next one.
    """
    passed = (today - anchor).days
    begun = max(0, passed // (7 * weeks))
    into = passed - begun * 7 * weeks
    return anchor + timedelta(weeks=weeks * (begun + (into >= _turn(weeks))))


def _turn(weeks: int) -> int:
    # Halfway, and in time for a plan that opens two working days before a Monday.
    return 7 * weeks - max(PLANNING_DAYS, 7 * weeks // 2)
