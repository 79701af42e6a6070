"""What people see of a request: its card in the open, and the forms of both sides."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.domain.calendar.wording import count, short_day
from bot.domain.company.people import how_gone
from bot.domain.intake import briefs
from bot.domain.intake.asking import Details
from bot.domain.intake.briefs import BriefDraft
from bot.domain.intake.departures import Departed, Was
from bot.domain.intake.requests import CardContent
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.intake import decisions
from bot.views.intake.matches import SIMILAR
from bot.views.kit import Block, Element, Fields, View, keys
from models.desks import Desk
from models.intake.decisions import Mode
from models.intake.requests import BRIEF_LENGTH, TITLE_LENGTH, Ball, Brief, Question, Request, State, Why
from models.teams import Team

REACH_OUT = routes.REACH_OUT.verb
DETAILS = "request_details"
CLAIM = "request_claim"
ASK = "request_ask"
DECIDE = decisions.DECIDE
MENU = "request_menu"
ROUTE = "request_route"
SNOOZE = "request_snooze"
BRIEF = "request_brief"
WITHDRAW = "request_withdraw"
TAKE_OVER_ASKING = "request_take_over_asking"

SHOWN_TEXT = 900  # characters of the words on the card; their own message has all of them
SHOWN_PART = 300
LONGEST_WHY = 2_000  # of a sentence, once it is escaped
MORE = "There is more: *Brief* and *Details* have it all."

WHYS = {
    Why.UNUSUAL: "An unusual use case",
    Why.UNSUPPORTED: "The platform does not support it yet",
    Why.DESIGN: "Help with the design",
    Why.UNSURE: "Not sure that AI is right for it",
    Why.REVIEW: "Review of a change",
    Why.PATTERN: "A missing pattern",
}
STATES = {
    State.OPEN: "🟡 Open",
    State.DECIDED: "🔵 Decided",
    State.PARKED: "⏸️ Not now",
    State.DONE: "✅ Done",
    State.MERGED: "↪️ Merged",
    State.WITHDRAWN: "⚪ Taken back",
}
QUESTIONS = {
    "problem": "The problem",
    "audience": "Who it is for",
    "smallest": "The smallest useful version",
    "measure": "How we will know that it works",
}
HELP = """*Reaching out to the AI team*
• `/reach-out we want to summarise tickets` – one line is enough, and early is better
• `/reach-out` – the same, in a window
• `/reach-out queue` – all that goes on, by desk, answer, whom it waits on, and age
• `/reach-out mine` – what waits on you, and what you asked for
• `/reach-out capacity` – who of a desk is free in its coming sprints
• `/reach-out rota` – who has triage this week, and the next ones
• `/reach-out setup` – the desks of the AI team (for Slack admins, and each desk's lead)
Everything else follows in the thread, which everybody reads."""
NO_DESK = "No desk answers yet: a Slack admin sets one up with `/reach-out setup`."


# --- the card ---------------------------------------------------------------------------------------------------


def card(shown: CardContent) -> Message:
    """The request in the open: what is wanted, on whom it waits, and what each side can do next."""
    request = shown.request
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*{_body(request)}"),
        kit.context(kit.clip(_origin(request), kit.SECTION_TEXT)),
        *decisions.card_blocks(request, shown.decision, shown.ticks),
        *kit.paragraphs([*_details(request), *_brief_lines(briefs.newest(request))]),
        kit.context(kit.clip(status(shown), kit.SECTION_TEXT)),
    ]
    head = f"{_number(request)} {kit.escape(request.title)}"
    text = kit.in_short([head, _origin(request), *decisions.card_lines(shown.decision), status(shown)])
    return Message(text, kit.fit_message(blocks, _buttons(shown), MORE))


def _number(request: Request) -> str:
    return f"#{request.id}"


def _body(request: Request) -> str:
    """The words, where they say more than the title."""
    if request.thread_ts is not None or " ".join(request.text.split()) == request.title:
        return ""  # the message itself stands above, at the thread's beginning
    return f"\n{kit.clip(kit.escape(request.text), SHOWN_TEXT)}"


def _origin(request: Request) -> str:
    team = f" for *{kit.escape(request.team.name)}*" if request.team else ""
    link = f" · <{request.link}|from this message>" if request.link else ""
    also = [kit.mention(each.person_id) for each in request.co_askers]
    too = f" · also wanted by {kit.names(also)}" if also else ""
    return f"{_number(request)} · {kit.mention(request.asker_id)}{team}{link}{too}"


def _details(request: Request) -> list[str]:
    lines = []
    if request.why is not None:
        lines.append(f"*Why:* {WHYS[Why(request.why)]}")
    if request.tried:
        lines.append(f"*Tried:* {kit.clip(kit.escape(request.tried), SHOWN_PART)}")
    if request.wanted_on is not None:
        lines.append(f"*By:* {short_day(request.wanted_on)}")
    return lines


def _brief_lines(brief: Brief | None) -> list[str]:
    if brief is None:
        return []
    parts = [(words, getattr(brief, name)) for name, words in QUESTIONS.items()]
    return [f"*{words}:* {kit.clip(kit.escape(text), SHOWN_PART)}" for words, text in parts if text]


def status(shown: CardContent) -> str:
    """How far it is, on whom it waits and since when, and when they are reminded, in one line."""
    request = shown.request
    if request.state == State.MERGED and request.merged_into is not None:
        return f"{STATES[State.MERGED]} into #{request.merged_into_id} {kit.escape(request.merged_into.title)}"
    parts = [STATES[State(request.state)]]
    if request.waiting_on != Ball.NOBODY:
        parts.append(f"waiting on {_who(shown)} since {kit.moment(request.waiting_since)}")
        parts += _next_step(request)
    if request.claimer is not None and request.waiting_on != Ball.CLAIMER and request.state == State.OPEN:
        parts.append(f"{kit.escape(request.claimer.name)} sees to it")
    if request.asker.is_gone:
        parts.append(f"{kit.escape(request.asker.name)} {how_gone(request.asker)}; who still wants it takes it over")
    return " · ".join(parts)


def _next_step(request: Request) -> list[str]:
    if request.desk is None:
        return [NO_DESK]
    if request.snoozed_until is not None and request.nudge_at is not None:
        return [f"snoozed until {short_day(request.snoozed_until)}"]
    if request.nudge_at is not None:
        return [f"next nudge {kit.moment(request.nudge_at)}"]
    return [f"reminded {count(request.nudged, 'time')}, and not again"] if request.nudged else []


def _who(shown: CardContent) -> str:
    request = shown.request
    channel = request.desk.team.channel_id if request.desk else None
    in_channel = [kit.channel(each) for each in shown.waits_for if each == channel]
    people = kit.names([kit.mention(each) for each in shown.waits_for if each != channel])
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    if request.waiting_on == Ball.ASKER:
        return people or kit.mention(request.asker_id)
    if in_channel:
        desk += f" in {in_channel[0]}"
    if request.waiting_on == Ball.CLAIMER and shown.away is not None:
        return f"{people or desk}, since {kit.escape(shown.away.name)} is away"
    if request.waiting_on == Ball.LEADS:
        return f"both leads, {people}" if people else desk
    if request.waiting_on == Ball.DESK:
        return f"{desk} ({people} has triage)" if people else desk
    return people or desk


def _buttons(shown: CardContent) -> list[Block]:
    request, value = shown.request, str(shown.request.id)
    if request.state == State.MERGED or request.state == State.WITHDRAWN:
        return []
    rows = []
    if request.state == State.OPEN:
        missing = _missing(request)
        if missing:
            rows.append(kit.actions(*missing))
        free = request.claimer_id is None
        claim = kit.button("Claim", CLAIM, value, style="primary") if free else _take_over(request)
        decide = kit.button("Decide", DECIDE, value, style=None if free else "primary")
        rows.append(kit.actions(claim, kit.button("Ask", ASK, value), decide, kit.overflow(MENU, _menu(request))))
    later = decisions.card_buttons(request, shown.decision)
    if later:
        rows.append(kit.actions(*later, kit.overflow(MENU, _later_menu(request))))
    if request.asker.is_gone:
        rows.append(kit.actions(kit.button("I still want it", TAKE_OVER_ASKING, value)))
    return rows


def _take_over(request: Request) -> Element:
    confirm = kit.confirmation("Take it over?", "Agree on it first. The thread says that you see to it.", "Take over")
    return kit.button("Take over", f"{MENU}_over", f"over:{request.id}", confirm=confirm)


def _missing(request: Request) -> list[Element]:
    """A button for each thing that would help and is not there yet; all open the same form."""
    wanted = {
        "Why you come": request.why,
        "What you tried": request.tried,
        "By when": request.wanted_on,
        "Which team": request.team_id,
    }
    value = str(request.id)
    absent = [words for words, there in wanted.items() if not there]
    return [kit.button(words, f"{DETAILS}_{number}", value) for number, words in enumerate(absent[:3])]


def _menu(request: Request) -> list[Element]:
    entries = [("Route to another desk", "route"), ("Snooze", "snooze"), ("Brief", "brief"), ("Details", "details")]
    # Slack takes five. What is similar is asked at triage, before anybody claims it; *Details* has it as well.
    entries.insert(0, ("Similar asks", "similar") if request.claimer_id is None else ("Hold an engineer", "hold"))
    return [kit.option(words, f"{verb}:{request.id}") for words, verb in entries]


def _later_menu(request: Request) -> list[Element]:
    entries = [("Snooze", "snooze")] if request.waiting_on != Ball.NOBODY else []
    entries += [("Brief", "brief"), ("Details", "details")]
    return [kit.option(words, f"{verb}:{request.id}") for words, verb in entries]


def read_menu(value: str) -> tuple[str, int]:
    """The verb that was chosen, and the request's id."""
    verb, _, request_id = value.partition(":")
    return verb, keys.number(request_id)


# --- reaching out -----------------------------------------------------------------------------------------------


def reach_out_form(words: str = "") -> View:
    """The form behind the button and the bare command. One line is enough."""
    element = kit.text_input(
        "title",
        initial=words,
        multiline=True,
        placeholder="We want to summarise tickets, and don't know where to begin",
    )
    hint = "A vague idea is enough, and early is better. Everything else can follow in the thread."
    return kit.modal(
        REACH_OUT,
        "Reach out",
        [kit.field("title", "What would you like to do?", element, hint=hint)],
        submit="Reach out",
        close="Cancel",
    )


def read_reach_out(view: Mapping[str, Any]) -> str:
    """What was typed."""
    return Fields(view).text("title")


def reached_words(request: Request, *, is_unseen: bool = False) -> str:
    """The receipt, in a sentence or two. `is_unseen` while nothing can be posted in the channel."""
    if is_unseen:
        return (
            f"Kept as #{request.id}. Nobody can post in {kit.channel(request.channel_id or '')} at the moment: it will "
            "appear there when that is mended, or in the channel that an admin chooses instead."
        )
    if request.channel_id is None:
        return (
            f"Kept as #{request.id}. There is no channel for it yet: ask a Slack admin to run `/prickle setup`, "
            "and it will be posted there."
        )
    return f"Thank you! It stands in {kit.channel(request.channel_id)} as #{request.id}, and the AI team answers there."


def reached_view(request: Request, *, is_unseen: bool = False) -> View:
    """The receipt, in a window."""
    return kit.notice("You reached out", reached_words(request, is_unseen=is_unseen))


# --- the asker's side -------------------------------------------------------------------------------------------


def details_form(request: Request, all_teams: Sequence[Team]) -> View:
    """What helps to answer; only the title is needed."""
    whys = [kit.option(words, why) for why, words in WHYS.items()]
    choices = [kit.option(team.name, str(team.id)) for team in all_teams[: kit.OPTIONS]]
    team = str(request.team_id) if request.team_id is not None else None
    blocks = [
        kit.field("why", "Why do you come?", kit.select("why", whys, request.why), optional=True),
        kit.field(
            "tried",
            "What have you tried?",
            kit.text_input("tried", initial=request.tried or "", multiline=True, most=BRIEF_LENGTH),
            optional=True,
            hint="Links are welcome: a branch, a document, a thread.",
        ),
        kit.field("wanted_on", "By when?", kit.date_input("wanted_on", request.wanted_on), optional=True),
        *(
            [kit.field("team", "Which team is it for?", kit.select("team", choices, team), optional=True)]
            if choices
            else []
        ),
        kit.field("title", "In one line", kit.text_input("title", initial=request.title, most=TITLE_LENGTH)),
        kit.actions(
            kit.button("Similar asks", SIMILAR, str(request.id)),
            kit.button("Take the request back", WITHDRAW, str(request.id), confirm=_confirm_withdraw()),
        ),
    ]
    return kit.modal(DETAILS, "Details", blocks, submit="Save", close="Cancel", metadata=str(request.id))


def _confirm_withdraw() -> Element:
    return kit.confirmation("Take it back?", "The request is closed. Its thread stays as it is.", "Take it back")


def read_details(view: Mapping[str, Any]) -> tuple[int, Details]:
    """The request's id, and what was filled in."""
    fields = Fields(view)
    team, why = fields.choice("team"), fields.choice("why")
    return keys.number(view["private_metadata"]), Details(
        title=fields.text("title"),
        why=keys.word(Why, why) if why else None,
        tried=fields.text("tried"),
        wanted_on=fields.date("wanted_on"),
        team_id=keys.optional(team),
    )


def details_saved_view(request: Request) -> View:
    """The receipt."""
    return kit.notice("Saved", f"It stands on the card of #{request.id}.")


def withdrawn_view(request: Request) -> View:
    """The receipt."""
    return kit.notice("Taken back", f"#{request.id} is closed. Reach out again whenever you like.")


def withdrawn_message(request: Request, by: str) -> Message:
    """The line in the thread."""
    return Message(f"{kit.mention(by)} took this request back.")


def taken_over_asking_message(request: Request) -> Message:
    """The line in the thread."""
    return Message(f"{kit.mention(request.asker_id)} still wants this, and asks for it from now on.")


def departed_message(departed: Departed) -> Message:
    """The line in the thread of somebody who has left, or is at no desk any more, with the next step."""
    request, name = departed.request, kit.escape(departed.person.name)
    desk = kit.escape(request.desk.name) if request.desk else "the AI team"
    gone = f"{name} {how_gone(departed.person) if departed.person.is_gone else _moved(departed)}"
    if departed.was is Was.CLAIMER:
        return Message(f"{gone}, so nobody is on it. Anyone at {desk} can *Claim* it.")
    if departed.was is Was.HELD:
        return Message(f"{gone}, so nobody is held for this. {desk} can hold somebody else, from the card's menu.")
    if departed.was is Was.OWNER:
        return Message(f"{gone}, and {_was_to(departed)}. That is open again: {desk} decides anew with *Decide*.")
    who = kit.escape(request.team.name) if request.team else "anybody"
    return Message(f"{gone}. Does {who} still want this? Then press *I still want it*.")


def _moved(departed: Departed) -> str:
    return f"moved to {kit.escape(departed.team_name)}" if departed.team_name else "is at no desk any more"


def _was_to(departed: Departed) -> str:
    what = {Mode.EMBED: "was to join the team", Mode.BUILD: "was to build this", Mode.GUIDANCE: "was to advise here"}
    mode = Mode(departed.decision.mode) if departed.decision else None
    return what.get(mode, "was to do this") if mode else "was to do this"


# --- at a desk --------------------------------------------------------------------------------------------------


def claimed_message(request: Request, by: str, before: str | None) -> Message:
    """The line in the thread, when somebody sees to it in the place of somebody else."""
    return Message(f"{kit.mention(by)} takes this over{f' from {kit.mention(before)}' if before else ''}.")


def ask_form(request: Request) -> View:
    """What is not clear yet."""
    element = kit.text_input("text", multiline=True, most=3000, placeholder="One question a line reads best")
    return kit.modal(
        ASK,
        "Ask",
        [
            kit.section(f"*{kit.escape(request.title)}*"),
            kit.field(
                "text", "Your questions", element, hint="They go into the thread, and the answer brings it back to you."
            ),
        ],
        submit="Ask",
        close="Cancel",
        metadata=str(request.id),
    )


def read_ask(view: Mapping[str, Any]) -> tuple[int, str]:
    """The request's id, and the questions."""
    return keys.number(view["private_metadata"]), Fields(view).text("text")


def asked_message(request: Request, question: Question) -> Message:
    """The questions in the thread, to the one who asked for it."""
    askers = kit.names([kit.mention(request.asker_id), *(kit.mention(each.person_id) for each in request.co_askers)])
    head = f"{askers}, {kit.mention(question.by_id)} asks:"
    foot = "Answer here in the thread; that is enough."
    words = kit.escape(question.text)
    blocks = kit.fit_message([kit.section(head), *kit.prose(question.text)], [kit.context(foot)], "… and more.")
    return Message(kit.in_short([head, words, foot], more="… and more."), blocks)


def asked_view() -> View:
    """The receipt."""
    return kit.notice("Asked", "Your questions are in the thread. You are told when the answer is there.")


def route_form(request: Request, desks: Sequence[Desk]) -> View:
    """To which desk, and why."""
    others = [desk for desk in desks if desk.id != request.desk_id][: kit.OPTIONS]
    if not others:
        return kit.notice("Route", "There is no other desk yet. `/reach-out setup` makes one.", keep_below=True)
    choices = [kit.option(f"{desk.name}: {desk.owns}", str(desk.id)) for desk in others]
    pick = kit.radio if len(choices) <= kit.RADIOS else kit.select
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*"),
        kit.field("desk", "Which desk owns it?", pick("desk", choices)),
        kit.field(
            "why",
            "Why there?",
            kit.text_input("why", most=BRIEF_LENGTH),
            hint="One sentence. It stands in the thread. When it bounces a second time, both leads settle it.",
        ),
    ]
    return kit.modal(ROUTE, "Route", blocks, submit="Route", close="Cancel", metadata=str(request.id))


def read_route(view: Mapping[str, Any]) -> tuple[int, int, str]:
    """The request's id, the desk's, and why."""
    fields = Fields(view)
    return keys.number(view["private_metadata"]), (keys.optional(fields.choice("desk")) or 0), fields.text("why")


def routed_message(shown: CardContent) -> Message:
    """The line in the thread: from which desk to which, why, and who answers there."""
    request = shown.request
    last = request.routings[-1] if request.routings else None
    if last is None:
        return Message(f"This is at *{kit.escape(request.desk.name) if request.desk else 'a desk'}* now.")
    route = f"{kit.escape(last.from_desk.name)} → *{kit.escape(last.to_desk.name)}*"
    why = f"{kit.mention(last.by_id)}: {kit.clip(kit.escape(last.why), LONGEST_WHY)}"
    if request.waiting_on == Ball.LEADS:
        leads = kit.names([kit.mention(each) for each in shown.waits_for])
        ask = (
            f"It bounced twice. {leads}: please settle together where it belongs; then one of you claims or routes it."
        )
        return Message(f"{route}. {why}\n{ask}")
    return Message(f"{route}. {why}")


def routed_view(request: Request) -> View:
    """The receipt."""
    where = kit.escape(request.desk.name) if request.desk else "another desk"
    return kit.notice("Routed", f"It is at *{where}* now, and the thread says why.")


def snooze_form(request: Request, today: date) -> View:
    """Until when nobody is reminded of it."""
    element = kit.date_input("until", today + timedelta(days=7))
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*"),
        kit.field("until", "Until when?", element, hint="Nobody is reminded before. The thread says so."),
    ]
    return kit.modal(SNOOZE, "Snooze", blocks, submit="Snooze", close="Cancel", metadata=str(request.id))


def read_snooze(view: Mapping[str, Any]) -> tuple[int, date | None]:
    """The request's id, and the day."""
    return keys.number(view["private_metadata"]), Fields(view).date("until")


def snoozed_message(request: Request, by: str) -> Message:
    """The line in the thread."""
    until = short_day(request.snoozed_until) if request.snoozed_until else "later"
    return Message(f"💤 {kit.mention(by)} snoozed this until {until}.")


def snoozed_view(request: Request) -> View:
    """The receipt."""
    until = short_day(request.snoozed_until) if request.snoozed_until else "later"
    return kit.notice("Snoozed", f"Nobody is reminded of it before {until}.")


# --- the brief --------------------------------------------------------------------------------------------------


def brief_form(request: Request) -> View:
    """The shared brief, to be edited by either side."""
    brief = briefs.newest(request)
    fields = [
        kit.field(
            name,
            words,
            kit.text_input(name, initial=getattr(brief, name) if brief else "", multiline=True, most=BRIEF_LENGTH),
            optional=True,
        )
        for name, words in QUESTIONS.items()
    ]
    version = brief.version if brief else 0
    before = [kit.context(f"Version {version}, by {kit.escape(brief.by.name)}")] if brief else []
    head = kit.section(f"*{kit.escape(request.title)}*\nBoth sides write here; every version is kept.")
    return kit.modal(
        BRIEF, "Brief", [head, *before, *fields], submit="Save", close="Cancel", metadata=f"{request.id}:{version}"
    )


def read_brief(view: Mapping[str, Any]) -> BriefDraft:
    """What was written, and from which version it started."""
    request_id, _, version = view["private_metadata"].partition(":")
    fields = Fields(view)
    return BriefDraft(keys.number(request_id), keys.number(version), **{name: fields.text(name) for name in QUESTIONS})


def brief_saved_view(request: Request) -> View:
    """The receipt."""
    return kit.notice("Saved", f"The brief stands on the card of #{request.id}.")


def brief_message(request: Request, by: str) -> Message:
    """The line in the thread."""
    brief = briefs.newest(request)
    return Message(
        f"{kit.mention(by)} wrote the brief, version {brief.version if brief else 1}; it stands on the card."
    )
