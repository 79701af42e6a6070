"""`/retro trends`: a team's last sprints as a picture."""

from slack_bolt import Ack

from bot import clock
from bot.database import Database
from bot.domain import teams, trends
from bot.views import kit
from bot.views import trends as trend_views
from handlers.answers import Body
from handlers.commands import RETRO
from handlers.surface import Feature


def show(ack: Ack, body: Body, db: Database, me: str, argument: str) -> None:
    """Somebody wants to see how the last sprints went: of their team, or of the one they name."""
    with db.begin() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
        place = trends.ask(session, team, by=me, written_in=body["channel_id"], now=clock.now())
    ack(text=trend_views.asked(here=place == body["channel_id"]))


FEATURE = Feature(verbs={RETRO: {"trends": show}})
