"""What people do about a reminder. Most of it is what a request's card offers, too; this is the rest."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.desks import desks
from bot.domain.intake import claims
from bot.platform.database import Database
from bot.views.intake import claims as claim_views
from bot.views.intake import nudges as nudge_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def not_us(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody at a desk says that it belongs elsewhere: to which desk, where there is another one."""
    with db.read() as session:
        request = claims.routable(session, responses.row(body), by=me, to="hand it over")
        found = desks.all(session)
    others = any(desk.id != request.desk_id for desk in found)
    view = claim_views.route_form(request, found) if others else nudge_views.only_one_desk_view(request)
    responses.open_view(client, body, view)
    ack()


def opened(ack: Ack) -> None:
    """Somebody followed a link; Slack tells of it, and wants to know that we heard."""
    ack()


FEATURE = Feature(actions={nudge_views.NOT_US: not_us, nudge_views.OPEN: opened})
