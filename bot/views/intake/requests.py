"""What people see of a request: its card in the open, and the window to reach out."""

from collections.abc import Mapping
from typing import Any

from bot.domain.calendar.wording import short_day
from bot.domain.intake import briefs
from bot.domain.intake.requests import CardContent
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.intake import asking as asking_views
from bot.views.intake import briefs as brief_views
from bot.views.intake import claims as claim_views
from bot.views.intake import decisions
from bot.views.intake import waiting_on as waiting_views
from bot.views.kit import Block, Element, Fields, View, keys
from models.intake.requests import Ball, Request, State, Why

REACH_OUT = routes.REACH_OUT.verb
CLAIM = "request_claim"
DECIDE = decisions.DECIDE
MENU = "request_menu"
SHOWN_TEXT = 900  # characters of the words on the card; their own message has all of them
MORE = "There is more: *Brief* and *Details* have it all."

# --- the card ---------------------------------------------------------------------------------------------------


def card(shown: CardContent) -> Message:
    """The request in the open: what is wanted, on whom it waits, and what each side can do next."""
    request = shown.request
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*{_body(request)}"),
        kit.context(kit.clip(_origin(request), kit.SECTION_TEXT)),
        *decisions.card_blocks(request, shown.decision, shown.ticks),
        *kit.paragraphs([*_details(request), *brief_views.brief_lines(briefs.newest(request))]),
        kit.context(kit.clip(waiting_views.status(shown), kit.SECTION_TEXT)),
    ]
    head = f"{_number(request)} {kit.escape(request.title)}"
    text = kit.in_short([head, _origin(request), *decisions.card_lines(shown.decision), waiting_views.status(shown)])
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
        lines.append(f"*Why:* {asking_views.WHYS[Why(request.why)]}")
    if request.tried:
        lines.append(f"*Tried:* {kit.clip(kit.escape(request.tried), brief_views.SHOWN_PART)}")
    if request.wanted_on is not None:
        lines.append(f"*By:* {short_day(request.wanted_on)}")
    return lines


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
        rows.append(
            kit.actions(claim, kit.button("Ask", claim_views.ASK, value), decide, kit.overflow(MENU, _menu(request)))
        )
    later = decisions.card_buttons(request, shown.decision)
    if later:
        rows.append(kit.actions(*later, kit.overflow(MENU, _later_menu(request))))
    if request.asker.is_gone:
        rows.append(kit.actions(kit.button("I still want it", asking_views.TAKE_OVER_ASKING, value)))
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
    return [kit.button(words, f"{asking_views.DETAILS}_{number}", value) for number, words in enumerate(absent[:3])]


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
