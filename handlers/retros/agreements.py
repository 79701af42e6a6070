"""Standing agreements: retired when they no longer fit."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.retros import agreements, boards
from bot.platform import clock
from bot.platform.database import Database
from bot.views.retros import agreements as agreement_views
from bot.views.retros import retros as retro_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def retire(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Retire* beside an agreement."""
    now = clock.now()
    with db.begin() as session:
        agreed = agreements.retire(session, responses.row(body), by=me, now=now)
        retro_id = retro_views.read_retro(body["view"]) or agreed.retro_id
        look = boards.with_neighbours(session, retro_id, viewer=me, now=now)
    responses.replace_view(client, body, retro_views.whole_view(*look, me))
    ack()


FEATURE = Feature(actions={agreement_views.RETIRE: retire})
