"""Standing agreements: retired when they no longer fit."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import clock
from bot.database import Database
from bot.domain import agreements, boards
from bot.views import agreements as agreement_views
from bot.views import retros as retro_views
from handlers import answers
from handlers.answers import Body
from handlers.surface import Feature


def retire(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Retire* beside an agreement."""
    now = clock.now()
    with db.begin() as session:
        agreed = agreements.retire(session, int(answers.value(body)), by=me, now=now)
        look = boards.look(session, retro_views.read_retro(body["view"]) or agreed.retro_id, now=now)
    answers.replace_view(client, body, retro_views.whole_view(*look, me))
    ack()


FEATURE = Feature(actions={agreement_views.RETIRE: retire})
