"""Reading requests: `/reach-out queue`, and `/reach-out mine`."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.intake import queues
from bot.domain.intake.queues import QueueFilters
from bot.platform import clock
from bot.platform.database import Database
from bot.views.intake import queues as queue_views
from handlers import responses
from handlers.commands import REACH_OUT
from handlers.features import Entry, Feature
from handlers.responses import Body, View


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to read what goes on."""
    responses.open_view(client, body, _queue(db, QueueFilters(), me, more=False))
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose a filter."""
    responses.replace_view(client, body, _again(db, body["view"], me))
    ack()


def show_filters(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *More filters*."""
    responses.replace_view(client, body, _again(db, body["view"], me, more=True))
    ack()


def searched(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Search*."""
    ack(response_action="update", view=_again(db, body["view"], me))


def turn(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody turns the page."""
    responses.replace_view(client, body, _again(db, body["view"], me, page=responses.row(body)))
    ack()


def _again(db: Database, view: View, me: str, *, page: int = 0, more: bool = False) -> View:
    """The queue with what is chosen in this window."""
    filters = queue_views.read_filters(view, page=page)
    return _queue(db, filters, me, more=more or queue_views.shows_more(view))


def _queue(db: Database, filters: QueueFilters, me: str, *, more: bool) -> View:
    with db.read() as session:
        return queue_views.queue_view(queues.read(session, filters, viewer=me, now=clock.now()), more=more)


def mine(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to know what waits on them, and what became of what they asked for."""
    with db.read() as session:
        found = queues.mine(session, me, now=clock.now())
    responses.open_view(client, body, queue_views.mine_view(found))
    ack()


FEATURE = Feature(
    verbs={REACH_OUT: {"queue": show, "mine": mine}},
    actions={queue_views.FILTER: choose, queue_views.MORE_FILTERS: show_filters, queue_views.PAGE_TO: turn},
    views={queue_views.QUEUE: searched},
    entries=[
        Entry(REACH_OUT, ["mine"], "My requests", mine, Part.INTAKE),
        Entry(REACH_OUT, ["queue"], "All requests", show, Part.INTAKE),
    ],
)
