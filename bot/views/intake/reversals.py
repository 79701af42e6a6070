"""What a request's thread reads when somebody takes back what it was told."""

from bot.domain.outbox.posts import Message
from bot.views import kit
from bot.views.intake.waiting_on import STATES
from models.intake.requests import Request, State


def undone_message(request: Request, by: str) -> Message:
    """The line in the thread: how it stands again."""
    claimer = request.claimer if request.state == State.OPEN else None
    on_it = f", and {kit.escape(claimer.name)} is on it" if claimer is not None else ""
    return Message(f"↩️ {kit.mention(by)} took that back. It's as before: {STATES[State(request.state)]}{on_it}.")
