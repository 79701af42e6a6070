"""What people see of a decision: the window *Decide*, the lines on the request's card, the checklist, and the hand-back."""

from collections.abc import Callable, Collection, Mapping
from datetime import date
from typing import Any

from bot.domain.calendar.wording import count, days, short_day
from bot.domain.intake.checklists import LINES
from bot.domain.intake.decisions import TOGETHER, Decided, DecisionForm
from bot.domain.intake.finishing import Left
from bot.domain.intake.free_windows import Window
from bot.domain.intake.offers import DecisionDraft
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.kit import Block, Element, Fields, View, keys
from models.intake.decisions import Decision, Mode
from models.intake.requests import BRIEF_LENGTH, LINK_LENGTH, Request, State

DECIDE = "decision_decide"  # opens the window
FORM = "decision_form"  # the window, and each of its fields that tells what was chosen
DONE = "decision_done"
CHECK_IN = "decision_check_in"
HAND_BACK = "decision_hand_back"
CHECKLIST = "decision_checklist"
TICK = "decision_tick"
UNTICK = "decision_untick"

START_SMALL = "Start small: ship one workflow that works reliably."
MODES = {
    Mode.EMBED: "Embed",
    Mode.BUILD: "We build it",
    Mode.GUIDANCE: "Guidance",
    Mode.NOT_AI: "Not an AI problem",
    Mode.NOT_NOW: "Not now",
}
MEANINGS = {
    Mode.EMBED: "one of our engineers joins the team",
    Mode.BUILD: "it comes from us",
    Mode.GUIDANCE: "we advise, and the team does it",
    Mode.NOT_AI: "something else helps",
    Mode.NOT_NOW: "it comes back by itself",
}
LABELS = dict(
    zip(LINES, ("Features can be found", "Tool logic", "Front-end parts", "Workflows defined"), strict=True),
)
SHOWN_PART = 300
SHOWN_ITEMS = 4
CUT = "… and more."


# --- in words ---------------------------------------------------------------------------------------------------


def line(decision: Decision, *, is_over: bool = False) -> str:
    """The decision in one line, with who and by when; once it `is_over`, the day is of no use to anybody."""
    parts = [f"*{MODES[Mode(decision.mode)]}*", *_who(decision)]
    if decision.mode == Mode.GUIDANCE:
        parts.append(f"step: {_part(decision.words)}")
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
    before = {Mode.EMBED: "until", Mode.GUIDANCE: "next check-in", Mode.NOT_NOW: "again on"}
    return [f"{before.get(Mode(decision.mode), 'by')} {short_day(decision.due_on)}"]


def _part(words: str) -> str:
    return kit.clip(kit.escape(words), SHOWN_PART)


# --- on the card ------------------------------------------------------------------------------------------------


def card_lines(decision: Decision | None) -> list[str]:
    """The same for whoever reads no blocks."""
    return [line(decision)] if decision is not None and decision.ended_at is None else []


def card_blocks(request: Request, decision: Decision | None, ticks: Collection[str]) -> list[Block]:
    """What a request's card says of its decision: the mode with who and by when, and the product team's checklist."""
    if decision is None or decision.ended_at is not None:
        return []
    said = line(decision, is_over=request.state == State.DONE)
    blocks = [kit.section(kit.clip(said, kit.SECTION_TEXT))]
    if decision.mode not in TOGETHER:
        return blocks
    ticked = " · ".join(f"{'☑' if each in ticks else '☐'} {LABELS[each]}" for each in LINES)
    button = kit.button("Checklist", CHECKLIST, str(request.id)) if request.state == State.DECIDED else None
    return [*blocks, kit.section(f"{START_SMALL}\n{ticked}", button)]


def card_buttons(request: Request, decision: Decision | None) -> list[Element]:
    """What a desk can do once it is decided: what comes next in this mode, and *Change the decision*."""
    if decision is None or request.state not in (State.DECIDED, State.PARKED):
        return []
    value = str(request.id)
    change = kit.button("Change the decision", DECIDE, value)
    if decision.mode == Mode.EMBED:
        return [kit.button("Hand back", HAND_BACK, value), change]
    if decision.mode == Mode.BUILD:
        return [kit.button("Shipped", DONE, value, style="primary"), change]
    if decision.mode == Mode.GUIDANCE:
        return [kit.button("Done", DONE, value), kit.button("Next check-in", CHECK_IN, value, style="primary"), change]
    return [change]


# --- the window -------------------------------------------------------------------------------------------------


def form(offer: DecisionDraft) -> View:
    """The window *Decide*: the modes, and below them the fields of the one that is chosen."""
    metadata = f"{offer.request.id}:{offer.standing.id if offer.standing else ''}"
    return kit.modal(FORM, "Decide", _form_blocks(offer), submit="Decide", close="Cancel", metadata=metadata)


def with_offer(view: Mapping[str, Any], offer: DecisionDraft) -> View:
    """The same window with what there is to fill in by now."""
    return kit.rewritten(view, _form_blocks(offer))


def read_form(view: Mapping[str, Any]) -> DecisionForm:
    """What is filled in so far, and which decision stood when the window was opened."""
    request_id, _, standing_id = view["private_metadata"].partition(":")
    fields = Fields(view)
    mode, team, sprints, starts_on = (fields.choice(name) for name in ("mode", "team", "sprints", "starts_on"))
    # A window of another engineer, team or length is none for this one.
    is_theirs = _window_name(fields.person("engineer"), team, sprints) in view["state"]["values"].get("starts_on", {})
    return DecisionForm(
        request_id=keys.number(request_id),
        standing_id=keys.optional(standing_id),
        mode=keys.word(Mode, mode) if mode else None,
        engineer=fields.person("engineer"),
        team=keys.optional(team),
        sprints=keys.optional(sprints),
        starts_on=keys.day(starts_on) if starts_on and is_theirs else None,
        due_on=fields.date("due_on"),
        is_done=bool(fields.choices("is_done")),
        words=fields.text("words"),
        change=fields.text("change"),
    )


def decided_view(decided: Decided) -> View:
    """The receipt."""
    text = f"{line(decided.decision)}\n\nThe thread says so, and those who asked are told."
    return kit.notice("Decided", kit.clip(text, kit.SECTION_TEXT))


def _form_blocks(offer: DecisionDraft) -> list[Block]:
    title = kit.section(f"*{kit.escape(offer.request.title)}*", block_id="title")
    now = [kit.context(kit.clip(f"So far: {line(offer.standing)}", kit.SECTION_TEXT))] if offer.standing else []
    choices = [kit.option(f"{words}: {MEANINGS[mode]}", mode) for mode, words in MODES.items()]
    radio = kit.radio(f"{FORM}_mode", choices, offer.answer.mode)
    modes = kit.field("mode", "How do you work together?", radio, tells=True)
    fields = _FIELDS[offer.answer.mode](offer) if offer.answer.mode else []
    return [title, *now, modes, *fields]


def _embed_fields(offer: DecisionDraft) -> list[Block]:
    answer = offer.answer
    teams = [kit.option(team.name, str(team.id)) for team in offer.teams]
    chosen = [each for each in teams if each["value"] == str(answer.team)]
    menu = kit.select(f"{FORM}_team", [*chosen, *(each for each in teams if each not in chosen)][: kit.OPTIONS])
    if chosen:
        menu["initial_option"] = chosen[0]
    sprints = [kit.option("One sprint", "1"), kit.option("Two sprints", "2")]
    return [
        _person_field("Engineer", offer, tells=True),
        kit.field("team", "Host team", menu, tells=True),
        kit.field("sprints", "For how long?", kit.radio(f"{FORM}_sprints", sprints, str(answer.sprints)), tells=True),
        *_window_fields(offer),
    ]


def _window_fields(offer: DecisionDraft) -> list[Block]:
    if offer.window is None:
        return [kit.section(kit.escape(offer.missing), block_id="window")]
    answer, dates = offer.answer, offer.window.dates
    choices = [kit.option(days(each.starts_on, each.ends_on), each.starts_on.isoformat()) for each in offer.free]
    name = _window_name(answer.engineer, answer.team, answer.sprints)
    menu = kit.select(name, choices, dates.starts_on.isoformat())
    return [
        kit.section(kit.clip(_proposal(offer, offer.window), kit.SECTION_TEXT), block_id="window"),
        kit.field("starts_on", "When?", menu, tells=True),
    ]


def _window_name(engineer: str | None, team: object, sprints: object) -> str:
    """It changes with what it depends on, so that Slack does not keep a window that is no choice any more."""
    return f"{FORM}_starts_on_{engineer}_{team}_{sprints}"


def _proposal(offer: DecisionDraft, window: Window) -> str:
    """When it could be, in words, and what has to give way."""
    name = kit.escape(offer.engineer.name) if offer.engineer else "They"
    when = days(window.dates.starts_on, window.dates.ends_on)
    first = "first free window" if window.dates == offer.free[0] else "window"
    lines = [f"{name}'s {first} is *{when}*."]
    lines += [
        f"• It displaces the hold for #{hold.request_id} {kit.escape(hold.request.title)} "
        f"({kit.escape(hold.team.name)}, {days(hold.starts_on, hold.ends_on)})."
        for hold in window.held[:SHOWN_ITEMS]
    ]
    if window.unfinished:
        items = [kit.escape(item.title) for item in window.unfinished[:SHOWN_ITEMS]]
        more = len(window.unfinished) - len(items)
        lines.append(f"• It displaces what {name} planned: {', '.join([*items, *([f'{more} more'] if more else [])])}.")
    if window.away:
        lines.append(f"• {name} is away {kit.names([days(*span) for span in window.away])}.")
    return "\n".join(lines if len(lines) > 1 else [f"{lines[0]} It displaces nothing."])


def _build_fields(offer: DecisionDraft) -> list[Block]:
    return [_person_field("Owner", offer), _date_field("Target date"), _done_field("It is built already")]


def _guidance_fields(offer: DecisionDraft) -> list[Block]:
    return [
        _person_field("Adviser", offer),
        _words_field("What is the first step?"),
        _date_field("Next check-in"),
        _done_field("The advice is given already"),
    ]


def _not_ai_fields(_offer: DecisionDraft) -> list[Block]:
    return [_words_field("What should they do instead?", "That is the answer, and closes the request.")]


def _not_now_fields(_offer: DecisionDraft) -> list[Block]:
    return [
        _words_field("Why not now?"),
        _text_field("change", "What would change our mind?", "It is said when the request comes back."),
        kit.field(
            "due_on",
            "Look at it again on",
            kit.date_input("due_on"),
            hint="On this day it comes back by itself.",
        ),
    ]


_FIELDS: Mapping[Mode, Callable[[DecisionDraft], list[Block]]] = {
    Mode.EMBED: _embed_fields,
    Mode.BUILD: _build_fields,
    Mode.GUIDANCE: _guidance_fields,
    Mode.NOT_AI: _not_ai_fields,
    Mode.NOT_NOW: _not_now_fields,
}


def _person_field(label: str, offer: DecisionDraft, *, tells: bool = False) -> Block:
    element = kit.picker("users_select", f"{FORM}_engineer", offer.answer.engineer)
    return kit.field("engineer", label, element, tells=tells, hint="Somebody who is at a desk.")


def _date_field(label: str) -> Block:
    # Slack need not insist on it: what is done already has none.
    hint = "Every answer carries a date, or is done: then tick that below."
    return kit.field("due_on", label, kit.date_input("due_on"), optional=True, hint=hint)


def _done_field(words: str) -> Block:
    box = kit.checkboxes("is_done", [kit.option(words, "done")])
    return kit.field("is_done", "Or is it done?", box, optional=True)


def _words_field(label: str, hint: str = "") -> Block:
    return _text_field("words", label, hint)


def _text_field(name: str, label: str, hint: str = "", initial: str = "") -> Block:
    element = kit.text_input(name, initial=initial, multiline=True, most=BRIEF_LENGTH)
    return kit.field(name, label, element, hint=hint)


# --- in the thread ----------------------------------------------------------------------------------------------


def decided_message(decided: Decided) -> Message:
    """The line in the thread: to those who asked, in plain words."""
    request, decision = decided.request, decided.decision
    changed = "changed the decision" if decided.before else "decided"
    head = f"{_askers(request)}: {kit.mention(decision.by_id)} {changed}. {_plainly(decided)}"
    if decision.change:
        return _message((head, decision.words), ("*What would change our mind:*", decision.change))
    return _message((head, decision.words))


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
        return f"{mode}: {who} built it already." if is_done else f"{mode}: {who} does, by {day}."
    if decision.mode == Mode.GUIDANCE:
        return f"{mode}: {who} advises{'' if is_done else f', and checks in on {day}'}. The first step:"
    if decision.mode == Mode.NOT_NOW:
        return f"{mode}. It comes back by itself on {day}. The reason:"
    return f"{mode}. What to do instead:"


def returned_message(request: Request, decision: Decision) -> Message:
    """The line in the thread, when something that was not for now comes back."""
    head = f"{_askers(request)}: this comes back, as was said. What would change our mind was:"
    return _message((head, decision.change or ""), ("Has it happened? Say so here; the desk looks at it again.", ""))


def finished_message(request: Request, decision: Decision, by: str) -> Message:
    """The line in the thread, when it is shipped, or the advice is given."""
    if decision.mode == Mode.BUILD:
        link = f" {kit.escape(decision.words)}" if decision.words else ""
        return Message(f"{_askers(request)}: ✅ shipped, says {kit.mention(by)}.{link}")
    return Message(f"{_askers(request)}: ✅ the advice is given, says {kit.mention(by)}.")


def checked_in_message(request: Request, decision: Decision) -> Message:
    """The line in the thread, after a check-in."""
    day = short_day(decision.due_on) if decision.due_on else "later"
    who = kit.mention(decision.person_id) if decision.person_id else "We"
    return _message((f"{_askers(request)}: the next check-in with {who} is on {day}. The next step:", decision.words))


def embed_over_message(decision: Decision) -> Message:
    """The line in the thread, when the last day of an embed is over."""
    who = kit.mention(decision.person_id) if decision.person_id else "Our engineer"
    team = kit.escape(decision.team.name) if decision.team else "the team"
    return Message(f"{who}'s time with *{team}* is over. The hand-back follows: who owns it, the docs, the measure.")


def handed_back_message(request: Request, left: Left, by: str) -> Message:
    """The line in the thread: what an engineer leaves behind."""
    head = f"{_askers(request)}: ✅ {kit.mention(by)} handed this back."
    return _message(
        (f"{head}\n*Who owns it now:*", left.owner),
        ("*Where the docs are:*", left.docs),
        ("*How it is measured:*", left.measure),
    )


def _askers(request: Request) -> str:
    also = (each.person_id for each in request.co_askers)
    return kit.names([kit.mention(each) for each in dict.fromkeys([request.asker_id, *also])])


def _message(*parts: tuple[str, str]) -> Message:
    """What we say and what somebody wrote below it, in turn; the former in mrkdwn, the latter raw."""
    blocks: list[Block] = []
    for ours, theirs in parts:
        blocks += [kit.section(ours), *(kit.prose(theirs) if theirs else [])]
    texts = [text for ours, theirs in parts for text in (ours, kit.escape(theirs))]
    return Message(kit.in_short(texts, more=CUT), kit.fit_message(blocks, [], CUT))


# --- the checklist ----------------------------------------------------------------------------------------------


def checklist_view(request: Request, ticks: Collection[str]) -> View:
    """The product team's own checklist, each line to be ticked or unticked by either side."""
    head = kit.section(f"*{kit.escape(request.title)}*\n{START_SMALL} Both sides tick; the card shows it to everybody.")
    lines = [_checklist_line(request, each, each in ticks) for each in LINES]
    return kit.modal(CHECKLIST, "Checklist", [head, *lines], metadata=str(request.id))


def _checklist_line(request: Request, name: str, is_ticked: bool) -> Block:
    verb, words = (UNTICK, "Not yet") if is_ticked else (TICK, "Tick")
    button = kit.button(words, f"{verb}_{name}", f"{request.id}:{name}")
    return kit.section(f"{'☑' if is_ticked else '☐'} {LABELS[name]}", button)


def read_line(value: str) -> tuple[int, str]:
    """The request's id, and the line of its checklist."""
    request_id, _, name = value.partition(":")
    return keys.number(request_id), name


# --- done -------------------------------------------------------------------------------------------------------


def done_form(request: Request, decision: Decision) -> View:
    """It is shipped, perhaps with a link; or the advice is given."""
    is_built = decision.mode == Mode.BUILD
    link = kit.text_input("link", most=LINK_LENGTH, placeholder="https://")
    blocks = [
        _title(request),
        kit.section("Whoever asked is told in the thread, and asked in a message of their own whether it helped."),
        *([kit.field("link", "Where is it?", link, optional=True)] if is_built else []),
    ]
    words = "Shipped" if is_built else "Done"
    return kit.modal(DONE, words, blocks, submit=words, close="Cancel", metadata=str(request.id))


def read_done(view: Mapping[str, Any]) -> tuple[int, str]:
    """The request's id, and the link."""
    return keys.number(view["private_metadata"]), Fields(view).text("link")


def check_in_form(request: Request) -> View:
    """When to look at it together next, and what is done until then."""
    blocks = [
        _title(request),
        _words_field("What is the next step?"),
        kit.field("due_on", "Next check-in", kit.date_input("due_on"), hint="You are reminded on this day."),
    ]
    return kit.modal(CHECK_IN, "Next check-in", blocks, submit="Save", close="Cancel", metadata=str(request.id))


def read_check_in(view: Mapping[str, Any]) -> tuple[int, date | None, str]:
    """The request's id, the day, and the step."""
    fields = Fields(view)
    return keys.number(view["private_metadata"]), fields.date("due_on"), fields.text("words")


def hand_back_form(request: Request) -> View:
    """What an engineer leaves behind."""
    blocks = [
        _title(request),
        _text_field("owner", "Who owns it now?"),
        _text_field("docs", "Where are the docs?"),
        _text_field("measure", "How is it measured?", "The three answers stand in the thread, and the embed ends."),
    ]
    return kit.modal(HAND_BACK, "Hand back", blocks, submit="Hand back", close="Cancel", metadata=str(request.id))


def read_hand_back(view: Mapping[str, Any]) -> tuple[int, Left]:
    """The request's id, and what is left."""
    fields = Fields(view)
    return keys.number(view["private_metadata"]), Left(
        fields.text("owner"), fields.text("docs"), fields.text("measure")
    )


def hand_back_card(request: Request, decision: Decision, *, needed: bool) -> Message:
    """In the DM of an engineer whose time with a team is over."""
    team = kit.escape(decision.team.name) if decision.team else "the team"
    title = f"#{request.id} *{kit.escape(request.title)}*"
    if not needed:
        return Message(f"✅ Your time with {team} is handed back. Thank you! {title}")
    text = (
        f"Your time with {team} is over: {title}\nWho owns it now, where are the docs, and how is it measured? "
        "Three lines, which stand in the thread."
    )
    button = kit.button("Hand back", HAND_BACK, str(request.id), style="primary")
    return Message(text, [kit.section(text), kit.actions(button)])


def moved_view(request: Request) -> View:
    """The receipt of everything that stands in the thread."""
    return kit.notice("Saved", f"The thread of #{request.id} says so.")


def _title(request: Request) -> Block:
    return kit.section(f"*{kit.escape(request.title)}*")
