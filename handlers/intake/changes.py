"""The asker says whether a request is taken back whose message is gone."""

from slack_bolt import Ack

from bot.domain.intake import asking, changes
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import asking as asking_views
from bot.views.intake import changes as change_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def take_back(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The asker takes it back."""
    row, say = responses.row(body), asking_views.withdrawn_message
    with db.begin() as session:
        asking.withdraw(session, row, by=me, say=say, now=clock.now())
    ack()


def keep(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The asker still wants it."""
    with db.begin() as session:
        changes.keep(session, responses.row(body), by=me, now=clock.now())
    ack()


FEATURE = Feature(actions={change_views.TAKE_BACK: take_back, change_views.KEEP: keep})
