"""Receipts: a person's requests, with the change they just made, if no other screen shows it."""

from bot.domain.intake import queues
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import queues as queue_views
from handlers.responses import View


def mine(db: Database, me: str, note: str) -> View:
    """What is theirs by now, below a line that says what has changed."""
    with db.read() as session:
        return queue_views.mine_view(queues.mine(session, me, now=clock.now()), note)
