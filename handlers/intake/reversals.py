"""*Undo* on a request's card."""

from slack_bolt import Ack

from bot.domain.intake import requests, reversals
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import requests as request_views
from bot.views.intake import reversals as reversal_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def undo(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody takes back what they did to a request last."""
    now = clock.now()
    with db.begin() as session:
        done = reversals.undo(session, responses.row(body), by=me, now=now)
        if done is not None and done.is_told:
            message = reversal_views.undone_message(done.request, me)
            requests.say(session, done.request, f"undone:{done.request.id}:{now.isoformat()}", message, now=now)
    ack()


FEATURE = Feature(actions={request_views.UNDO: undo})
