"""`/retro trends`: a team's last sprints as a picture."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.retros import trends
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.retros import trends as trend_views
from handlers import responses
from handlers.commands import RETRO
from handlers.features import Entry, Feature
from handlers.responses import Body


def show(ack: Ack, db: Database, me: str, argument: str) -> None:
    """Somebody wants to see how the last sprints went: of their team, or of the one they name."""
    _ask(db, me, argument)
    ack(text=trend_views.ASKED)


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose *Trends* in the menu."""
    _ask(db, me, "")
    responses.open_view(client, body, trend_views.asked_view())
    ack()


def share(ack: Ack, body: Body, db: Database, me: str) -> None:
    """Somebody pressed *Share in the team's channel* under the picture."""
    with db.begin() as session:
        trends.share(session, responses.row(body), responses.pressed_ts(body) or "", by=me, now=clock.now())
    ack()


def _ask(db: Database, me: str, name: str) -> None:
    with db.begin() as session:
        team = teams.named(session, kit.unescape(name)) if name else teams.mine(session, me)
        trends.ask(session, team, by=me, now=clock.now())


FEATURE = Feature(
    verbs={RETRO: {"trends": show}},
    actions={trend_views.SHARE: share},
    entries=[Entry(RETRO, ["trends"], "Trends", show_pressed, Part.RETROS, frozenset({Who.MEMBER}))],
)
