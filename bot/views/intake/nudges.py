"""What somebody reads of a morning: which requests wait on them, since when, why them, and what they can do at once."""

from datetime import date

from bot.domain.calendar.wording import short_day
from bot.domain.company.people import how_gone
from bot.domain.intake.batches import Batch, Reason, Reminded
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.desks import triage as triage_views
from bot.views.intake import asking as asking_views
from bot.views.intake import requests as request_views
from bot.views.intake import waiting_on as waiting_views
from bot.views.kit import Block, Element, View
from models.company import Person
from models.intake.requests import Ball, Request, State

Step = tuple[str, str, str]
NOT_US = "nudge_not_us"
OPEN = "nudge_open"
WITH_BUTTONS, IN_LINES = 10, 20  # of the requests in one message
SEEN_TO = "Each of these has an owner or an answer now. Thank you!"
SNOOZED = "Each of these has an owner, an answer or a later day now. Thank you!"
SHOWN_TITLE = 200  # of a title, once it is escaped
MORE = "There is more: `/reach-out queue` shows all of it."
SETTLED = {
    State.DECIDED: "✅ decided",
    State.DONE: "✅ done",
    State.PARKED: "⏸️ not now",
    State.WITHDRAWN: "⚪ taken back",
}


# --- the message ------------------------------------------------------------------------------------------------


def message(batch: Batch) -> Message:
    """All that waits on somebody this morning, and what became of the rest."""
    waiting, settled = batch.waiting, [line for line in batch.lines if not line.waits]
    head = f"*{_head(batch)}*" if batch.lines or not batch.triage else ""
    week = [triage_views.turn_line(batch.triage)] if batch.triage else []
    heads = [*week, *([head] if head else [])]
    rest = [f"• {_title(line)} · since {_since(line)}" for line in waiting[WITH_BUTTONS : WITH_BUTTONS + IN_LINES]]
    left = len(waiting) - WITH_BUTTONS - IN_LINES
    if left > 0:
        rest.append(f"… and {left} more: see `/reach-out queue`")
    done = [_settled(line) for line in settled[:IN_LINES]]
    blocks = kit.paragraphs(heads)
    alone = len(waiting) == 1 and not week
    for line in waiting[:WITH_BUTTONS]:
        blocks += _with_steps(line, alone=alone)
    undoable = [line for line in settled if line.can_undo][:WITH_BUTTONS]
    blocks += [kit.section(_settled(line), _undo(line)) for line in undoable]
    blocks += kit.paragraphs([*rest, *(_settled(line) for line in settled[:IN_LINES] if line not in undoable)])
    rota = [kit.actions(kit.button("Rota", triage_views.ROTA))] if week else []
    often = kit.context(
        "You get one message a morning, and at most three reminders of a request. *Snooze* puts the next one off."
    )
    foot = [*rota, *([often] if waiting else [])]
    text = kit.in_short([*heads, *map(_words, waiting[:WITH_BUTTONS]), *rest, *done], more=MORE)
    return Message(text, kit.fit_message(blocks, foot, MORE))


def _head(batch: Batch) -> str:
    number = len(batch.waiting)
    if not number:
        snoozed = any(line.request.snoozed_until is not None for line in batch.lines)
        return SNOOZED if snoozed else SEEN_TO
    wait = "request waits" if number == 1 else "requests wait"
    desk = batch.waiting[0].request.desk
    if batch.waiting[0].reason is Reason.DESK and desk is not None:
        return f"{number} {wait} on {kit.escape(desk.name)}"
    return f"{number} {wait} on you"


def _words(line: Reminded) -> str:
    wanted = f" · {words}" if (words := waiting_views.wanted(line.request)) else ""
    return f"*{_title(line)}*\nSince {_since(line)}{wanted} · {_why(line)}"


def _title(line: Reminded) -> str:
    return linked(line.request, line.link)


def linked(request: Request, link: str | None) -> str:
    """The request's number and title, leading to its thread."""
    words = f"#{request.id} {kit.clip(kit.escape(request.title), SHOWN_TITLE)}"
    return f"<{link}|{words}>" if link else words


def _since(line: Reminded) -> str:
    return kit.moment(line.request.waiting_since, with_time=False)


def _why(line: Reminded) -> str:
    """Why it is they who read this, in a sentence."""
    request = line.request
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    asker, team = kit.escape(request.asker.name), kit.escape(request.team.name) if request.team else "the team"
    match line.reason:
        case Reason.TRIAGE:
            return f"you have triage at {desk}"
        case Reason.CLAIMER:
            return "you're on it"
        case Reason.IN_PLACE:
            return _in_place(line, desk)
        case Reason.DESK:
            return "nobody has answered yet; anyone with time can take it"
        case Reason.LEAD:
            return f"you lead {desk}, and two reminders went unanswered"
        case Reason.LEADS:
            return f"it went back and forth, and {_both(request)} settle together where it belongs"
        case Reason.ASKER:
            return f"{kit.escape(request.claimer.name) if request.claimer else desk} asked something in the thread"
        case Reason.ASKERS_LEAD:
            return f"you lead {team}, and {_missing(line, asker)}"
        case Reason.SILENT:
            return f"{_missing(line, asker)}: decide without an answer, or snooze it"
        case Reason.OWNER:
            due = f"it is due on {short_day(line.due_on)}" if line.due_on else "it is yours"
            return f"{due}: is it done?"


def _in_place(line: Reminded, desk: str) -> str:
    if line.away is None:
        return f"nobody is at {desk} at the moment"
    gone = _gone(line.away, line.away_until)
    if line.request.waiting_on == Ball.OWNER:
        return f"{gone}, and it is due on {short_day(line.due_on)}" if line.due_on else gone
    return f"{gone}: take it over?"


def _missing(line: Reminded, asker: str) -> str:
    if line.away is None:
        return f"{asker} has got two reminders of a question in the thread"
    return f"{_gone(line.away, line.away_until)}, who asked for it"


def _gone(person: Person, until: date | None) -> str:
    if person.is_gone:
        return f"{kit.escape(person.name)} {how_gone(person)}"
    return f"{kit.escape(person.name)} is away{f' until {short_day(until)}' if until else ''}"


def _both(request: Request) -> str:
    last = request.routings[-1]
    desks = dict.fromkeys([last.from_desk, last.to_desk])
    return kit.names([f"{kit.mention(desk.lead_id)} of {kit.escape(desk.name)}" for desk in desks])


# --- what can be done -------------------------------------------------------------------------------------------


def _with_steps(line: Reminded, *, alone: bool) -> list[Block]:
    """A request with what can be done: as buttons if it is the only one, else behind its own three dots."""
    if alone:
        return [kit.section(_words(line)), kit.actions(*_buttons(line))]
    entries = [kit.menu_option(*step) for step in _steps(line)]
    return [kit.section(_words(line), kit.overflow(f"{request_views.MENU}_{line.request.id}", entries))]


def _buttons(line: Reminded) -> list[Element | None]:
    row = line.request.id
    first = _open("Open it" if line.request.waiting_on == Ball.OWNER else "Answer in the thread", line)
    leads = first if line.request.waiting_on == Ball.OWNER or _is_askers(line) else None
    steps = _steps(line)
    style = None if leads is not None else "primary"
    return [
        leads,
        *(
            kit.button(words, f"{verb}_{row}_{number}", value, style=None if number else style)
            for number, (words, verb, value) in enumerate(steps)
        ),
    ]


def _is_askers(line: Reminded) -> bool:
    return line.reason in (Reason.ASKER, Reason.ASKERS_LEAD) and not line.request.asker.is_gone


def _steps(line: Reminded) -> list[Step]:
    """At most three: the words, the verb, and what it is about."""
    request, value = line.request, str(line.request.id)
    snooze = ("Snooze", request_views.MENU, f"snooze:{value}")
    if request.waiting_on == Ball.OWNER:
        return [snooze]  # it is answered, so there is nothing to take or to hand over
    if line.reason in (Reason.ASKER, Reason.ASKERS_LEAD):
        want = [("I still want it", asking_views.TAKE_OVER_ASKING, value)] if request.asker.is_gone else []
        return [*want, snooze, ("Take it back", asking_views.WITHDRAW, value)]
    not_us = ("Not us", NOT_US, value)
    if line.reason is Reason.CLAIMER:
        return [("Answer", request_views.DECIDE, value), snooze, not_us]
    if request.claimer_id is not None:
        return [("Take over", request_views.MENU, f"over:{value}"), snooze, not_us]
    return [("I'll take it", request_views.CLAIM, value), snooze, not_us]


def _open(words: str, line: Reminded) -> Element | None:
    style = None if line.request.waiting_on == Ball.OWNER else "primary"
    return kit.link_button(words, f"{OPEN}_{line.request.id}", line.link, style=style) if line.link else None


def only_one_desk_view(request: Request) -> View:
    """It can't be routed: there is nowhere to."""
    where = f"{kit.escape(request.desk.name)} is the only desk" if request.desk else "There is no desk"
    words = f"{where}, so there is nowhere to hand *{kit.escape(request.title)}* to."
    hint = "An answer with a reason closes it just as well: not an AI problem, guidance, or not now."
    decide = kit.button("Answer", request_views.DECIDE, str(request.id), style="primary")
    return kit.modal("notice", "Not us", [kit.section(words), kit.context(hint), kit.actions(decide)])


# --- what became of it ------------------------------------------------------------------------------------------


def _settled(line: Reminded) -> str:
    return f"{_title(line)}: {_outcome(line)}"


def _undo(line: Reminded) -> Element:
    return kit.button("Undo", f"{request_views.UNDO}_{line.request.id}", str(line.request.id))


def _outcome(line: Reminded) -> str:
    """Why it waits no more on whoever was reminded."""
    request = line.request
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    claimer = kit.escape(request.claimer.name) if request.claimer else desk
    if request.state == State.MERGED:
        return f"↪️ merged into #{request.merged_into_id}"
    if request.state != State.OPEN:
        return SETTLED[State(request.state)]
    if request.snoozed_until is not None:
        return f"💤 snoozed until {short_day(request.snoozed_until)}"
    if line.asked and request.waiting_on != Ball.ASKER:
        return "✅ answered"
    if request.waiting_on == Ball.ASKER:
        return f"✅ {claimer} asked, and waits for the answer"
    if request.waiting_on == Ball.CLAIMER:
        return f"✅ {claimer} is on it"
    return f"↪️ it is at {desk} now"
