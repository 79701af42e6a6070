"""*Not a request*: the button on the first line of a card that may be none, and in every request's details."""

from bot.domain.intake import dismissals
from bot.views import kit
from bot.views.kit import Element
from models.intake.requests import Request, State

DISMISS = "request_dismiss"
STATUS = "⚪ Not a request"


def button(request: Request) -> Element | None:
    """The button, while a request is open that may be none."""
    return anyhow(request) if request.is_doubtful else None


def anyhow(request: Request) -> Element | None:
    """The same in the details of one that nobody doubts."""
    return kit.button("Not a request", DISMISS, str(request.id)) if request.state == State.OPEN else None


def status(request: Request) -> str | None:
    """What its card says once somebody pressed it."""
    return f"{STATUS}, says {kit.mention(request.dismissed_by_id or '')}" if dismissals.is_dismissed(request) else None
