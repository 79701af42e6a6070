"""What the clock asks people in their DM. Each can be answered with one tap, and says afterwards what was answered."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar.wording import count, days
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS, carried
from bot.domain.rhythm.prompts import LeadPrompt, OldMarks, Prompt, TurnPrompt
from bot.views import kit, routes
from bot.views.kit import Block
from bot.views.planning import comments, plans
from bot.views.sharing import contexts
from bot.views.sprints.sprints import CHANGE, FINALIZE, PLAN, SHOW, WRAP_UP, WRITE, key, mark_field
from models.sprints import Item, Mark, Sprint

AGAIN = routes.SAME_AGAIN.verb  # *Nothing new*; an older version called it *Same again*
AWAY = "prompt_away"
UNDO_AWAY = "prompt_here"
OFF = "prompt_off"  # an older version's *I'm off*
MARK = "prompt_mark"
MORE = "There is more: `/sprint` shows all of it."
AT_A_GLANCE = 160  # characters of what others wrote
RIDERS = 3  # of what else there is to know: the message fits one screen of a phone
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
    riders = _riders(prompt)
    here = _key(prompt)
    blocks = [kit.section(opening), *(_item(item) for item in prompt.earlier), *kit.paragraphs(riders)]
    foot = [
        *_lateness(prompt),
        kit.actions(
            kit.button(WRAP_UP if prompt.wraps_up else PLAN, WRITE, here, style="primary"),
            kit.button("Nothing new", AGAIN, here),
            kit.button("I'm away", AWAY, here),
            *_finalize(prompt),
        ),
    ]
    lines = [opening, *map(_line, prompt.earlier), *riders]
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
    return kit.section(_line(item, with_mark=False), mark_field(f"{MARK}_{item.id}", item.id, Mark(item.mark)))


def _riders(prompt: TurnPrompt) -> list[str]:
    """What else there is to know for the next sprint, the most urgent first."""
    found = [f"🤝 {kit.escape(embeds.yours(each))}" for each in prompt.embeds]
    found += [f"🔁 From the retro: {kit.escape(each.text)}" for each in prompt.actions]
    found += contexts.lines(prompt.context)
    more = [f"… and {len(found) - RIDERS} more in the form."] if len(found) > RIDERS else []
    return [*found[:RIDERS], *more]


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
    blocks = [*kit.paragraphs(lines), *([kit.section("*Your marks*")] if to_mark else []), *map(_item, to_mark)]
    change = kit.button("Change my plan", CHANGE, str(prompt.sprint.id))
    edit = change if final else kit.button("Edit", WRITE, _key(prompt))
    foot = [kit.actions(*_finalize(prompt), edit, kit.button("Show the plan", SHOW, _key(prompt)))]
    marks = ["Your marks:", *(_line(item) for item in to_mark)] if to_mark else []
    return Message(kit.in_short([*lines, *marks]), kit.fit_message(blocks, foot, MORE))


def _away(prompt: TurnPrompt) -> Message:
    line = f"You are away, and nobody waits for you. *{_sprint(prompt)}* asks you when you are back."
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
    lines += plans.overlap_lines(prompt.overlaps)
    if prompt.comments:
        lines.append(comments.open_line(prompt.comments))
    finalize = kit.button("Finalize", FINALIZE, _key(prompt), style="primary")
    mine = [
        kit.button(WRAP_UP, WRITE, _key(prompt)),
        kit.button("Nothing new", AGAIN, _key(prompt)),
    ]
    return _message(prompt, lines, [kit.actions(finalize, *(mine if prompt.answers else []), show)])


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


def _message(prompt: Prompt, lines: Sequence[str], foot: Sequence[Block]) -> Message:
    end = [*_lateness(prompt), *foot]
    return Message(kit.in_short(lines), kit.fit_message(kit.paragraphs(lines), end, MORE))


def _lateness(prompt: Prompt) -> list[Block]:
    if prompt.late_for is None or not prompt.needed:
        return []
    return [kit.context(f"This was due at {_clock(prompt.late_for, prompt.zone)}; sorry that it comes late.")]


def _clock(at: datetime, zone: str) -> str:
    return f"{at.astimezone(ZoneInfo(zone)):%H:%M}"


def _passed(line: str) -> Message:
    return Message(line, [kit.context(line)])
