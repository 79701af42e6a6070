"""`/small-team rota`: whose turn as support hero comes when."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.sprints import weeks
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit, routes
from bot.views.heroes import rota as rota_views
from handlers import responses
from handlers.commands import SMALL_TEAM
from handlers.features import Entry, Feature
from handlers.responses import Body, View


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to see whose turn comes when: in their own team, or in the one they name."""
    with db.read() as session:
        parts.require(session, Part.ROTA)
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
    responses.open_view(client, body, _window(db, team.id, me))
    ack()


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Rota*, in a window, on Home or in the team's channel."""
    responses.replace_view(client, body, _window(db, responses.row(body), me))
    ack()


def _window(db: Database, team_id: int, me: str) -> View:
    with db.read() as session:
        shown = weeks.rota_of(session, teams.get(session, team_id), me, now=clock.now())
        return rota_views.rota_view(shown, parts.on(session))


def start(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody starts their team's rota."""
    team_id = responses.row(body)
    with db.begin() as session:
        weeks.start_rota(session, team_id, by=me, say=rota_views.started_message, now=clock.now())
    responses.replace_view(client, body, _window(db, team_id, me))
    ack()


def stop(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody stops it."""
    team_id = responses.row(body)
    with db.begin() as session:
        weeks.stop_rota(session, team_id, by=me, say=rota_views.stopped_message, now=clock.now())
    responses.replace_view(client, body, _window(db, team_id, me))
    ack()


FEATURE = Feature(
    verbs={SMALL_TEAM: {"rota": show}},
    actions={
        routes.HERO_ROTA.verb: show_pressed,
        rota_views.START: start,
        rota_views.STOP: stop,
    },
    entries=[Entry(SMALL_TEAM, ["rota"], "Hero rota", show, Part.ROTA, frozenset({Who.MEMBER}))],
)
