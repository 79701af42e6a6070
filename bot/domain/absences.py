"""Who is off when: for one sprint, as they or their lead wrote there, or away from everything."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Protocol

from bot.domain import cadence
from models.people import Person
from models.sprints import Sprint

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


@dataclass(frozen=True)
class DaysOff:
    """Somebody is off on both days and all between."""

    person: Person
    starts_on: date
    ends_on: date


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


def in_sprint(sprint: Sprint) -> list[DaysOff]:
    """Who is off when during the sprint, the earliest first: what was written for it, and who is away."""
    people = {absence.person_id: absence.person for absence in sprint.absences}
    people |= {member.person_id: member.person for member in sprint.team.members}
    return _within(sprint, {person_id: (person, spans(sprint, person)) for person_id, person in people.items()})


def away_in_sprint(sprint: Sprint) -> list[DaysOff]:
    """Who is away when during the sprint, whatever was written for it."""
    people = [member.person for member in sprint.team.members]
    return _within(sprint, {person.id: (person, _aways(sprint, person)) for person in people})


def spans(sprint: Sprint, person: Person) -> list[Span]:
    """When this person is off: what was written for this sprint, and their aways."""
    written = [(each.starts_on, each.ends_on) for each in sprint.absences if each.person_id == person.id]
    # Who left the team is off as was written; where they are by now is no matter of this sprint.
    return [*written, *(_aways(sprint, person) if _is_member(sprint, person) else [])]


def _aways(sprint: Sprint, person: Person) -> list[Span]:
    return [days(away, person.zone or sprint.team.zone) for away in person.aways]


def _is_member(sprint: Sprint, person: Person) -> bool:
    return any(member.person_id == person.id for member in sprint.team.members)


def _within(sprint: Sprint, off: dict[str, tuple[Person, list[Span]]]) -> list[DaysOff]:
    found = [
        DaysOff(person, max(first, sprint.starts_on), min(last, sprint.ends_on))
        for person, theirs in off.values()
        for first, last in merged(theirs)
        if first <= sprint.ends_on and last >= sprint.starts_on
    ]
    return sorted(found, key=lambda each: (each.starts_on, each.person.name))


def merged(spans: Iterable[Span]) -> list[Span]:
    """The same days in order, with those that touch as one span. An away that was over on its first day has none."""
    found: list[Span] = []
    for first, last in sorted(span for span in spans if span[0] <= span[1]):
        if found and first - timedelta(days=1) <= found[-1][1]:
            found[-1] = (found[-1][0], max(last, found[-1][1]))
        else:
            found.append((first, last))
    return found
