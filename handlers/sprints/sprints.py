"""`/sprint`: the overview, anybody's plan, the export, and closing a sprint."""

from datetime import date

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import people
from bot.domain.company.parts import Part
from bot.domain.desks import embeds
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.planning import exports
from bot.domain.retros import openings
from bot.domain.sharing import following
from bot.domain.sprints import cards, closings, overviews, sequence, sprints
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import kit, routes
from bot.views.kit import keys
from bot.views.sprints import closings as closing_views
from bot.views.sprints import overviews as overview_views
from bot.views.sprints import sprints as sprint_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SPRINT
from handlers.features import Entry, Feature
from handlers.responses import Body, View
from models.sprints import Sprint


def overview(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to know where their team's sprints are."""
    responses.open_view(client, body, _overview(db, me))
    ack()


def _overview(db: Database, me: str) -> View:
    with db.read() as session:
        shown = overviews.for_person(session, me, now=clock.now())
        others = [] if shown else teams.with_a_free_seat(session)
    return overview_views.overview_view(shown) if shown else team_views.no_team_view(others)


def show(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants to see a plan: their team's, or that of the team they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
    responses.open_view(client, body, _plan(db, team.id, None, me))
    ack()


def ahead(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to see what their team plans for its next sprint."""
    with db.read() as session:
        team = teams.mine(session, me)
        sprint = sprints.ahead(session, team, now=clock.now())
    view = sprint_views.ahead_view(_whole_plan(db, sprint, me)) if sprint else sprint_views.nothing_ahead_view(team)
    responses.open_view(client, body, routes.with_bar(view, routes.SPRINT_TABS, "Next"))
    ack()


def show_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Show the plan*."""
    team_id, starts_on = sprint_views.read_key(responses.value(body))
    responses.open_view(client, body, _plan(db, team_id, starts_on, me))
    ack()


def _plan(db: Database, team_id: int, starts_on: date | None, me: str) -> View:
    with db.read() as session:
        team = teams.get(session, team_id)
        found = sprints.find(session, team, starts_on) if starts_on else None
        sprint = found or sprints.to_show(session, team, now=clock.now())
    return _whole_plan(db, sprint, me) if sprint else sprint_views.no_plan_view(team)


def _whole_plan(db: Database, sprint: Sprint, me: str) -> View:
    with db.read() as session:
        around, shared = sequence.neighbours(session, sprint), embeds.of_sprint(session, sprint)
        supporters = following.supporters(session, sprint.team_id)
    return sprint_views.plan_view(sprint, around, me, clock.now(), shared, supporters)


def turn(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Earlier* or *Later* in a plan."""
    with db.read() as session:
        sprint = sprints.load(session, responses.row(body))
    responses.replace_view(client, body, _whole_plan(db, sprint, me))
    ack()


def export(ack: Ack, body: Body, client: WebClient, db: Database, me: str, argument: str) -> None:
    """Somebody wants a plan as Markdown: their team's, or that of the team they name."""
    with db.read() as session:
        team = teams.named(session, kit.unescape(argument)) if argument else teams.mine(session, me)
        sprint = sprints.to_show(session, team, now=clock.now())
        markdown = exports.sprint_page(session, sprint) if sprint else ""
    view = sprint_views.export_view(team, markdown) if sprint else sprint_views.no_plan_view(team)
    responses.open_view(client, body, view)
    ack()


def export_pressed(ack: Ack, body: Body, client: WebClient, db: Database) -> None:
    """Somebody pressed *Export as Markdown* under a plan."""
    with db.read() as session:
        sprint = sprints.load(session, responses.row(body))
        markdown = exports.sprint_page(session, sprint)
    responses.open_view(client, body, sprint_views.export_view(sprint.team, markdown))
    ack()


def close(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wrote `/sprint close`, and is asked once more."""
    with db.read() as session:
        sprint = closings.to_close(session, teams.mine(session, me), by=me, now=clock.now())
    responses.open_view(client, body, closing_views.close_form(sprint))
    ack()


def close_confirmed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The lead confirmed that the sprint is closed."""
    _close(db, keys.number(body["view"]["private_metadata"]), me)
    ack(response_action="clear")


def close_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead pressed *Close the sprint*, and confirmed it."""
    _close(db, responses.row(body), me)
    responses.replace_view(client, body, _overview(db, me))
    ack()


def _close(db: Database, sprint_id: int, me: str) -> None:
    now = clock.now()
    with db.begin() as session:
        sprint = closings.close(session, sprint_id, by=me, now=now)
        message = closing_views.closed_message(sprint, people.known(session, me).name)
        posts.reply(session, f"closed:{sprint.id}", cards.current(session, sprint), message, now=now)
        openings.open_all(session, {sprint.id: openings.closing_of(session, sprint)}, now=now)


FEATURE = Feature(
    verbs={SPRINT: {"": overview, "next": ahead, "show": show, "export": export, "close": close}},
    actions={
        sprint_views.SHOW: show_pressed,
        sprint_views.MINE: overview,
        sprint_views.TURN: turn,
        sprint_views.EXPORT: export_pressed,
        closing_views.CLOSE: close_pressed,
    },
    views={closing_views.CLOSE: close_confirmed},
    entries=[
        Entry(SPRINT, [""], "My sprint", overview, Part.SPRINTS, frozenset({Who.MEMBER})),
        Entry(SPRINT, ["next"], "The next sprint", ahead, Part.SPRINTS, frozenset({Who.MEMBER})),
        Entry(SPRINT, ["show"], "Show the plan", show, Part.SPRINTS, frozenset({Who.MEMBER})),
        Entry(SPRINT, ["export"], "Export the plan", export, Part.SPRINTS, frozenset({Who.MEMBER})),
        Entry(SPRINT, ["close"], "Close the sprint", close, Part.SPRINTS, frozenset({Who.CLOSES}), setting=True),
    ],
)
