"""What is offered below what people say in a request's thread."""

from bot.domain.intake.decisions import Decided
from bot.domain.intake.replies import Offer, Reply
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake import decisions as decision_views
from bot.views.intake import reopenings as reopening_views
from models.intake.requests import Request

WAIT = "reply_wait"
ANSWER = "reply_answer"  # in a message's menu


def offer_message(reply: Reply, by: str) -> Message | None:
    """What is offered to the person who wrote it. None where nothing is."""
    if reply.offer is Offer.REOPEN:
        return reopening_views.offer_message(reply.request, by)
    return _wait_message(reply.request, by) if reply.offer is Offer.WAIT else None


def _wait_message(request: Request, by: str) -> Message:
    name = kit.name(request.asker.name)
    desk = kit.name(request.desk.name) if request.desk else "the AI team"
    text = f"{kit.mention(by)}, are you waiting on {name}? Then Prickle reminds them, and not {desk}."
    label = kit.shorten(f"Waiting on {request.asker.name}", 75)
    return Message(text, [kit.section(text), kit.actions(kit.button(label, WAIT, str(request.id)))])


def waits_message(request: Request) -> Message:
    """In the place of that offer, once it was taken."""
    return Message(f"This waits on {kit.mention(request.asker_id)} now. An answer here brings it back.")


def beside_message(reply: Reply, by: str) -> Message | None:
    """The line in a thread, when somebody replies in the thread of a request that was merged into this one."""
    if reply.merged is None:
        return None
    where = f"<{reply.link}|#{reply.merged.id}>" if reply.link else f"#{reply.merged.id}"
    return Message(f"↪️ {kit.mention(by)} wrote in the thread of {where}, which continues here.")


def answered_message(decided: Decided) -> Message:
    """The line in the thread, when somebody marks their reply as the answer: its words stand above."""
    by = kit.mention(decided.decision.by_id)
    return Message(f"{decision_views.askers(decided.request)}: ✅ that is the answer, says {by}. This is done.")
