"""`/small-team pause` and `/small-team resume`: a team takes a break from sprints."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.calendar import cadence
from bot.domain.company import people
from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.sharing import following
from bot.domain.staffing import pauses
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views import routes
from bot.views.staffing import pauses as pause_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.commands import SMALL_TEAM
from handlers.features import Entry, Feature
from handlers.responses import Body, View
from models.teams import Team


def pause(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wants to pause the team."""
    with db.read() as session:
        team = teams.mine(session, me)
        pauses.require_running(team, me)
    responses.open_view(client, body, pause_views.form(team))
    ack()


def paused(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead submitted until when and why."""
    form = pause_views.read_form(body["view"])
    now = clock.now()
    with db.begin() as session:
        team = pauses.pause(session, form, by=me, now=now)
        message = pause_views.paused_message(team, people.known(session, me).name)
        posts.write(session, f"paused:{team.id}:{now:%Y%m%d%H%M%S%f}", team.channel_id, message, now=now)
    ack(**responses.back_to(client, body, _window(db, team, me)))


def resume(ack: Ack, db: Database, me: str) -> None:
    """The lead wrote `/small-team resume`."""
    with db.read() as session:
        team_id = teams.mine(session, me).id
    team = _resume(db, team_id, me)
    ack(text=pause_views.resumed_words(team))


def resume_chosen(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead chose *Resume the team* in the menu."""
    with db.read() as session:
        team_id = teams.mine(session, me).id
    responses.replace_view(client, body, _window(db, _resume(db, team_id, me), me))
    ack()


def resume_pressed(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead pressed *Resume* in the team's window."""
    team = _resume(db, responses.row(body), me)
    responses.replace_view(client, body, _window(db, team, me))
    ack()


def _window(db: Database, team: Team, me: str) -> View:
    with db.read() as session:
        ties = following.ties(session, team.id, me)
    return team_views.team_view(team, me, cadence.local_date(clock.now(), team.zone), ties)


def _resume(db: Database, team_id: int, me: str) -> Team:
    now = clock.now()
    with db.begin() as session:
        return pauses.resume(session, team_id, by=me, say=pause_views.resumed_message, now=now)


FEATURE = Feature(
    verbs={SMALL_TEAM: {"pause": pause, "resume": resume}},
    actions={routes.PAUSE_TEAM.verb: pause, routes.RESUME_TEAM.verb: resume_pressed},
    views={routes.PAUSE_TEAM.verb: paused},
    entries=[
        Entry(
            SMALL_TEAM, ["pause"], "Pause the team", pause, Part.TEAMS, frozenset({Who.LEAD, Who.RUNNING}), setting=True
        ),
        Entry(
            SMALL_TEAM,
            ["resume"],
            "Resume the team",
            resume_chosen,
            Part.TEAMS,
            frozenset({Who.LEAD, Who.PAUSED}),
            setting=True,
        ),
    ],
)
