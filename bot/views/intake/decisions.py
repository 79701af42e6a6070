"""What people see of a decision: the lines on the request's card, and what its thread reads."""

from bot.domain.calendar.wording import count, days, short_day
from bot.domain.intake.card_contents import CardContent
from bot.domain.intake.decisions import TOGETHER, Decided
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake import checklists as checklist_views
from bot.views.kit import Block, Element
from models.intake.decisions import Decision, Mode
from models.intake.requests import BRIEF_LENGTH, Request, State

DECIDE = "decision_decide"  # opens the window
DONE = "decision_done"
CHECK_IN = "decision_check_in"
HAND_BACK = "decision_hand_back"
MODES = {
    Mode.EMBED: "Embed",
    Mode.BUILD: "We build it",
    Mode.GUIDANCE: "Guidance",
    Mode.NOT_AI: "Not an AI problem",
    Mode.NOT_NOW: "Not now",
}
SHOWN_PART = 300
CUT = "… and more."


# --- in words ---------------------------------------------------------------------------------------------------


def line(decision: Decision, *, is_over: bool = False) -> str:
    """The decision in one line, with who and by when; once it `is_over`, the day is of no use to anybody."""
    parts = [f"*{MODES[Mode(decision.mode)]}*", *_who(decision)]
    if decision.mode == Mode.GUIDANCE:
        parts.append(_part(decision.words) if is_over else f"for now: {_part(decision.words)}")
    if decision.mode in (Mode.NOT_AI, Mode.NOT_NOW):
        parts.append(_part(decision.words))
    if decision.mode == Mode.BUILD and decision.words:
        parts.append(_part(decision.words))
    return " · ".join(parts if is_over else [*parts, *_when(decision)])


def _who(decision: Decision) -> list[str]:
    if decision.person is None:
        return []
    name = kit.escape(decision.person.name)
    if decision.team is not None:
        return [f"{name} with *{kit.escape(decision.team.name)}* for {count(decision.sprints or 1, 'sprint')}"]
    return [name]


def _when(decision: Decision) -> list[str]:
    if decision.due_on is None:
        return []
    before = {Mode.EMBED: "until", Mode.GUIDANCE: "look at it again on", Mode.NOT_NOW: "again on"}
    return [f"{before.get(Mode(decision.mode), 'by')} {short_day(decision.due_on)}"]


def _part(words: str) -> str:
    return kit.clip(kit.escape(words), SHOWN_PART)


# --- on the card ------------------------------------------------------------------------------------------------


def card_lines(decision: Decision | None) -> list[str]:
    """The same for whoever reads no blocks."""
    return [line(decision)] if decision is not None and decision.ended_at is None else []


def card_blocks(shown: CardContent) -> list[Block]:
    """What a request's card says of its answer: the mode with who and by when, and the product team's checklist."""
    request, decision = shown.request, shown.decision
    if decision is None or decision.ended_at is not None:
        return []
    said = line(decision, is_over=request.state == State.DONE)
    late = [kit.context(words)] if (words := too_late(request, decision)) and request.state != State.DONE else []
    return [kit.section(kit.clip(said, kit.SECTION_TEXT)), *late, *checklist_views.card_blocks(shown)]


def too_late(request: Request, decision: Decision) -> str:
    """Says so where the answer's day is later than the one that was wanted; else nothing."""
    if request.wanted_on is None or decision.due_on is None or decision.mode not in TOGETHER:
        return ""
    if decision.due_on <= request.wanted_on:
        return ""
    return f"That is later than {short_day(request.wanted_on)}, the day it was wanted by."


def card_buttons(request: Request, decision: Decision | None) -> list[Element]:
    """What a desk can do next once it is answered, which depends on the mode."""
    if decision is None or request.state != State.DECIDED:
        return []
    value = str(request.id)
    if decision.mode == Mode.EMBED:
        return [kit.button("Hand back", HAND_BACK, value)]
    if decision.mode == Mode.BUILD:
        return [kit.button("Shipped", DONE, value, style="primary")]
    if decision.mode == Mode.GUIDANCE:
        return [kit.button("Done", DONE, value), kit.button("Look at it again", CHECK_IN, value, style="primary")]
    return []


# --- the window -------------------------------------------------------------------------------------------------


def words_field(label: str, hint: str = "") -> Block:
    return text_field("words", label, hint)


def text_field(name: str, label: str, hint: str = "", initial: str = "") -> Block:
    element = kit.text_input(name, initial=initial, multiline=True, most=BRIEF_LENGTH)
    return kit.field(name, label, element, hint=hint)


# --- in the thread ----------------------------------------------------------------------------------------------


def decided_message(decided: Decided) -> Message:
    """The line in the thread: to those who asked, in plain words."""
    request, decision = decided.request, decided.decision
    changed = "changed the answer" if decided.before else "answered"
    late = f"{words} " if request.state != State.DONE and (words := too_late(request, decision)) else ""
    head = f"{askers(request)}: {kit.mention(decision.by_id)} {changed}. {late}{_plainly(decided)}"
    if decision.change:
        return with_their_words((head, decision.words), ("*What would change our mind:*", decision.change))
    return with_their_words((head, decision.words))


def _plainly(decided: Decided) -> str:
    decision, is_done = decided.decision, decided.request.state == State.DONE
    mode = f"*{MODES[Mode(decision.mode)]}*"
    who = kit.mention(decision.person_id) if decision.person_id else ""
    day = short_day(decision.due_on) if decision.due_on else ""
    if decision.mode == Mode.EMBED:
        booking = decided.booking
        team = kit.escape(decision.team.name) if decision.team else "the team"
        when = days(booking.starts_on, booking.ends_on) if booking else f"until {day}"
        return f"{mode}: {who} joins *{team}* for {count(decision.sprints or 1, 'sprint')}, {when}."
    if decision.mode == Mode.BUILD:
        return f"{mode}: {who} built it already." if is_done else f"{mode}: {who} builds it, by {day}."
    if decision.mode == Mode.GUIDANCE:
        return (
            f"{mode}: {who} advises:"
            if is_done
            else f"{mode}: {who} advises, and looks at it with you on {day}. For now:"
        )
    if decision.mode == Mode.NOT_NOW:
        return f"{mode}. It comes back by itself on {day}. The reason:"
    return f"{mode}. What to do instead:"


def returned_message(request: Request, decision: Decision) -> Message:
    """The line in the thread, when something that was not for now comes back."""
    head = f"{askers(request)}: this comes back, as announced. What would change our mind was:"
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    return with_their_words(
        (head, decision.change or ""), (f"Has it happened? Say so here: {desk} looks at it again.", "")
    )


def embed_over_message(decision: Decision) -> Message:
    """The line in the thread, when the last day of an embed is over."""
    who = kit.mention(decision.person_id) if decision.person_id else "Our engineer"
    team = kit.escape(decision.team.name) if decision.team else "the team"
    return Message(
        f"{who}'s time with *{team}* is over. Next comes the hand-back: who owns it, where are the docs, how is it measured?"
    )


def askers(request: Request) -> str:
    also = (each.person_id for each in request.co_askers)
    return kit.names([kit.mention(each) for each in dict.fromkeys([request.asker_id, *also])])


def with_their_words(*parts: tuple[str, str]) -> Message:
    """What we say and what somebody wrote below it, in turn; the former in mrkdwn, the latter raw."""
    blocks: list[Block] = []
    for ours, theirs in parts:
        blocks += [kit.section(ours), *(kit.prose(theirs) if theirs else [])]
    texts = [text for ours, theirs in parts for text in (ours, kit.escape(theirs))]
    return Message(kit.in_short(texts, more=CUT), kit.fit_message(blocks, [], CUT))
