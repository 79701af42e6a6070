"""*Not a request*: the button on the first line of a card that may be none."""

from bot.domain.intake import dismissals
from bot.views import kit
from bot.views.kit import Element
from models.intake.requests import Request, State

DISMISS = "request_dismiss"
STATUS = "⚪ Not a request"


def button(request: Request) -> Element | None:
    """The button, while a request is open that may be none."""
    if request.state != State.OPEN or not request.is_doubtful:
        return None
    return kit.button("Not a request", DISMISS, str(request.id))


def status(request: Request) -> str | None:
    """What its card says once somebody pressed it."""
    return f"{STATUS}, says {kit.mention(request.dismissed_by_id or '')}" if dismissals.is_dismissed(request) else None
