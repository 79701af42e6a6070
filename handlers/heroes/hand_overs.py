"""Handing a hero's week over, from the turn's message, Home or the rota's window."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.company import parts
from bot.domain.heroes import hand_overs
from bot.domain.outbox import home_refresh, posts
from bot.domain.rhythm import prompts
from bot.domain.sprints import weeks
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views.heroes import hand_overs as hand_over_views
from bot.views.heroes import heroes as hero_views
from bot.views.heroes import rota as rota_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def begin(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """The hero of the week that ends pressed *Hand over*."""
    team_id, week_on = hero_views.read_key(responses.value(body))
    with db.read() as session:
        found = hand_overs.due(session, teams.get(session, team_id), me, now=clock.now())
    if found is None or found.week_on != week_on:
        raise Refusal("You handed over already, or that week is not yours any more.")
    responses.open_view(client, body, hand_over_views.form(found))
    ack()


def handed_over(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """They wrote the line: the channel reads it, once."""
    team_id, week_on, line = hand_over_views.read_form(body["view"])
    now, below = clock.now(), body["view"].get("previous_view_id")
    with db.begin() as session:
        found = hand_overs.write(session, team_id, week_on, line, by=me, now=now)
        team = teams.get(session, team_id)
        if found is not None:
            message = hand_over_views.message(found, me, line)
            posts.write(session, hand_overs.key(team_id, week_on), team.channel_id, message, now=now)
            prompts.redraw_all(session, me, now=now)
            home_refresh.touch(session, [me], now=now)
        shown, on = weeks.rota_of(session, team, me, now=now), parts.on(session)
    if below is not None:
        client.views_update(view_id=below, view=rota_views.rota_view(shown, on))
    ack()


FEATURE = Feature(
    actions={hand_over_views.HAND_OVER: begin},
    views={hand_over_views.HAND_OVER: handed_over},
)
