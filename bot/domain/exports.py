"""A team's part of the sprint page, as the Markdown that people used to write by hand."""

from collections.abc import Iterable, Sequence

from bot.domain import absences, plans, words
from bot.domain.absences import DaysOff
from bot.domain.words import period
from models.items import Item, Mark, Priority
from models.sprints import Absence, Sprint

MARKS = {Mark.FINISHED: "🟢", Mark.IN_PROGRESS: "🟡", Mark.WONT_FINISH: "🔴", Mark.NOT_STARTED: "⚪"}
ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


def to_markdown(sprint: Sprint, previous: Sprint | None) -> str:
    """The sprint's plan below the marks of the one before it. A part that nobody filled in is left out."""
    title = f"# Team {sprint.team.name} — sprint {period(sprint.starts_on, sprint.ends_on)}\n"
    blocks = [title, _header(sprint), _direction(sprint), _retro(previous), _plan(sprint)]
    return "\n".join(block for block in blocks if block)


def off(absence: Absence | DaysOff, sprint: Sprint) -> str:
    """Who is off and when; without days when it is the whole sprint."""
    if absence.starts_on <= sprint.starts_on and absence.ends_on >= sprint.ends_on:
        return absence.person.name
    return words.off(absence.person.name, absence.starts_on, absence.ends_on)


def carried(times: int) -> str:
    """How often an item was taken along, in words: nothing, `carried over`, `carried over, second sprint`."""
    if times == 0:
        return ""
    if times == 1:
        return "carried over"
    ordinal = ORDINALS[times - 2] if times - 2 < len(ORDINALS) else f"{times}th"
    return f"carried over, {ordinal} sprint"


def _header(sprint: Sprint) -> str:
    lines = []
    if sprint.hero is not None:
        lines.append(f"**Support hero:** {sprint.hero.name}\n")
    if away := absences.in_sprint(sprint):
        lines.append(f"**Off during the sprint:** {', '.join(off(each, sprint) for each in away)}\n")
    return "".join(lines)


def _direction(sprint: Sprint) -> str:
    return f"## Direction\n\n{sprint.direction}\n" if sprint.direction else ""


def _retro(previous: Sprint | None) -> str:
    if previous is None or not plans.active(previous):
        return ""
    lines = [f"{MARKS[Mark(item.mark)]} {item.title} — {item.owner.name}" for item in _in_order(previous)]
    notes = [item.note for item in _in_order(previous)]
    return "## Retro\n\n### Tasks\n\n" + _bullets(lines, notes)


def _plan(sprint: Sprint) -> str:
    parts = [
        _priority("### High priority", plans.of_priority(sprint, Priority.HIGH)),
        _priority("### Low priority / side quests", plans.of_priority(sprint, Priority.SIDE)),
        _impacted(sprint.impacted),
    ]
    return "\n".join(["## Plan\n", *(part for part in parts if part)])


def _priority(heading: str, items: Sequence[Item]) -> str:
    if not items:
        return ""
    lines = [
        f"{item.title} — {item.owner.name}" + (f" ({carried(item.carried)})" if item.carried else "") for item in items
    ]
    return f"{heading}\n\n" + _bullets(lines, [item.note for item in items])


def _impacted(impacted: str) -> str:
    lines = [line.strip() for line in impacted.splitlines() if line.strip()]
    return "### Other teams impacted\n\n" + _bullets(lines, [None] * len(lines)) if lines else ""


def _bullets(lines: Iterable[str], notes: Iterable[str | None]) -> str:
    return "".join(f"- {line}\n" + (f"  - {note}\n" if note else "") for line, note in zip(lines, notes, strict=True))


def _in_order(sprint: Sprint) -> list[Item]:
    return [*plans.of_priority(sprint, Priority.HIGH), *plans.of_priority(sprint, Priority.SIDE)]
