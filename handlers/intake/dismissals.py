"""*Not a request*: somebody says that a line was none."""

from slack_bolt import Ack

from bot.domain.intake import dismissals
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import dismissals as dismissal_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def dismiss(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Not a request*."""
    with db.begin() as session:
        dismissals.dismiss(session, responses.row(body), by=me, now=clock.now())
    ack()


FEATURE = Feature(actions={dismissal_views.DISMISS: dismiss})
