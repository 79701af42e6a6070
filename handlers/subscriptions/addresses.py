"""Subscribing to one's own calendar, or to a team's: an address is made, and shown once."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.subscriptions import addresses
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import routes
from bot.views.kit import keys
from bot.views.subscriptions import addresses as address_views
from handlers import responses
from handlers.commands import PRICKLE
from handlers.features import Entry, Feature
from handlers.responses import Body


def show_mine(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to subscribe to their own calendar."""
    with db.read() as session:
        offer = addresses.offer(session, me, None)
    responses.open_view(client, body, address_views.offer_view(offer))
    ack()


def show_teams(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Calendar* in a team's window."""
    with db.read() as session:
        offer = addresses.offer(session, me, responses.row(body))
    responses.open_view(client, body, address_views.offer_view(offer))
    ack()


def make(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Make an address*: the one before it stops."""
    team_id = keys.optional(responses.value(body))
    with db.begin() as session:
        address = addresses.make(session, me, team_id, now=clock.now())
        team = None if team_id is None else teams.get(session, team_id)
    responses.replace_view(client, body, address_views.made_view(team, address))
    ack()


FEATURE = Feature(
    verbs={PRICKLE: {"calendar": show_mine}},
    actions={routes.TEAM_CALENDAR.verb: show_teams, address_views.MAKE: make},
    entries=[
        Entry(
            PRICKLE,
            ["calendar"],
            "Subscribe to my calendar",
            show_mine,
            Part.SPRINTS,
            frozenset({Who.SUBSCRIBES}),
            setting=True,
        ),
    ],
)
