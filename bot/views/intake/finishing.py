"""What people see when a request is done, is to be looked at again, or is handed back."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.calendar.wording import short_day
from bot.domain.intake.finishing import Left
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake import decisions as decision_views
from bot.views.kit import Block, Fields, View, keys
from models.intake.decisions import Decision, Mode
from models.intake.requests import LINK_LENGTH, Request


def finished_message(request: Request, decision: Decision, by: str) -> Message:
    """The line in the thread, when it is shipped, or the advice is given."""
    if decision.mode == Mode.BUILD:
        link = f" {kit.escape(decision.words)}" if decision.words else ""
        return Message(f"{decision_views.askers(request)}: ✅ shipped, says {kit.mention(by)}.{link}")
    return Message(f"{decision_views.askers(request)}: ✅ the advice is given, says {kit.mention(by)}.")


def checked_in_message(request: Request, decision: Decision) -> Message:
    """The line in the thread, after both have looked at it."""
    day = short_day(decision.due_on) if decision.due_on else "later"
    who = kit.mention(decision.person_id) if decision.person_id else "We"
    return decision_views.with_their_words(
        (f"{decision_views.askers(request)}: {who} looks at it with you again on {day}. Until then:", decision.words)
    )


def handed_back_message(request: Request, left: Left, by: str) -> Message:
    """The line in the thread: what an engineer leaves behind."""
    head = f"{decision_views.askers(request)}: ✅ {kit.mention(by)} handed this back."
    return decision_views.with_their_words(
        (f"{head}\n*Who owns it now:*", left.owner),
        ("*Where the docs are:*", left.docs),
        ("*How it is measured:*", left.measure),
    )


def done_form(request: Request, decision: Decision) -> View:
    """It is shipped, perhaps with a link; or the advice is given."""
    is_built = decision.mode == Mode.BUILD
    link = kit.text_input("link", most=LINK_LENGTH, placeholder="https://")
    blocks = [
        _title(request),
        kit.section(
            "Prickle says so in the thread. In a direct message it asks the person who wanted this whether it helped."
        ),
        *([kit.field("link", "Where is it?", link, optional=True)] if is_built else []),
    ]
    words = "Shipped" if is_built else "Done"
    return kit.modal(decision_views.DONE, words, blocks, submit=words, close="Cancel", metadata=str(request.id))


def read_done(view: Mapping[str, Any]) -> tuple[int, str]:
    """The request's id, and the link."""
    return keys.number(view["private_metadata"]), Fields(view).text("link")


def check_in_form(request: Request) -> View:
    """When to look at it together next, and what is done until then."""
    blocks = [
        _title(request),
        kit.field(
            "due_on", "When do you look at it again?", kit.date_input("due_on"), hint="Prickle reminds you on this day."
        ),
        decision_views.words_field("What is the next step?"),
    ]
    return kit.modal(
        decision_views.CHECK_IN, "Look at it again", blocks, submit="Save", close="Cancel", metadata=str(request.id)
    )


def read_check_in(view: Mapping[str, Any]) -> tuple[int, date | None, str]:
    """The request's id, the day, and what is to do until then."""
    fields = Fields(view)
    return keys.number(view["private_metadata"]), fields.date("due_on"), fields.text("words")


def hand_back_form(request: Request) -> View:
    """What an engineer leaves behind."""
    blocks = [
        _title(request),
        decision_views.text_field("owner", "Who owns it now?"),
        decision_views.text_field("docs", "Where are the docs?"),
        decision_views.text_field(
            "measure", "How is it measured?", "Prickle posts the three answers in the thread, and the embed ends."
        ),
    ]
    return kit.modal(
        decision_views.HAND_BACK, "Hand back", blocks, submit="Hand back", close="Cancel", metadata=str(request.id)
    )


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
        "Three lines; Prickle posts them in the thread."
    )
    button = kit.button("Hand back", decision_views.HAND_BACK, str(request.id), style="primary")
    return Message(text, [kit.section(text), kit.actions(button)])


def _title(request: Request) -> Block:
    return kit.section(f"*{kit.escape(request.title)}*")
