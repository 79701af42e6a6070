"""`/small-team close` and `/small-team merge`: a team ends."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company.parts import Part
from bot.domain.home.menu import Who
from bot.domain.outbox import posts
from bot.domain.staffing import closings
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views.staffing import closings as closing_views
from handlers import responses
from handlers.commands import SMALL_TEAM
from handlers.features import Entry, Feature
from handlers.responses import Body


def close(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody wants to close the team in which they are alone."""
    with db.read() as session:
        team = teams.mine(session, me)
        closings.require_closable(session, team, me)
    responses.open_view(client, body, closing_views.close_form(team))
    ack()


def closed(ack: Ack, body: Body, db: Database, me: str) -> None:
    """They confirmed it."""
    now = clock.now()
    with db.begin() as session:
        done = closings.close(session, closing_views.read_team(body["view"]), by=me, now=now)
        for key, channel, message in closing_views.closed_posts(done):
            posts.write(session, key, channel, message, now=now)
    ack(response_action="clear")


def merge(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The lead wants everybody to move into another team."""
    with db.read() as session:
        team = teams.mine(session, me)
        closings.require_mergeable(team, me)
    responses.open_view(client, body, closing_views.merge_form(team))
    ack()


def merged(ack: Ack, body: Body, db: Database, me: str) -> None:
    """The lead chose the team."""
    view, now = body["view"], clock.now()
    into_id = closing_views.read_into(view)
    with db.begin() as session:
        done = closings.merge(session, closing_views.read_team(view), into_id, by=me, now=now)
        for key, channel, message in closing_views.merged_posts(done):
            posts.write(session, key, channel, message, now=now)
    ack(response_action="clear")


FEATURE = Feature(
    verbs={SMALL_TEAM: {"close": close, "merge": merge}},
    actions={closing_views.CLOSE: close, closing_views.MERGE: merge},
    views={closing_views.CLOSE: closed, closing_views.MERGE: merged},
    entries=[
        Entry(
            SMALL_TEAM, ["merge"], "Merge into another team", merge, Part.TEAMS, frozenset({Who.MERGES}), setting=True
        ),
        Entry(
            SMALL_TEAM, ["close"], "Close the team", close, Part.TEAMS, frozenset({Who.LEAD, Who.ALONE}), setting=True
        ),
    ],
)
