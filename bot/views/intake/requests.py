"""What people see of a request: its card in the open, and the window to reach out."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.calendar.wording import short_day
from bot.domain.intake import briefs
from bot.domain.intake.card_contents import CardContent
from bot.domain.intake.requests import LIVE
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.intake import asking as asking_views
from bot.views.intake import briefs as brief_views
from bot.views.intake import claims as claim_views
from bot.views.intake import decisions
from bot.views.intake import dismissals as dismissal_views
from bot.views.intake import reopenings as reopening_views
from bot.views.intake import waiting_on as waiting_views
from bot.views.kit import Block, Element, Fields, View, keys
from models.desks import Desk
from models.intake.requests import Ball, Request, State, Why

REACH_OUT = routes.REACH_OUT.verb
CLAIM = "request_claim"
DECIDE = decisions.DECIDE
MENU = "request_menu"
UNDO = "request_undo"
ANY_DESK = "any"
SET_UP = routes.entry("/reach-out", "setup")
NOBODY = "Nobody answers requests yet: ask a Slack admin to run `/reach-out setup`."
SHOWN_TEXT = 900  # characters of the words on the card; their own message has all of them
MORE = "There is more: *Brief* and *Details and more* show all of it."

# --- the card ---------------------------------------------------------------------------------------------------


def card(shown: CardContent) -> Message:
    """The request in the open: what is wanted, on whom it waits, and what each side can do next."""
    request = shown.request
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*{_body(request)}", _doubt(shown)),
        kit.context(kit.clip(_origin(request), kit.SECTION_TEXT)),
        *decisions.card_blocks(shown),
        *kit.paragraphs([*_details(request), *brief_views.brief_lines(briefs.newest(request))]),
        kit.context(kit.clip(waiting_views.status(shown), kit.SECTION_TEXT)),
    ]
    head = f"{_number(request)} {kit.escape(request.title)}"
    text = kit.in_short([head, _origin(request), *decisions.card_lines(shown.decision), waiting_views.status(shown)])
    return Message(text, kit.fit_message(blocks, _buttons(shown), MORE))


def _number(request: Request) -> str:
    return f"#{request.id}"


def _body(request: Request) -> str:
    """The words, where they say more than the title, and than the message above, at the thread's beginning."""
    stands_above = request.thread_ts is not None and request.kept_at is None
    words = (request.later_words or "") if stands_above else request.text
    if not words or " ".join(words.split()) == request.title:
        return ""
    return f"\n{kit.clip(kit.escape(words), SHOWN_TEXT)}"


def _doubt(shown: CardContent) -> Element | None:
    """*Not a request*, until somebody acts on it: then it is one."""
    free = shown.request.claimer_id is None and not shown.can_undo and not shown.request.asker.is_gone
    return dismissal_views.button(shown.request) if free else None


def _origin(request: Request) -> str:
    team = f" for *{kit.escape(request.team.name)}*" if request.team else ""
    link = f" · <{request.link}|from this message>" if request.link else ""
    brought = f" · brought by {kit.mention(request.brought_by_id)}" if request.brought_by_id else ""
    also = [kit.mention(each.person_id) for each in request.co_askers if each.person_id != request.brought_by_id]
    too = f" · also wanted by {kit.names(also)}" if also else ""
    return f"{_number(request)} · {kit.mention(request.asker_id)}{team}{link}{brought}{too}"


def _details(request: Request) -> list[str]:
    lines = []
    if request.why is not None:
        lines.append(f"*Why:* {asking_views.WHYS[Why(request.why)]}")
    if request.tried:
        lines.append(f"*Tried:* {kit.clip(kit.escape(request.tried), brief_views.SHOWN_PART)}")
    if request.wanted_on is not None:
        lines.append(f"*By:* {short_day(request.wanted_on)}")
    return lines


def _buttons(shown: CardContent) -> list[Block]:
    """At most three buttons and a menu, whatever the state."""
    request, value = shown.request, str(shown.request.id)
    buttons = _next_steps(shown)
    wants = request.asker.is_gone and request.state in LIVE
    undo = kit.button("Undo", UNDO, value) if shown.can_undo else None
    if wants and undo is None:
        buttons.append(kit.button("I still want it", asking_views.TAKE_OVER_ASKING, value))
    if undo is not None:
        buttons.append(undo)
    entries = _menu(shown, wants=wants and undo is not None)
    row: list[Element | None] = [*buttons, kit.overflow(MENU, entries) if entries else None]
    return [kit.actions(*row)] if buttons or entries else []


def _next_steps(shown: CardContent) -> list[Element]:
    request, value = shown.request, str(shown.request.id)
    if request.state != State.OPEN:
        return decisions.card_buttons(request, shown.decision)
    free = request.claimer_id is None
    claim = kit.button("I'll take it", CLAIM, value, style="primary") if free else _take_over(request)
    return [claim, kit.button("Answer", DECIDE, value, style=None if free else "primary")]


def _take_over(request: Request) -> Element:
    confirm = kit.confirmation("Take it over?", "Agree on it first. The thread says that you're on it.", "Take over")
    return kit.button("Take over", f"{MENU}_over", f"over:{request.id}", confirm=confirm)


def _menu(shown: CardContent, *, wants: bool) -> list[Element]:
    """What is behind the three dots. Slack takes five entries."""
    request, value = shown.request, str(shown.request.id)
    want = kit.menu_option("I still want it", asking_views.TAKE_OVER_ASKING, value)
    change = kit.menu_option("Change the answer", DECIDE, value)
    more = [_entry("Brief", "brief", request), _entry("Details and more", "details", request)]
    if request.state == State.OPEN:
        # Who asked has left, so there is nobody to ask.
        first = want if wants else kit.menu_option("Ask something", claim_views.ASK, value)
        return [first, _entry("Hand to another team", "route", request), _entry("Snooze", "snooze", request), *more]
    if request.state in (State.DECIDED, State.PARKED):
        snooze = [_entry("Snooze", "snooze", request)] if request.waiting_on != Ball.NOBODY else []
        return [*([want] if wants else []), *([change] if shown.decision is not None else []), *snooze, *more]
    if not shown.may_reopen:
        return []
    reopen = kit.menu_option("Reopen", reopening_views.REOPEN, value)
    return [reopen, change] if request.state == State.DONE else [reopen]


def _entry(words: str, verb: str, request: Request) -> Element:
    return kit.option(words, f"{verb}:{request.id}")


def read_menu(value: str) -> tuple[str, int]:
    """The verb that was chosen, and the request's id."""
    verb, _, request_id = value.partition(":")
    return verb, keys.number(request_id)


# --- reaching out -----------------------------------------------------------------------------------------------


def reach_out_form(words: str = "", desks: Sequence[Desk] = ()) -> View:
    """The form behind the button and the bare command. One line is enough; where there are several desks, one can be chosen."""
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
        [
            routes.bar(routes.INTAKE_TABS, "Ask"),
            kit.field("title", "What would you like to do?", element, hint=hint),
            *_desk_field(desks),
        ],
        submit="Reach out",
        close="Cancel",
    )


def _desk_field(desks: Sequence[Desk]) -> list[Block]:
    if len(desks) < 2:
        return []
    choices = [kit.option("I don't know; the AI team will find out", ANY_DESK)]
    choices += [kit.option(f"{desk.name}: {desk.owns}", str(desk.id)) for desk in desks[: kit.OPTIONS - 1]]
    return [kit.field("desk", "Who should answer?", kit.select("desk", choices, ANY_DESK))]


def read_reach_out(view: Mapping[str, Any]) -> tuple[str, int | None]:
    """What was typed, and the desk that was chosen; None for whichever."""
    fields = Fields(view)
    desk = fields.choice("desk")
    return fields.text("title"), keys.number(desk) if desk not in (None, ANY_DESK) else None


def nobody_answers_message(*, is_admin: bool) -> Message:
    """What people read before there is anybody who answers, with the next step."""
    kept = "Prickle keeps what you type after `/reach-out` until then."
    if not is_admin:
        return Message(f"{NOBODY} {kept}", [kit.section(f"{NOBODY} {kept}")])
    words = f"Nobody answers requests yet. Choose who does. {kept}"
    return Message(words, [kit.section(words), kit.actions(kit.button("Set up", SET_UP, style="primary"))])


def reached_words(request: Request, *, is_unseen: bool = False) -> str:
    """The receipt, in a sentence or two. `is_unseen` while nothing can be posted in the channel."""
    if is_unseen:
        return (
            f"Kept as #{request.id}. Nobody can post in {kit.channel(request.channel_id or '')} at the moment: it will "
            "appear there when that is mended, or in the channel that an admin chooses instead."
        )
    nobody = f" {NOBODY}" if request.desk_id is None else ""
    if request.channel_id is None:
        return (
            f"Kept as #{request.id}. There is no channel for it yet: ask a Slack admin to run `/prickle setup`, "
            f"and it will be posted there.{nobody}"
        )
    if nobody:
        return f"Kept as #{request.id}, in {kit.channel(request.channel_id)}.{nobody}"
    return f"Thank you! It is in {kit.channel(request.channel_id)} as #{request.id}, and the AI team answers there."
