"""What the asker of something that is done is asked: did it help, what should we do differently, is it in use?"""

from collections.abc import Mapping
from typing import Any

from bot.domain.intake.outcomes import OutcomeAsked, Verdict
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake import reopenings as reopening_views
from bot.views.kit import Fields, View, keys
from models.intake.decisions import Outcome
from models.intake.requests import BRIEF_LENGTH, Request

HELPED = "outcome_helped"
DIFFERENTLY = "outcome_differently"
IN_USE = "outcome_in_use"

VERDICTS = {Verdict.YES: "Yes", Verdict.PARTLY: "Partly", Verdict.NO: "No"}
HELPS = {Verdict.YES: "it helped", Verdict.PARTLY: "it helped in part", Verdict.NO: "it did not help"}
USES = {"yes": "Yes", "not_yet": "Not yet", "no_longer": "No longer"}


def card(asked: OutcomeAsked) -> Message:
    """Two questions to the asker, in their DM; once answered, what they said."""
    request, outcome = asked.request, asked.outcome
    if asked.goes_on:
        return Message(
            f"🔁 #{request.id} *{kit.escape(request.title)}* isn't done yet. Prickle asks you again once it is."
        )
    title = f"#{request.id} *{kit.escape(request.title)}* is done."
    if outcome.helped is None:
        text = f"{title} Did it help?\nYour answer shows on its card, where everybody reads it."
        value = str(request.id)
        buttons = [kit.button(words, f"{HELPED}_{verdict}", value) for verdict, words in VERDICTS.items()]
    else:
        text = f"{title} You said that {HELPS[Verdict(outcome.helped)]}. Thank you!"
        buttons = []
    words = f"\nYou wrote: {kit.clip(kit.escape(outcome.words), 2_000)}" if outcome.words else ""
    label = "Edit your line" if outcome.words else "What should we do differently?"
    next_ = buttons or [kit.button(label, DIFFERENTLY, str(request.id))]
    return Message(f"{text}{words}", [kit.section(f"{text}{words}"), kit.actions(*next_)])


def in_use_card(asked: OutcomeAsked) -> Message:
    """One question to the asker, a month later."""
    request, outcome = asked.request, asked.outcome
    if asked.goes_on:
        return Message(f"🔁 #{request.id} *{kit.escape(request.title)}* isn't done yet.")
    title = f"#{request.id} *{kit.escape(request.title)}*"
    if outcome.in_use_at is not None:
        return Message(f"{title}: {'in use' if outcome.in_use else 'not in use'}, you said. Thank you!")
    text = f"A month ago this was done: {title}\nIs it in use?"
    buttons = [kit.button(words, f"{IN_USE}_{name}", str(request.id)) for name, words in USES.items()]
    return Message(text, [kit.section(text), kit.actions(*buttons)])


def helped_message(request: Request, verdict: Verdict) -> Message:
    """The line in the thread."""
    line = f"{kit.mention(request.asker_id)} says that {HELPS[verdict]}."
    if verdict is not Verdict.NO:
        return Message(line)
    return Message(f"{line} It's open again, and waits on {reopening_views.waits_on(request)}.")


def differently_form(request: Request, outcome: Outcome) -> View:
    """One line for whoever answered."""
    element = kit.text_input("words", initial=outcome.words or "", most=BRIEF_LENGTH)
    blocks = [
        kit.section(f"*{kit.escape(request.title)}*"),
        kit.field(
            "words",
            "What should we do differently?",
            element,
            optional=True,
            hint="One line. It is kept with the request, but not posted in the thread.",
        ),
    ]
    return kit.modal(DIFFERENTLY, "Next time", blocks, submit="Send", close="Cancel", metadata=str(request.id))


def read_differently(view: Mapping[str, Any]) -> tuple[int, str]:
    """The request's id, and the line."""
    return keys.number(view["private_metadata"]), Fields(view).text("words")
