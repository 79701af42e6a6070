"""What people see when a message that became a request is deleted, or says nothing any more."""

from bot.domain.intake import changes
from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake.requests import UNDO
from models.intake.requests import Request, State

TAKE_BACK = "request_gone_withdraw"
KEEP = "request_gone_keep"


def gone_message(request: Request) -> Message:
    """The line in the thread of a request that somebody is at."""
    return Message(f"A message that belongs to this request was deleted. #{request.id} stays open, as its card says.")


def card(request: Request, link: str | None, *, can_undo: bool = False) -> Message:
    """The question to the asker, once; afterwards, what they said."""
    title = _linked(request, link)
    if request.state == State.WITHDRAWN:
        text = f"#{request.id} *{title}* is taken back."
        undo = kit.button("Undo", f"{UNDO}_{request.id}", str(request.id)) if can_undo else None
        return Message(text, [kit.section(text, undo)])
    if request.kept_at is not None:
        return Message(f"#{request.id} *{title}* stays open, and its card keeps the words.")
    if not changes.is_open_question(request):
        return Message(f"#{request.id} *{title}* is closed.")
    happened = "was deleted" if request.message_gone_at is not None else "asks for nothing any more"
    words = f"Do you want to take #{request.id} back? The message behind *{title}* {happened}."
    buttons = kit.actions(
        kit.button("Take it back", TAKE_BACK, str(request.id)), kit.button("Keep it", KEEP, str(request.id))
    )
    return Message(words, [kit.section(words), buttons])


def _linked(request: Request, link: str | None) -> str:
    title = kit.escape(request.title)
    return f"<{link}|{title}>" if link else title
