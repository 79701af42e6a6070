"""*Not a request*: somebody says that a line was none."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.intake import dismissals
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import asking as asking_views
from bot.views.intake import dismissals as dismissal_views
from handlers import receipts, responses
from handlers.features import Feature
from handlers.responses import Body


def dismiss(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Not a request*: on a card, which says so itself, or in its details."""
    with db.begin() as session:
        request = dismissals.dismiss(session, responses.row(body), by=me, now=clock.now())
    if body.get("view"):
        responses.replace_view(client, body, receipts.mine(db, me, asking_views.closed_words(request)))
    ack()


FEATURE = Feature(actions={dismissal_views.DISMISS: dismiss})
