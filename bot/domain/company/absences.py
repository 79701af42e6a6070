"""Who is off when: for one sprint, as they or their lead wrote there, or away from everything."""

from dataclasses import dataclass
from datetime import date

from bot.domain.calendar.periods import Span, days, merged
from models.company import Person
from models.sprints import Sprint


@dataclass(frozen=True)
class DaysOff:
    """Somebody is off on both days and all between."""

    person: Person
    starts_on: date
    ends_on: date


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
    # A closed sprint stays as it was: people who go away or say so after it was closed were there while it ran.
    closed_at = sprint.closed_at
    counts = [
        each
        for each in person.aways
        if closed_at is None or max(each.starts_at, each.said_at or each.starts_at) < closed_at
    ]
    return [days(away, person.zone or sprint.team.zone) for away in counts]


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
