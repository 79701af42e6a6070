"""`/sprint rhythm`: who is asked what and when, and the lead's form that changes it."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.rhythm import rhythms
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit
from bot.views.kit import countries
from bot.views.rhythm import rhythms as rhythm_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SPRINT
from handlers.features import Entry, Feature
from handlers.responses import Body


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to know a rhythm: their team's, or that of the team they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
        preview = rhythms.preview(session, team.id, now=clock.now())
    responses.open_view(client, body, rhythm_views.view(preview, me))
    ack()


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Rhythm* under a team."""
    with db.read() as session:
        preview = rhythms.preview(session, responses.row(body), now=clock.now())
    responses.open_view(client, body, rhythm_views.view(preview, me))
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """The lead chose something in the form: the dates below follow."""
    view = body["view"]
    with db.read() as session:
        preview = rhythms.preview(session, rhythm_views.read_team(view), rhythm_views.read_form(view), now=clock.now())
    responses.replace_view(client, body, rhythm_views.with_preview(view, preview))
    ack()


def saved(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The lead submitted the rhythm."""
    view, now = body["view"], clock.now()
    rhythm, since = rhythm_views.read_form(view), rhythm_views.read_since(view)
    with db.begin() as session:
        team = rhythms.edit(session, rhythm_views.read_team(view), rhythm, seen=since, by=me, now=now)
        preview = rhythms.preview(session, team.id, now=now)
    ack(response_action="update", view=rhythm_views.saved_view(preview))


def search_country(ack: Ack, payload: Body) -> None:
    """Somebody types a country."""
    ack(options=countries.choices(payload.get("value", ""), rhythm_views.NO_HOLIDAYS))


FEATURE = Feature(
    verbs={SPRINT: {"rhythm": show}},
    actions={team_views.RHYTHM: show_pressed, **dict.fromkeys(rhythm_views.FIELDS, choose)},
    views={rhythm_views.EDIT: saved},
    options={rhythm_views.SEARCH_COUNTRY: search_country},
    entries=[
        Entry(SPRINT, ["rhythm"], "Rhythm", show, Part.SPRINTS, frozenset({Who.MEMBER}), setting=True),
    ],
)
