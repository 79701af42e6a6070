"""*Reopen*: on a closed request's card, and below what is said in its thread."""

from slack_bolt import Ack

from bot.domain.intake import reopenings, requests
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import reopenings as reopening_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body
from models.intake.requests import Request


def reopen(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody chose *Reopen* from a card's menu."""
    _open_again(db, responses.row(body), me)
    ack()


def reopen_here(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Reopen* in the thread."""
    request = _open_again(db, responses.row(body), me)
    responses.replace_message(body, reopening_views.settled_message(request))
    ack()


def _open_again(db: Database, request_id: int, me: str) -> Request:
    now = clock.now()
    with db.begin() as session:
        request = reopenings.reopen(session, request_id, by=me, now=now)
        if request is None:
            return requests.load(session, request_id)
        message = reopening_views.reopened_message(request, me)
        requests.say(session, request, f"reopened:{request.id}:{now.isoformat()}", message, now=now)
        return request


FEATURE = Feature(actions={reopening_views.REOPEN: reopen, reopening_views.REOPEN_HERE: reopen_here})
