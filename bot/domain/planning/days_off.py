"""Who is off on which days of a sprint."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from bot.domain.calendar import wording
from bot.platform.errors import Refusal
from models.sprints import (
    Absence,
    Sprint,
)


@dataclass(frozen=True)
class DaysOffEntry:
    """Somebody is off from one day to another, both included; None means the sprint's own first or last day."""

    starts_on: date | None
    ends_on: date | None


def write(
    session: Session, sprint: Sprint, person_id: str, off_from: date | None, off_until: date | None
) -> tuple[date, date] | None:
    """Write down when somebody is off in a sprint: without a last day on the first one alone. Days that reach beyond it are returned: they are away, not off in it."""
    if off_from is None and off_until is not None:
        raise Refusal("From which day on? Choose the first day you are off.", field="off_from")
    absence = next((absence for absence in sprint.absences if absence.person_id == person_id), None)
    if off_from is None:
        _forget(session, sprint, absence)
        return None
    typed = (off_from, off_until or off_from)
    days = within(sprint, DaysOffEntry(*typed), ("off_from", "off_until"))
    if days != typed:
        _forget(session, sprint, absence)
        return typed
    if absence is None:
        absence = Absence(sprint_id=sprint.id, person_id=person_id)
        sprint.absences.append(absence)
    absence.starts_on, absence.ends_on = days
    return None


def _forget(session: Session, sprint: Sprint, absence: Absence | None) -> None:
    if absence is not None:
        sprint.absences.remove(absence)
        session.delete(absence)


def within(sprint: Sprint, off: DaysOffEntry, fields: tuple[str, str]) -> tuple[date, date]:
    """The days off that lie in the sprint. Raises Refusal, under one of the two `fields`, when none do."""
    starts_on = off.starts_on or sprint.starts_on
    ends_on = off.ends_on or sprint.ends_on
    if ends_on < starts_on:
        raise Refusal("The last day off is before the first one. Swap them.", field=fields[1])
    if starts_on > sprint.ends_on or ends_on < sprint.starts_on:
        raise Refusal(
            f"That is outside this sprint: {wording.days(sprint.starts_on, sprint.ends_on)}. "
            "Say it with `/sprint away`.",
            field=fields[0],
        )
    return max(starts_on, sprint.starts_on), min(ends_on, sprint.ends_on)
