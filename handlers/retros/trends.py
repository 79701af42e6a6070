"""`/retro trends`: a team's last sprints as a picture."""

from slack_bolt import Ack

from bot.domain.retros import trends
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.retros import trends as trend_views
from handlers.commands import RETRO
from handlers.features import Feature
from handlers.responses import Body


def show(ack: Ack, body: Body, db: Database, me: str, argument: str) -> None:
    """Somebody wants to see how the last sprints went: of their team, or of the one they name."""
    with db.begin() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
        place = trends.ask(session, team, by=me, written_in=body["channel_id"], now=clock.now())
    ack(text=trend_views.asked(here=place == body["channel_id"]))


FEATURE = Feature(verbs={RETRO: {"trends": show}})
