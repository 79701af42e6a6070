"""A desk is closed, from its form in `/reach-out setup`, and its requests go to another one."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.desks import setups
from bot.domain.intake import desk_closings, requests
from bot.platform import clock
from bot.platform.database import Database
from bot.views.desks import desks as desk_views
from bot.views.intake import departures as departure_views
from bot.views.intake import desk_closings as closing_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def close(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Close this desk*."""
    with db.read() as session:
        closing = desk_closings.read(session, responses.row(body), by=me)
    responses.replace_view(client, body, closing_views.form(closing))
    ack()


def closed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody submitted where its requests go."""
    desk_id, to_id = closing_views.read_form(body["view"])
    now = clock.now()
    with db.begin() as session:
        done = desk_closings.close(session, desk_id, to_id, by=me, now=now)
        for moved in done.moved:
            key = f"desk-closed:{desk_id}:{moved.request.id}"
            requests.say(session, moved.request, key, closing_views.moved_message(done, moved), now=now)
        for gone in done.departed:
            requests.say(session, gone.request, gone.key, departure_views.departed_message(gone), now=now)
        shown = setups.found(session, me, now=now)
    if shown is None:
        ack(response_action="clear")  # who led this desk alone has nothing to set up any more
    else:
        ack(response_action="update", view=desk_views.setup_view(shown))


FEATURE = Feature(
    actions={closing_views.CLOSE: close},
    views={closing_views.CLOSE: closed},
)
