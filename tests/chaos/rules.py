"""Who is to be asked what, and when: the handbook's rhythm in plain weekday arithmetic, without a line of the bot's.

It is written a second time on purpose. A mistake would have to be made twice to go unseen.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from tests.chaos.company import Member, Small

DAY = timedelta(days=1)
GOOD_FRIDAY, EASTER_MONDAY = date(2026, 4, 3), date(2026, 4, 6)
# From the countries' own public calendars.
HOLIDAYS = {
    "BR": {GOOD_FRIDAY},
    "CA": {GOOD_FRIDAY},
    "GB-ENG": {GOOD_FRIDAY, EASTER_MONDAY},
    "DE": {GOOD_FRIDAY, EASTER_MONDAY},
    "AU": {GOOD_FRIDAY, EASTER_MONDAY},
    "NZ": {GOOD_FRIDAY, EASTER_MONDAY},
    "PL": {EASTER_MONDAY},
    "US": set(),
    "JP": set(),
}
REMINDER_AT, NUDGE_AT, MARKS_AT, REVEALED_AT = time(10), time(9, 30), time(14), time(10)
USEFUL_FOR = timedelta(hours=12)
NIGHT = time(22)


@dataclass(frozen=True)
class Ask:
    """Somebody is to be asked: `due_at` in UTC, and useful until `until`."""

    kind: str
    starts_on: date
    member: Member
    due_at: datetime
    until: datetime


def sprints(team: Small) -> list[date]:
    """The first days of the running sprint and of the two after it."""
    return [team.begun_on + timedelta(weeks=team.weeks * number) for number in range(3)]


def asks(team: Small) -> Iterator[Ask]:
    """Everything that people of this team could be asked, whether or not they have answered by then."""
    for starts_on in sprints(team) if team.is_asked else []:
        for member in team.members:
            if member.is_asked:
                yield from _of_member(team, member, starts_on)


def ends_on(team: Small, starts_on: date) -> date:
    """A sprint's Friday."""
    return starts_on + timedelta(weeks=team.weeks) - 3 * DAY


def _of_member(team: Small, member: Member, starts_on: date) -> Iterator[Ask]:
    theirs = member.country or team.country

    def ask(kind: str, on: date, at: time) -> Ask:
        due_at = _instant(on, at, member.zone)
        return Ask(kind, starts_on, member, due_at, min(due_at + USEFUL_FOR, _instant(on, NIGHT, member.zone)))

    planned = _on_or_after(_before(starts_on, team.planning_days, team.country), theirs)
    reminded = _on_or_after(planned + DAY, theirs)
    for kind, on, at in (("planning", planned, team.planning_at), ("reminder", reminded, REMINDER_AT)):
        if (on - starts_on).days < _planned_until(team, starts_on):
            yield ask(kind, on, at)
    if member is team.lead:
        before = _on_or_after(_before(starts_on, 1, team.country), theirs)
        if before < starts_on:
            yield ask("lead", before, team.lead_at)
        yield ask("nudge", _on_or_after(starts_on, theirs), NUDGE_AT)
    last = ask("marks", _on_or_after(ends_on(team, starts_on), theirs), MARKS_AT)
    if last.due_at < frozen_at(team, starts_on):
        yield last
    middle = _on_or_after(starts_on + (ends_on(team, starts_on) - starts_on) // 2, theirs)
    if team.checks_midway and middle < ends_on(team, starts_on):
        yield ask("midway", middle, MARKS_AT)


def frozen_at(team: Small, starts_on: date) -> datetime:
    """When a sprint's marks stay as they are: the team's first working day after its end has passed."""
    return _instant(_on_or_after(ends_on(team, starts_on) + DAY, team.country) + DAY, time(), team.zone)


def reveals_at(team: Small) -> datetime:
    """When the retro of the running sprint is revealed: then nobody is asked for notes any more."""
    return _instant(_on_or_after(ends_on(team, team.begun_on) + DAY, team.country), REVEALED_AT, team.zone)


def _planned_until(team: Small, starts_on: date) -> int:
    """The day of a sprint from which people who plan mean the next one: halfway, or when its planning opens."""
    days = 7 * team.weeks
    opens = _before(starts_on, team.planning_days, None)
    return days - max((starts_on - opens).days, days // 2)


def _works(day: date, country: str | None) -> bool:
    return day.weekday() < 5 and day not in HOLIDAYS.get(country or "", set())


def _on_or_after(day: date, country: str | None) -> date:
    while not _works(day, country):
        day += DAY
    return day


def _before(day: date, working_days: int, country: str | None) -> date:
    for _ in range(working_days):
        day -= DAY
        while not _works(day, country):
            day -= DAY
    return day


def _instant(on: date, at: time, zone: str) -> datetime:
    return datetime.combine(on, at, ZoneInfo(zone)).astimezone(UTC)
