"""A team's part of the sprint page, as the Markdown that people used to write by hand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from sqlalchemy.orm import Session

from bot.domain.calendar import wording
from bot.domain.calendar.wording import period
from bot.domain.company import absences
from bot.domain.company.absences import DaysOff
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.heroes import heroes
from bot.domain.planning import contents, partners
from bot.domain.retros import actions, agreements, retros, typed
from bot.domain.sprints import sequence, sprints
from models.retros import Action, ActionState, Agreement, Note, Retro, Side
from models.sprints import Absence, Item, Mark, Priority, Sprint

MARKS = {Mark.FINISHED: "🟢", Mark.IN_PROGRESS: "🟡", Mark.WONT_FINISH: "🔴", Mark.NOT_STARTED: "⚪"}
COLUMNS = {Side.WELL: "What went well", Side.BETTER: "What could be better", Side.PUZZLE: "Puzzles"}
ALSO = "Also"  # a heading for what follows another one's items and has none
ORDINALS = ("second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")


@dataclass(frozen=True)
class RetroPart:
    """What a retro adds to a sprint's marks: the notes that everybody may read, what they led to, and what stands.

    `earlier` are the improvements of earlier retros.
    """

    notes: Sequence[Note] = ()
    actions: Sequence[Action] = ()
    agreements: Sequence[Agreement] = ()
    earlier: Sequence[Action] = ()


def sprint_page(session: Session, sprint: Sprint) -> str:
    """The sprint's plan below the retro of the one before it, as Markdown."""
    previous = sequence.previous(session, sprint)
    retro = retros.find(session, previous.id) if previous else None
    part = _part(session, retro) if retro else RetroPart()
    # The retro has the same people at hand with less of each, so the sprints are read after it.
    last = sprints.load(session, previous.id) if previous else None
    return to_markdown(sprints.load(session, sprint.id), last, part, embeds.of_sprint(session, sprint))


def retro_page(session: Session, retro: Retro) -> str:
    """A retro alone, as Markdown. Notes that are still hidden are left out."""
    earlier = actions.improvements_before(session, retro.sprint.team_id, retro.sprint.starts_on)
    part = replace(_part(session, retro), earlier=earlier)
    return retro_to_markdown(sprints.load(session, retro.sprint_id), part)


def _part(session: Session, retro: Retro) -> RetroPart:
    """What everybody may read of a retro."""
    return RetroPart(
        notes=retros.visible(retro, None),
        actions=actions.of_retro(session, retro.id),
        agreements=agreements.standing(session, retro.sprint.team_id),
    )


def to_markdown(
    sprint: Sprint, previous: Sprint | None, retro: RetroPart = RetroPart(), shared: Sequence[Embed] = ()
) -> str:
    """The sprint's plan below the retro of the one before it, with who of another team is there, or the other way round.

    A part that nobody filled in is left out.
    """
    title = f"# Team {sprint.team.name} — sprint {period(sprint.starts_on, sprint.ends_on)}\n"
    blocks = [title, _header(sprint, shared), _direction(sprint), _retro(previous, retro), _plan(sprint)]
    return "\n".join(block for block in blocks if block)


def off(absence: Absence | DaysOff, sprint: Sprint) -> str:
    """Who is off and when; without days when it is the whole sprint."""
    if absence.starts_on <= sprint.starts_on and absence.ends_on >= sprint.ends_on:
        return absence.person.name
    return wording.off(absence.person.name, absence.starts_on, absence.ends_on)


def carried(times: int) -> str:
    """How often an item was taken along, in words: nothing, `carried over`, `carried over, second sprint`."""
    if times == 0:
        return ""
    if times == 1:
        return "carried over"
    ordinal = ORDINALS[times - 2] if times - 2 < len(ORDINALS) else f"{times}th"
    return f"carried over, {ordinal} sprint"


def parts(text: str, size: int) -> list[str]:
    """A document in parts of at most `size` characters, torn between lines only; a longer line is a part of its own."""
    found = [""]
    for line in text.splitlines(keepends=True):
        if found[-1] and len(found[-1]) + len(line) > size:
            found.append("")
        found[-1] += line
    return found


def _header(sprint: Sprint, shared: Sequence[Embed]) -> str:
    lines = []
    if named := heroes.named(heroes.of(sprint)):
        lines.append(f"**Support hero:** {named}\n")
    if away := absences.in_sprint(sprint):
        lines.append(f"**Off during the sprint:** {', '.join(off(each, sprint) for each in away)}\n")
    if with_us := [each for each in shared if each.booking.team_id == sprint.team_id]:
        lines.append(f"**With us:** {'; '.join(map(embeds.hosted, with_us))}\n")
    if lent := [each for each in shared if each.booking.team_id != sprint.team_id]:
        lines.append(f"**With other teams:** {'; '.join(map(embeds.lent, lent))}\n")
    return "".join(lines)


def _direction(sprint: Sprint) -> str:
    return f"## Direction\n\n{sprint.direction}\n" if sprint.direction else ""


def retro_to_markdown(sprint: Sprint, retro: RetroPart) -> str:
    """A sprint's retro alone, as it stands in the page of the sprint after it."""
    title = f"# Team {sprint.team.name} — retro {period(sprint.starts_on, sprint.ends_on)}\n"
    return "\n".join(part for part in [title, _retro(sprint, retro)] if part)


def _retro(sprint: Sprint | None, retro: RetroPart) -> str:
    parts = [
        _tasks(sprint),
        *_columns(retro),
        _actions("Actions", retro.actions),
        _actions("Earlier improvements", retro.earlier, improvements=True),
        _agreements(retro),
    ]
    written = [part for part in parts if part]
    return "\n".join(["## Retro\n", *written]) if written else ""


def _columns(retro: RetroPart) -> list[str]:
    found = []
    for side, heading in COLUMNS.items():
        standing = [note for note in retro.notes if note.side == side and note.merged_into_id is None]
        bullets = "".join(_note(note, retro) for note in standing)
        found.append(f"### {heading}\n\n{bullets}" if bullets else "")
    return found


def _note(note: Note, retro: RetroPart) -> str:
    alike = [note, *(each for each in retro.notes if each.merged_into_id == note.id)]
    agree = {each.person_id for one in alike for each in one.me_toos} - {
        each for one in alike for each in retros.writers(one)
    }
    more = f", and {len(agree)} more" if agree else ""
    first, *merged = (_said(one) for one in alike)
    below = "".join(f"  - {line}\n" for line in typed.below(note.text))
    nested = (_nested(one, said) for one, said in zip(alike[1:], merged, strict=True))
    return "".join([f"- {first}{more}\n", below, *nested])


def _said(note: Note) -> str:
    link = f" ({note.link})" if note.link else ""
    return f"{typed.headline(note.text)}{link} — {' and '.join(retros.names(note))}"


def _nested(note: Note, said: str) -> str:
    return f"  - {said}\n" + "".join(f"    - {line}\n" for line in typed.below(note.text))


def _actions(heading: str, led_to: Sequence[Action], *, improvements: bool = False) -> str:
    lines = []
    for action in led_to:
        due = f", by {wording.a_day(action.due_on)}" if action.due_on else ""
        first = "**One improvement:** " if action.is_improvement and not improvements else ""
        owner = "" if action.wants_taker else f" — {action.owner.name}"
        lines.append(f"- {first}{action.text}{owner}{due}{_became(action, improvements)}\n")
    return f"### {heading}\n\n" + "".join(lines) if lines else ""


def _became(action: Action, is_earlier: bool) -> str:
    if action.state == ActionState.DROPPED:
        return f" (dropped: {action.because})" if action.because else " (dropped)"
    if action.state == ActionState.DONE:
        return " (finished)"
    return " (still open)" if is_earlier else ""


def _agreements(retro: RetroPart) -> str:
    lines = [f"- {agreement.text}\n" for agreement in retro.agreements]
    return "### What we agreed on\n\n" + "".join(lines) if lines else ""


def _tasks(previous: Sprint | None) -> str:
    if previous is None or not contents.active(previous):
        return ""
    lines = [f"{MARKS[Mark(item.mark)]} {item.title} — {whose(item)}" for item in _in_order(previous)]
    return "### Tasks\n\n" + _bullets(lines, map(_below, _in_order(previous)))


def _plan(sprint: Sprint) -> str:
    parts = [
        _priority("### High priority", contents.of_priority(sprint, Priority.HIGH)),
        _priority("### Low priority / side quests", contents.of_priority(sprint, Priority.SIDE)),
        _impacted(sprint.impacted),
    ]
    return "\n".join(["## Plan\n", *(part for part in parts if part)])


def _priority(heading: str, items: Sequence[Item]) -> str:
    if not items:
        return ""
    parts = [
        (f"#### {name}\n\n" if name else "") + _bullets([_planned(item) for item in listed], map(_below, listed))
        for name, listed in under_headings(items)
    ]
    return "\n".join([f"{heading}\n", *parts])


def under_headings(items: Iterable[Item]) -> list[tuple[str, list[Item]]]:
    """Items in their order, in runs that stand under one heading. What follows a heading and has none is under ALSO."""
    runs: list[tuple[str, list[Item]]] = []
    for heading, listed in groupby(items, key=lambda item: item.heading):
        runs.append((heading or (ALSO if runs else ""), list(listed)))
    return runs


def _planned(item: Item) -> str:
    return f"{item.title} — {whose(item)}" + (f" ({carried(item.carried)})" if item.carried else "")


def whose(item: Item) -> str:
    """Whose item it is, and who does it with them."""
    return item.owner.name + with_whom(item.others)


def with_whom(others: str) -> str:
    """Who does an item with its owner, behind the owner's name; nothing where nobody does."""
    return f", with {partners.listed(others)}" if others else ""


def _impacted(impacted: str) -> str:
    lines = [line.strip() for line in impacted.splitlines() if line.strip()]
    return "### Other teams impacted\n\n" + _bullets(lines, [()] * len(lines)) if lines else ""


def _below(item: Item) -> Sequence[str]:
    return [*([item.note] if item.note else []), *item.points.splitlines()]


def _bullets(lines: Iterable[str], below: Iterable[Sequence[str]]) -> str:
    found = zip(lines, below, strict=True)
    return "".join(f"- {line}\n" + "".join(f"  - {point}\n" for point in points) for line, points in found)


def _in_order(sprint: Sprint) -> list[Item]:
    return [*contents.of_priority(sprint, Priority.HIGH), *contents.of_priority(sprint, Priority.SIDE)]
