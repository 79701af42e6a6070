"""What people see when a closed request is opened again, or could be."""

from bot.domain.outbox.posts import Message
from bot.views import kit
from models.intake.requests import Ball, Request

REOPEN = "request_reopen"  # in a card's menu
REOPEN_HERE = "reopen_here"  # below a reply


def reopened_message(request: Request, by: str) -> Message:
    """The line in the thread: who the request waits on now."""
    return Message(f"🔁 {kit.mention(by)} opened this again. It waits on {waits_on(request)}.")


def waits_on(request: Request) -> str:
    """Who a reopened request waits on."""
    if request.waiting_on == Ball.CLAIMER and request.claimer_id is not None:
        return kit.mention(request.claimer_id)
    return kit.escape(request.desk.name) if request.desk else "the AI team"


def offer_message(request: Request, by: str) -> Message:
    """Below a reply to something that is closed: is there something left?"""
    text = f"{kit.mention(by)}, this is closed. Is something left? *Reopen* brings it back to {_desk(request)}."
    return Message(text, [kit.section(text), kit.actions(kit.button("Reopen", REOPEN_HERE, str(request.id)))])


def _desk(request: Request) -> str:
    return kit.escape(request.desk.name) if request.desk else "the AI team"


def settled_message(request: Request) -> Message:
    """In the place of that offer, once it is open again."""
    return Message(f"🔁 This is open again. It waits on {waits_on(request)}.")
