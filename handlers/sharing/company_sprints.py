"""`/sprint company`: all running plans, and those being planned, on one screen."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.sharing import company_sprints
from bot.domain.sharing.company_sprints import PlanFilters
from bot.platform import clock
from bot.platform.database import Database
from bot.views import routes
from bot.views.sharing import company_sprints as company_views
from handlers import responses
from handlers.commands import SPRINT
from handlers.features import Entry, Feature
from handlers.responses import Body, View


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to see what all teams plan."""
    responses.open_view(client, body, _view(db, PlanFilters(), me))
    ack()


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *All teams' plans*. They take the window's place: windows on windows end at the third."""
    responses.replace_view(client, body, _view(db, PlanFilters(), me))
    ack()


def choose(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody chose which plans to see, or turned a page."""
    responses.replace_view(client, body, _view(db, company_views.read_choice(responses.value(body)), me))
    ack()


def _view(db: Database, filters: PlanFilters, me: str) -> View:
    with db.read() as session:
        shown = company_sprints.read(session, filters, viewer=me, now=clock.now())
    return company_views.company_view(shown)


FEATURE = Feature(
    verbs={SPRINT: {"company": show}},
    actions={
        routes.COMPANY_SPRINTS.verb: show_pressed,
        company_views.FILTER: choose,
        company_views.PAGE_TO: choose,
    },
    entries=[
        Entry(SPRINT, ["company"], "All teams' sprints", show, Part.SPRINTS),
    ],
)
