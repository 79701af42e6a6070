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
REMINDER_AT, NUDGE_AT, NOBODY_AT, CLOSES_AT = time(9), time(9, 30), time(11), time(18)
PATIENCE = timedelta(hours=2)
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
    """The first days of the two sprints after the running one: to each there is a turn."""
    return [team.begun_on + timedelta(weeks=team.weeks * number) for number in (1, 2)]


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

    last = opens_on(team, starts_on)
    # Whoever has a holiday on the day of the turn is asked on the working day before it, if the sprint has one.
    turn = last
    earliest = _third(starts_on - timedelta(weeks=team.weeks), team.country)
    while not _works(turn, theirs) and turn > earliest:
        turn -= DAY
    if _works(turn, theirs):
        yield ask("turn", turn, team.turn_at)
        yield ask("reminder", _on_or_after(turn + DAY, theirs), REMINDER_AT)
    else:
        yield ask("reminder", _on_or_after(last, theirs), REMINDER_AT)


def opens_on(team: Small, starts_on: date) -> date:
    """The day of the turn, by the team's calendar: so many working days before the last, from the third one on."""
    wanted = _before(starts_on, 1 + team.turn_days, team.country)
    third = _third(starts_on - timedelta(weeks=team.weeks), team.country)
    return min(max(wanted, third), _before(starts_on, 1, team.country))


def first_day(team: Small, starts_on: date) -> date:
    """The team's first working day of a sprint: whose reminder comes later is not waited for."""
    return _on_or_after(starts_on, team.country)


def nobody_at(team: Small, starts_on: date) -> datetime:
    """When notes are revealed though nobody answered, and nobody could be reminded."""
    return _instant(first_day(team, starts_on), NOBODY_AT, team.zone)


def closes_at(team: Small, starts_on: date) -> datetime:
    """When the turn to a sprint is over: its third working day, as work ends."""
    return _instant(_third(starts_on, team.country), CLOSES_AT, team.zone)


def works_on(member: Member, team: Small, day: date) -> bool:
    """Whether it is a working day of theirs."""
    return _works(day, member.country or team.country)


def working_hour(member: Member, team: Small, at: datetime) -> datetime:
    """The instant itself in somebody's working hours, else when the next ones begin."""
    theirs = member.country or team.country
    local = at.astimezone(ZoneInfo(member.zone))
    if _works(local.date(), theirs) and time(9) <= local.time() <= time(18):
        return at
    day = local.date() if local.time() < time(9) else local.date() + DAY
    return _instant(_on_or_after(day, theirs), time(9), member.zone)


def nudge_at(member: Member, team: Small, asked_at: datetime) -> datetime:
    """Half past nine of the working day after the lead was asked, on the lead's wall."""
    local = asked_at.astimezone(ZoneInfo(member.zone)).date()
    return _instant(_on_or_after(local + DAY, member.country or team.country), NUDGE_AT, member.zone)


def _third(day: date, country: str | None) -> date:
    found = _on_or_after(day, country)
    for _ in range(2):
        found = _on_or_after(found + DAY, country)
    return found


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
