"""What the clock asks people in their DM. Each can be answered with one tap, and says afterwards what was answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar.wording import count, days
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS, carried
from bot.domain.rhythm.prompts import OldMarks, Prompt, TurnPrompt
from bot.domain.rhythm.riders import FeedbackLine, Riders
from bot.views import kit, routes
from bot.views.feedback import rhythms as feedback
from bot.views.heroes import hand_overs, heroes
from bot.views.kit import Block
from bot.views.sharing import contexts
from bot.views.sprints.overviews import mark_field
from bot.views.sprints.sprints import CHANGE, FINALIZE, PLAN, SHOW, WRAP_UP, WRITE, below, key
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
        return with_one_line(f"{sprint_words(prompt)}: the message below asks you now.")
    if prompt.answered:
        return _answered(prompt)
    if prompt.away:
        return _away(prompt)
    if prompt.off:
        return _off(prompt)
    if not prompt.needed:
        return with_one_line(f"The turn to *{sprint_words(prompt)}* has passed.")
    opening = _opening(prompt)
    shown, items_left = _in_sight(prompt.earlier)
    riders = _riders(prompt.riders)
    here = sprint_key(prompt)
    in_form = _in_the_form(items_left, len(riders) - RIDERS)
    blocks = [
        kit.section(opening),
        *map(_item_at_a_glance, shown),
        *(rider_field(each) for each in riders[:RIDERS]),
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
        return f"The plan for *{sprint_words(prompt)}* is final. Add yours when you like."
    begins = "A reminder, and the only one: " if prompt.repeats else ""
    ended = prompt.ended
    if prompt.wraps_up and ended is not None:
        words = f"*{_dates(ended)}* ends, *{_dates(prompt.sprint)}* comes. "
        asks = "How far did you get, what did you learn, what's next?"
        return f"{begins}{kit.escape(prompt.sprint.team.name)}: {words}{asks}"
    return f"{begins}What do you plan for *{sprint_words(prompt)}*?"


def _item(item: Item) -> Block:
    """An item with its mark: one tap to open, one to choose."""
    return _with_mark(item, _line(item, with_mark=False))


def _item_at_a_glance(item: Item) -> Block:
    return _with_mark(item, _at_a_glance(item))


def _with_mark(item: Item, words: str) -> Block:
    return kit.section(words, mark_field(f"{MARK}_{item.id}", item.id, Mark(item.mark)))


def _at_a_glance(item: Item) -> str:
    often = f" _({carried(item.carried)})_" if item.carried else ""
    return f"{kit.escape(kit.shorten(kit.unlinked(item.title), ITEM_SHOWN))}{often}"


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
    ends = riders.hands_over
    found = [Rider(hand_overs.ENDS, hand_overs.ENDS, hand_overs.button(ends))] if ends is not None else []
    found += [Rider(words, words) for words in heroes.yours(riders.hero_in)]
    found += [Rider(ONE_TURN, ONE_TURN)] if riders.one_turn else []
    found += [Rider(f"🤝 {_short(embeds.yours(each))}") for each in riders.embeds]
    found += [Rider(f"🔁 From the retro: {_short(each.text)}") for each in riders.actions]
    notes = [*zip(contexts.lines(riders.context, NOTE_SHOWN), contexts.lines(riders.context), strict=True)]
    found += [Rider(words, whole) for words, whole in notes]
    return [*found, *feedback_rider(riders.feedback)]


def _short(text: str) -> str:
    return kit.escape(kit.shorten(text, RIDER_SHOWN))


def rider_field(rider: Rider) -> Block:
    return kit.section(rider.words, rider.accessory)


def feedback_rider(line: FeedbackLine | None) -> list[Rider]:
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
    return [kit.button("Finalize", FINALIZE, sprint_key(prompt), style="primary")] if prompt.may_finalize else []


def _answered(prompt: TurnPrompt) -> Message:
    final = prompt.sprint.finalized_at is not None
    said = f"Your plan for *{sprint_words(prompt)}* is in."
    if prompt.may_finalize:
        said += " The others have answered: now you can finalize it."
    lines = [said, *(_line(item) for item in prompt.mine)]
    if not prompt.mine:
        lines.append("_Nothing this time._")
    to_mark = prompt.earlier if prompt.wraps_up else []
    line = [] if prompt.feedback is not None and prompt.feedback.offers else feedback_rider(prompt.feedback)
    blocks = [
        *kit.paragraphs(lines),
        *([kit.section("*Your marks*")] if to_mark else []),
        *map(_item, to_mark),
        *map(rider_field, line),
    ]
    lines += [each.words for each in line]
    change = (
        ("Change my plan", CHANGE, str(prompt.sprint.id)) if final else ("Change my plan", WRITE, sprint_key(prompt))
    )
    foot = [kit.actions(*_finalize(prompt), kit.button(*change), kit.button("Show the plan", SHOW, sprint_key(prompt)))]
    marks = ["Your marks:", *(_line(item) for item in to_mark)] if to_mark else []
    return Message(kit.in_short([*lines, *marks]), kit.fit_message(blocks, foot, MORE))


def _away(prompt: TurnPrompt) -> Message:
    line = f"You are away, and nobody waits for you. *{sprint_words(prompt)}* asks you when you are back."
    if not prompt.can_undo:
        return with_lateness(prompt, [f"{line} It's too late to undo that: `/sprint back` says that you're here."], [])
    return with_lateness(prompt, [line], [kit.actions(kit.button("Undo", UNDO_AWAY, str(prompt.sprint.id)))])


def _off(prompt: TurnPrompt) -> Message:
    line = f"You are off for *{sprint_words(prompt)}*, and nobody waits for you. What is unfinished waits until you are back."
    return with_lateness(prompt, [line], [kit.actions(kit.button("Write a plan anyway", WRITE, sprint_key(prompt)))])


# --- the lead ---------------------------------------------------------------------------------------------------


def nudge(sprint: Sprint) -> Message:
    """One line in the plan's thread, the working day after: the plan is still open."""
    name = kit.escape(sprint.team.name)
    return Message(f"The plan of {name} for {_dates(sprint)} is still open. One sentence of direction makes it final.")


# --- what an older version asked ----------------------------------------------------------------------------------


def old_marks(prompt: OldMarks) -> Message:
    """A message that asked for marks and notes by themselves: it can still be answered."""
    opening = f"*{sprint_words(prompt)}* ends."
    if prompt.closed:
        return with_one_line(f"*{sprint_words(prompt)}* is closed.")
    write = kit.button("Write notes", NOTES, sprint_key(prompt))
    blocks = [kit.section(opening), *map(_item, prompt.mine), *([] if prompt.answered else [kit.actions(write)])]
    return Message(kit.in_short([opening, *map(_line, prompt.mine)]), kit.fit_message(blocks, [], MORE))


# --- what all share ---------------------------------------------------------------------------------------------


def sprint_words(prompt: Prompt) -> str:
    sprint = prompt.sprint
    return f"{kit.escape(sprint.team.name)}, {_dates(sprint)}"


def _dates(sprint: Sprint) -> str:
    return days(sprint.starts_on, sprint.ends_on)


def sprint_key(prompt: Prompt) -> str:
    return key(prompt.sprint.team_id, prompt.sprint.starts_on)


def _line(item: Item, *, with_mark: bool = True) -> str:
    often = f" _({carried(item.carried)})_" if item.carried else ""
    return f"{f'{MARKS[Mark(item.mark)]} ' if with_mark else ''}{kit.linked(item.title)}{often}{below(item)}"


def with_lateness(prompt: Prompt, lines: Sequence[str], foot: Sequence[Block], *beside: str) -> Message:
    """`beside` is what of the foot is to be read, too."""
    end = [*_lateness(prompt), *foot]
    return Message(kit.in_short([*lines, *beside]), kit.fit_message(kit.paragraphs(lines), end, MORE))


def _lateness(prompt: Prompt) -> list[Block]:
    if prompt.late_for is None or not prompt.needed:
        return []
    return [kit.context(f"This was due at {_clock(prompt.late_for, prompt.zone)}; sorry that it comes late.")]


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def with_one_line(line: str) -> Message:
    return Message(line, [kit.context(line)])
