"""What the clock asks people in their DM. Each can be answered with one tap, and says afterwards what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar.wording import count, days
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS, carried
from bot.domain.rhythm.prompts import LeadPrompt, OldMarks, Prompt, TurnPrompt
from bot.domain.rhythm.riders import FeedbackLine, Riders
from bot.views import kit, routes
from bot.views.feedback import rhythms as feedback
from bot.views.kit import Block
from bot.views.planning import comments, finalizing
from bot.views.sharing import contexts
from bot.views.sprints.overviews import mark_field
from bot.views.sprints.sprints import CHANGE, FINALIZE, PLAN, SHOW, WRAP_UP, WRITE, key
from models.sprints import UNFINISHED, Item, Mark, Priority, Sprint

AGAIN = routes.SAME_AGAIN.verb  # *Nothing new*; an older version called it *Same again*
AWAY = "prompt_away"
UNDO_AWAY = "prompt_here"
OFF = "prompt_off"  # an older version's *I'm off*
MARK = "prompt_mark"
MORE = "There is more: `/sprint` shows all of it."
AT_A_GLANCE = 160  # characters of what others wrote
# The message fits one screen of a phone: so many items, so much else to know, and so many characters of each.
ITEMS, RIDERS = 6, 3
ITEM_SHOWN, RIDER_SHOWN, NOTE_SHOWN = 56, 64, 40
ONE_TURN = "🆕 Notes are revealed once all have answered. *Me too* takes the place of votes."
NOTES = routes.WRITE_NOTES.verb
NOTHING = "retro_nothing"


# --- the turn ---------------------------------------------------------------------------------------------------


def turn(prompt: TurnPrompt) -> Message:
    """The passage from one sprint to the next, in one message: my items, and three ways to answer."""
    if not prompt.is_live and not prompt.answered:
        return _passed(f"{_sprint(prompt)}: the message below asks you now.")
    if prompt.answered:
        return _answered(prompt)
    if prompt.away:
        return _away(prompt)
    if prompt.off:
        return _off(prompt)
    if not prompt.needed:
        return _passed(f"The turn to *{_sprint(prompt)}* has passed.")
    opening = _opening(prompt)
    shown, items_left = _in_sight(prompt.earlier)
    riders = _riders(prompt.riders)
    here = _key(prompt)
    in_form = _in_the_form(items_left, len(riders) - RIDERS)
    blocks = [
        kit.section(opening),
        *map(_item_at_a_glance, shown),
        *(_rider(each) for each in riders[:RIDERS]),
        *([kit.context(in_form)] if in_form else []),
    ]
    foot = [
        *_lateness(prompt),
        kit.actions(
            kit.button(WRAP_UP if prompt.wraps_up else PLAN, WRITE, here, style="primary"),
            kit.button("Nothing new", AGAIN, here),
            kit.button("I'm away", AWAY, here),
            *_finalize(prompt),
        ),
    ]
    said = [each.words for each in riders[:RIDERS]]
    lines = [opening, *map(_line_at_a_glance, shown), *said, *([in_form] if in_form else [])]
    return Message(kit.in_short(lines), kit.fit_message(blocks, foot, MORE))


def _opening(prompt: TurnPrompt) -> str:
    final = prompt.sprint.finalized_at is not None
    if final:
        return f"The plan for *{_sprint(prompt)}* is final. Add yours when you like."
    begins = "A reminder, and the only one: " if prompt.repeats else ""
    ended = prompt.ended
    if prompt.wraps_up and ended is not None:
        words = f"*{_dates(ended)}* ends, *{_dates(prompt.sprint)}* comes. "
        asks = "How far did you get, what did you learn, what's next?"
        return f"{begins}{kit.escape(prompt.sprint.team.name)}: {words}{asks}"
    return f"{begins}What do you plan for *{_sprint(prompt)}*?"


def _item(item: Item) -> Block:
    """An item with its mark: one tap to open, one to choose."""
    return _with_mark(item, _line(item, with_mark=False))


def _item_at_a_glance(item: Item) -> Block:
    return _with_mark(item, _at_a_glance(item))


def _with_mark(item: Item, words: str) -> Block:
    return kit.section(words, mark_field(f"{MARK}_{item.id}", item.id, Mark(item.mark)))


def _at_a_glance(item: Item) -> str:
    often = f" _({carried(item.carried)})_" if item.carried else ""
    return f"{kit.escape(kit.shorten(item.title, ITEM_SHOWN))}{often}"


def _line_at_a_glance(item: Item) -> str:
    return f"{MARKS[Mark(item.mark)]} {_at_a_glance(item)}"


def _in_sight(items: Sequence[Item]) -> tuple[Sequence[Item], int]:
    """The items that the message has room for, those that are not settled first, and how many it has none for."""
    if len(items) <= ITEMS:
        return items, 0
    first = sorted(items, key=lambda item: (item.mark not in UNFINISHED, item.priority != Priority.HIGH))[:ITEMS]
    return [item for item in items if item in first], len(items) - ITEMS


def _in_the_form(items_left: int, riders_left: int) -> str:
    left = [
        *([count(items_left, "item")] if items_left else []),
        *([f"{riders_left} more to know"] if riders_left > 0 else []),
    ]
    return f"… and in the form {' and '.join(left)}." if left else ""


@dataclass(frozen=True)
class Rider:
    """Something to know beside the question, in one line. `whole` is what the form says of it; None where that has it anyway."""

    words: str
    whole: str | None = None
    accessory: kit.Element | None = None


def _riders(riders: Riders) -> list[Rider]:
    """All there is to know for the next sprint, the most urgent first."""
    found = [Rider(ONE_TURN, ONE_TURN)] if riders.one_turn else []
    found += [Rider(f"🤝 {_short(embeds.yours(each))}") for each in riders.embeds]
    found += [Rider(f"🔁 From the retro: {_short(each.text)}") for each in riders.actions]
    notes = [*zip(contexts.lines(riders.context, NOTE_SHOWN), contexts.lines(riders.context), strict=True)]
    found += [Rider(words, whole) for words, whole in notes]
    return [*found, *_feedback(riders.feedback)]


def _short(text: str) -> str:
    return kit.escape(kit.shorten(text, RIDER_SHOWN))


def _rider(rider: Rider) -> Block:
    return kit.section(rider.words, rider.accessory)


def _feedback(line: FeedbackLine | None) -> list[Rider]:
    if line is None:
        return []
    if line.offers:
        gone = f"{feedback.GONE} " if line.moved else ""
        return [Rider(f"💬 {gone}{feedback.OFFERS}", None, feedback.offer_field())]
    moved = f"{feedback.MOVED} " if line.moved else ""
    if not line.candidates:
        return [Rider(f"💬 {moved.strip()}", moved.strip(), feedback.menu_field(()))]
    words = feedback.line(line.candidates)
    return [Rider(f"{words}{f' _{moved.strip()}_' if moved else ''}", words, feedback.menu_field(line.candidates))]


def beside(riders: Riders) -> list[str]:
    """What the message had no room for and the form does not ask about anyway: it stands above the form's fields."""
    return [each.whole for each in _riders(riders)[RIDERS:] if each.whole is not None]


def _finalize(prompt: TurnPrompt) -> list[kit.Element]:
    return [kit.button("Finalize", FINALIZE, _key(prompt), style="primary")] if prompt.may_finalize else []


def _answered(prompt: TurnPrompt) -> Message:
    final = prompt.sprint.finalized_at is not None
    said = f"Your plan for *{_sprint(prompt)}* is in."
    if prompt.may_finalize:
        said += " The others have answered: now it is yours to finalize."
    lines = [said, *(_line(item) for item in prompt.mine)]
    if not prompt.mine:
        lines.append("_Nothing this time._")
    to_mark = prompt.earlier if prompt.wraps_up else []
    line = [] if prompt.feedback is not None and prompt.feedback.offers else _feedback(prompt.feedback)
    blocks = [
        *kit.paragraphs(lines),
        *([kit.section("*Your marks*")] if to_mark else []),
        *map(_item, to_mark),
        *map(_rider, line),
    ]
    lines += [each.words for each in line]
    change = kit.button("Change my plan", CHANGE, str(prompt.sprint.id))
    edit = change if final else kit.button("Edit", WRITE, _key(prompt))
    foot = [kit.actions(*_finalize(prompt), edit, kit.button("Show the plan", SHOW, _key(prompt)))]
    marks = ["Your marks:", *(_line(item) for item in to_mark)] if to_mark else []
    return Message(kit.in_short([*lines, *marks]), kit.fit_message(blocks, foot, MORE))


def _away(prompt: TurnPrompt) -> Message:
    line = f"You are away, and nobody waits for you. *{_sprint(prompt)}* asks you when you are back."
    if not prompt.can_undo:
        return _message(prompt, [f"{line} It's too late to undo that: `/sprint back` says that you're here."], [])
    return _message(prompt, [line], [kit.actions(kit.button("Undo", UNDO_AWAY, str(prompt.sprint.id)))])


def _off(prompt: TurnPrompt) -> Message:
    line = (
        f"You are off for *{_sprint(prompt)}*, and nobody waits for you. What is unfinished waits until you are back."
    )
    return _message(prompt, [line], [kit.actions(kit.button("Write a plan anyway", WRITE, _key(prompt)))])


# --- the lead ---------------------------------------------------------------------------------------------------


def lead(prompt: LeadPrompt) -> Message:
    """The notes are revealed, and the plan is to be made final: by the lead, or by anybody for them."""
    show = kit.button("Show the plan", SHOW, _key(prompt))
    if prompt.sprint.finalized_at is not None:
        return _message(prompt, [f"The plan for *{_sprint(prompt)}* is final. Thank you!"], [kit.actions(show)])
    if not prompt.needed:
        return _passed(f"Planning of *{_sprint(prompt)}* has passed.")
    lines = [_lead_opening(prompt), *_why(prompt), _who_answered(prompt), *_top_notes(prompt)]
    if prompt.touched:
        lines += ["What touches you:", *(_touch(name, line) for name, line in prompt.touched)]
    lines += finalizing.overlap_lines(prompt.overlaps)
    if prompt.comments:
        lines.append(comments.open_line(prompt.comments))
    finalize = kit.button("Finalize", FINALIZE, _key(prompt), style="primary")
    mine = [
        kit.button(WRAP_UP, WRITE, _key(prompt)),
        kit.button("Nothing new", AGAIN, _key(prompt)),
    ]
    rider = _feedback(prompt.feedback)
    foot = [*map(_rider, rider), kit.actions(finalize, *(mine if prompt.answers else []), show)]
    return _message(prompt, lines, foot, *(each.words for each in rider))


def _touch(name: str, line: str) -> str:
    return f"• {kit.escape(name)}: {kit.escape(kit.shorten(line, AT_A_GLANCE))}"


def _lead_opening(prompt: LeadPrompt) -> str:
    if prompt.because is not None:
        return f"{kit.escape(prompt.because)}. Anyone in the team can finalize *{_sprint(prompt)}*."
    return f"*{_sprint(prompt)}* is yours to finalize. One sentence of direction is enough."


def _why(prompt: LeadPrompt) -> list[str]:
    if not prompt.unasked:
        return []
    return ["Prickle was down while the turn came, so nobody was asked. What is unfinished carries over."]


def _who_answered(prompt: LeadPrompt) -> str:
    answered = len(prompt.sprint.answers)
    if not prompt.waiting:
        return "Everybody has answered." if answered else "Nobody has answered."
    names = kit.names([kit.escape(name) for name in prompt.waiting])
    if not answered:
        return f"No answer from {names}; what they left unfinished carries over."
    return f"{count(answered, 'answer')} in, none from {names}; what they left unfinished carries over."


def _top_notes(prompt: LeadPrompt) -> list[str]:
    """What the retro says first: the notes that most people stand behind."""
    if prompt.retro is None:
        return []
    if not prompt.notes:
        return ["Nobody wrote a note for the retro."]
    shown = [
        f"• {kit.escape(kit.shorten(note.text, AT_A_GLANCE))} — {kit.escape(note.author.name)}" for note in prompt.notes
    ]
    return ["From the retro:", *shown]


def nudge(sprint: Sprint) -> Message:
    """One line in the plan's thread, the working day after: the plan is still open."""
    name = kit.escape(sprint.team.name)
    return Message(f"The plan of {name} for {_dates(sprint)} is still open. One sentence of direction makes it final.")


# --- what an older version asked ----------------------------------------------------------------------------------


def old_marks(prompt: OldMarks) -> Message:
    """A message that asked for marks and notes by themselves: it can still be answered."""
    opening = f"*{_sprint(prompt)}* ends."
    if prompt.closed:
        return _passed(f"*{_sprint(prompt)}* is closed.")
    write = kit.button("Write notes", NOTES, _key(prompt))
    blocks = [kit.section(opening), *map(_item, prompt.mine), *([] if prompt.answered else [kit.actions(write)])]
    return Message(kit.in_short([opening, *map(_line, prompt.mine)]), kit.fit_message(blocks, [], MORE))


# --- what all share ---------------------------------------------------------------------------------------------


def _sprint(prompt: Prompt) -> str:
    sprint = prompt.sprint
    return f"{kit.escape(sprint.team.name)}, {_dates(sprint)}"


def _dates(sprint: Sprint) -> str:
    return days(sprint.starts_on, sprint.ends_on)


def _key(prompt: Prompt) -> str:
    return key(prompt.sprint.team_id, prompt.sprint.starts_on)


def _line(item: Item, *, with_mark: bool = True) -> str:
    often = f" _({carried(item.carried)})_" if item.carried else ""
    note = kit.note(item.note) if item.note else ""
    return f"{f'{MARKS[Mark(item.mark)]} ' if with_mark else ''}{kit.escape(item.title)}{often}{note}"


def _message(prompt: Prompt, lines: Sequence[str], foot: Sequence[Block], *beside: str) -> Message:
    """`beside` is what of the foot is to be read, too."""
    end = [*_lateness(prompt), *foot]
    return Message(kit.in_short([*lines, *beside]), kit.fit_message(kit.paragraphs(lines), end, MORE))


def _lateness(prompt: Prompt) -> list[Block]:
    if prompt.late_for is None or not prompt.needed:
        return []
    return [kit.context(f"This was due at {_clock(prompt.late_for, prompt.zone)}; sorry that it comes late.")]


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _passed(line: str) -> Message:
    return Message(line, [kit.context(line)])
