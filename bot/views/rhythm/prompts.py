"""What the clock asks people in their DM. Each can be answered with one click, and says afterwards what was answered."""

from collections.abc import Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.domain.calendar.wording import count, days
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS, carried
from bot.domain.rhythm.prompts import LeadPrompt, MarksPrompt, PlanPrompt, Prompt
from bot.views import kit, routes
from bot.views.kit import Block
from bot.views.planning import comments, plans
from bot.views.sharing import contexts
from bot.views.sprints.sprints import CHANGE, FINALIZE, MARK_NAMES, MINE, SHOW, WRITE, key, tally
from models.sprints import Item, Mark

AGAIN = routes.SAME_AGAIN.verb
OFF = "prompt_off"
MARK = "prompt_mark"
MORE = "There is more: `/sprint` shows all of it."
MOST_CARRIED = 8
NOTES = routes.WRITE_NOTES.verb
NOTHING = "retro_nothing"
NOTE_SHOWN, MOST_NOTES = 120, 10  # of one's own notes, in a prompt that is read at a glance


# --- planning ---------------------------------------------------------------------------------------------------


def planning(prompt: PlanPrompt) -> Message:
    """Planning is open."""
    return _planning(prompt, f"Planning is open: *{_sprint(prompt)}*")


def reminder(prompt: PlanPrompt) -> Message:
    """The one reminder."""
    return _planning(prompt, f"A reminder, and the only one: your plan for *{_sprint(prompt)}* is still to come.")


def _planning(prompt: PlanPrompt, opening: str) -> Message:
    if prompt.answered:
        return _answered(prompt)
    if prompt.off:
        return _off(prompt)
    if not prompt.needed:
        return _passed(f"Planning of *{_sprint(prompt)}* has passed.")
    here = _key(prompt)
    left = [_line(item) for item in prompt.unfinished]
    left_over = ["Unfinished from last time:", *left] if left else ["Nothing is left over from last time."]
    context = contexts.lines(prompt.context)
    lines = [*context, opening, *_elsewhere(prompt), *left_over]
    if prompt.actions:
        lines += ["From the retro, to pick in your plan:", *(f"🔁 {kit.escape(each.text)}" for each in prompt.actions)]
    again = kit.button("Same again", AGAIN, here, style="primary") if left else None
    write = kit.button("Write my plan", WRITE, here, style=None if left else "primary")
    hint = "*Same again* takes all of it along. " if left else ""
    foot = [
        kit.actions(again, write, kit.button("I'm off", OFF, here)),
        kit.context(f"{hint}Your plan will stand in {kit.channel(prompt.sprint.team.channel_id)}."),
    ]
    # A notification shows how the text begins, and that is why somebody is asked.
    said = [opening, *context, *lines[len(context) + 1 :]]
    return Message(kit.in_short(said), _message(prompt, lines, foot).blocks)


def _answered(prompt: PlanPrompt) -> Message:
    said = f"Your plan for *{_sprint(prompt)}* is in."
    lines = [said, *_elsewhere(prompt), *(_line(item) for item in prompt.mine)]
    if not prompt.mine:
        lines.append("_Nothing this time._")
    final = prompt.sprint.finalized_at is not None
    change = kit.button("Change my plan", CHANGE, str(prompt.sprint.id))
    edit = change if final else kit.button("Edit my plan", WRITE, _key(prompt))
    return _message(prompt, lines, [kit.actions(edit, kit.button("Show the plan", SHOW, _key(prompt)))])


def _elsewhere(prompt: PlanPrompt) -> list[str]:
    """With whom this person is in these days."""
    return [f"🤝 {kit.escape(embeds.yours(each))}" for each in prompt.embeds]


def _off(prompt: PlanPrompt) -> Message:
    line = f"You are off for *{_sprint(prompt)}*, and nobody waits for your plan. Enjoy!"
    return _message(prompt, [line], [kit.actions(kit.button("Write a plan anyway", WRITE, _key(prompt)))])


# --- the lead ---------------------------------------------------------------------------------------------------


def lead(prompt: LeadPrompt) -> Message:
    """The plan is to be made final tomorrow or before."""
    return _leading(prompt, f"*{_sprint(prompt)}* is yours to finalize. One sentence of direction is enough.")


def nudge(prompt: LeadPrompt) -> Message:
    """The sprint begins, and its plan is still open."""
    return _leading(prompt, f"*{_sprint(prompt)}* begins today, and its plan is still open. One sentence closes it.")


def _leading(prompt: LeadPrompt, opening: str) -> Message:
    show = kit.button("Show the plan", SHOW, _key(prompt))
    if prompt.sprint.finalized_at is not None:
        return _message(prompt, [f"The plan for *{_sprint(prompt)}* is final. Thank you!"], [kit.actions(show)])
    if not prompt.needed:
        return _passed(f"Planning of *{_sprint(prompt)}* has passed.")
    lines = [opening, _who_answered(prompt)]
    if prompt.carried:
        lines += ["Carried on:", *(_carried(item) for item in prompt.carried[:MOST_CARRIED])]
    if prompt.touched:
        lines += ["What touches you:", *(f"• {kit.escape(name)}: {kit.escape(line)}" for name, line in prompt.touched)]
    lines += plans.overlap_lines(prompt.overlaps)
    if prompt.comments:
        lines.append(comments.open_line(prompt.comments))
    finalize = kit.button("Finalize", FINALIZE, _key(prompt), style="primary")
    return _message(prompt, lines, [kit.actions(finalize, show)])


def _who_answered(prompt: LeadPrompt) -> str:
    if not prompt.waiting:
        return "Everybody has answered."
    names = kit.names([kit.escape(name) for name in prompt.waiting])
    answered = len(prompt.sprint.answers)
    return f"{count(answered, 'plan')} in; still to come: {names}." if answered else f"Still to come: {names}."


def _carried(item: Item) -> str:
    return f"• {kit.escape(item.title)} — {kit.escape(item.owner.name)} _({carried(item.carried)})_"


# --- marks ------------------------------------------------------------------------------------------------------


def marks(prompt: MarksPrompt) -> Message:
    """The sprint ends."""
    question = "How far did you get?" if prompt.mine else "How was it?"
    return _marking(prompt, f"*{_sprint(prompt)}* ends. {question}")


def midway(prompt: MarksPrompt) -> Message:
    """Half of the sprint is over, in a team that wants to be asked."""
    return _marking(prompt, f"*{_sprint(prompt)}* is half over. How far are you?")


def _marking(prompt: MarksPrompt, opening: str) -> Message:
    mine = prompt.mine
    is_closed = prompt.sprint.closed_at is not None
    if prompt.revealed and (is_closed or not mine):
        return _passed(f"The retro of *{_sprint(prompt)}* is revealed: everybody's notes stand on its board.")
    if (is_closed or not mine) and not _asks_for_notes(prompt):
        return _passed(f"*{_sprint(prompt)}* is closed: {tally(mine)}")
    lines = [opening, *(_line(item) for item in mine), *_retro_lines(prompt)]
    blocks = [kit.section(opening)]
    for item in mine:
        blocks += [kit.section(_line(item)), *([] if is_closed else [_mark_buttons(item)])]
    foot = [*kit.paragraphs(_retro_lines(prompt)), *_lateness(prompt), kit.actions(*_ending_buttons(prompt))]
    return Message(kit.in_short(lines), kit.fit_message(blocks, foot, MORE))


def _asks_for_notes(prompt: MarksPrompt) -> bool:
    return prompt.reveals_at is not None and not prompt.revealed


def _retro_lines(prompt: MarksPrompt) -> list[str]:
    """The second half of the prompt at a sprint's end: my notes so far, and the two questions."""
    if prompt.reveals_at is None:
        return []
    written = [f"• {kit.escape(kit.shorten(note.text, NOTE_SHOWN))}" for note in prompt.notes[:MOST_NOTES]]
    lines = ["*Your notes for the retro*", *written] if written else []
    if prompt.revealed:
        return [*lines, "The retro is revealed: everybody's notes stand on its board."]
    at = f"{prompt.reveals_at.timestamp():.0f}"
    when = f"<!date^{at}^{{date_short_pretty}} at {{time}}|after the weekend>"
    if prompt.answered:
        return [*lines, f"Thank you! Who has sent theirs reads your notes, and everybody does at the reveal: {when}."]
    return [*lines, "*What went well? What could be better?* Before the reveal only who has sent theirs reads it."]


def _ending_buttons(prompt: MarksPrompt) -> list[kit.Element | None]:
    sprint = prompt.sprint
    why = kit.button("Say why", MINE, str(sprint.team_id)) if prompt.mine and sprint.closed_at is None else None
    if not _asks_for_notes(prompt):
        return [why]
    words = "Add to my notes" if prompt.answered or prompt.notes else "Write notes"
    write = kit.button(words, NOTES, _key(prompt), style="primary" if not prompt.answered else None)
    done = kit.button("That is all" if prompt.notes else "Nothing to add", NOTHING, str(sprint.id))
    return [write, None if prompt.answered else done, why]


def _mark_buttons(item: Item) -> Block:
    return kit.actions(
        *(
            kit.button(
                f"{MARKS[mark]} {name}",
                f"{MARK}_{item.id}_{mark}",
                f"{item.id}:{mark}",
                style="primary" if item.mark == mark else None,
            )
            for mark, name in MARK_NAMES.items()
        )
    )


# --- what all share ---------------------------------------------------------------------------------------------


def _sprint(prompt: Prompt) -> str:
    sprint = prompt.sprint
    return f"{kit.escape(sprint.team.name)}, {days(sprint.starts_on, sprint.ends_on)}"


def _key(prompt: Prompt) -> str:
    return key(prompt.sprint.team_id, prompt.sprint.starts_on)


def _line(item: Item) -> str:
    often = f" _({carried(item.carried)})_" if item.carried else ""
    note = kit.note(item.note) if item.note else ""
    return f"{MARKS[Mark(item.mark)]} {kit.escape(item.title)}{often}{note}"


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
