"""A desk's side of a request: claiming it, asking back, passing it on, and snoozing it."""

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

from bot.domain.calendar.wording import short_day
from bot.domain.intake.card_contents import CardContent
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.kit import Fields, View, keys
from models.desks import Desk
from models.intake.requests import BRIEF_LENGTH, Ball, Question, Request

ASK = "request_ask"
ROUTE = "request_route"
SNOOZE = "request_snooze"
LONGEST_WHY = 2_000  # of a sentence, once it is escaped


def claimed_message(request: Request, by: str, before: str | None) -> Message:
    """The line in the thread when somebody takes over a request from a colleague."""
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
                "text",
                "Your questions",
                element,
                hint="Prickle posts them in the thread. Once they answer, the next step is yours again.",
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


def route_form(request: Request, desks: Sequence[Desk]) -> View:
    """To which desk, and why."""
    others = [desk for desk in desks if desk.id != request.desk_id][: kit.OPTIONS]
    if not others:
        return kit.notice("Hand over", "There is no other desk yet. `/reach-out setup` makes one.", keep_below=True)
    choices = [kit.option(f"{desk.name}: {desk.owns}", str(desk.id)) for desk in others]
    pick = kit.radio if len(choices) <= kit.RADIOS else kit.select
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*"),
        kit.field("desk", "Who owns it?", pick("desk", choices)),
        kit.field(
            "why",
            "Why there?",
            kit.text_input("why", most=BRIEF_LENGTH),
            hint="One sentence; Prickle posts it in the thread. If it goes back and forth, both leads settle it.",
        ),
    ]
    return kit.modal(
        ROUTE, "Hand to another team", blocks, submit="Hand over", close="Cancel", metadata=str(request.id)
    )


def read_route(view: Mapping[str, Any]) -> tuple[int, int, str]:
    """The request's id, the desk's, and why."""
    fields = Fields(view)
    return keys.number(view["private_metadata"]), (keys.optional(fields.choice("desk")) or 0), fields.text("why")


def routed_message(shown: CardContent) -> Message:
    """The line in the thread: from which desk to which, why, and who answers there."""
    request = shown.request
    last = request.routings[-1] if request.routings else None
    if last is None:
        return Message(f"This is at *{kit.escape(request.desk.name) if request.desk else 'the AI team'}* now.")
    route = f"{kit.escape(last.from_desk.name)} → *{kit.escape(last.to_desk.name)}*"
    why = f"{kit.mention(last.by_id)}: {kit.clip(kit.escape(last.why), LONGEST_WHY)}"
    if request.waiting_on == Ball.LEADS:
        leads = kit.names([kit.mention(each) for each in shown.waits_for])
        ask = f"It went back and forth. {leads}: please settle together where it belongs. Then one of you takes it or hands it over."
        return Message(f"{route}. {why}\n{ask}")
    return Message(f"{route}. {why}")


def snooze_form(request: Request, today: date) -> View:
    """Until when nobody is reminded of it."""
    element = kit.date_input("until", today + timedelta(days=7))
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*"),
        kit.field(
            "until", "Until when?", element, hint="Until then Prickle reminds nobody, and says so in the thread."
        ),
    ]
    return kit.modal(SNOOZE, "Snooze", blocks, submit="Snooze", close="Cancel", metadata=str(request.id))


def read_snooze(view: Mapping[str, Any]) -> tuple[int, date | None]:
    """The request's id, and the day."""
    return keys.number(view["private_metadata"]), Fields(view).date("until")


def snoozed_message(request: Request, by: str) -> Message:
    """The line in the thread."""
    until = short_day(request.snoozed_until) if request.snoozed_until else "later"
    return Message(f"💤 {kit.mention(by)} snoozed this until {until}.")
