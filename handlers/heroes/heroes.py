"""Being the team's support hero: from a plan's card, from Home or from `/sprint`."""

from collections.abc import Callable

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.heroes import heroes
from bot.domain.home import home
from bot.domain.sprints import weeks
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from bot.views.heroes import heroes as hero_views
from bot.views.home import home as home_views
from bot.views.sprints import overviews as overview_views
from bot.views.teams import teams as team_views
from handlers import responses
from handlers.features import Feature
from handlers.responses import Body


def enter(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I'll be hero this week*."""
    _change(heroes.enter, body, client, db, me)
    ack()


def give_back(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *I can't after all*."""
    _change(heroes.give_back, body, client, db, me)
    ack()


def undo(ack: Ack, body: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody pressed *Undo*: they are hero in that week after all."""
    _change(heroes.undo_give_back, body, client, db, me)
    ack()


def _change(verb: Callable[..., None], body: Body, client: WebClient, db: Database, me: str) -> None:
    """Change whose week it is, and show it at once where it was pressed. A card in a channel is drawn anew anyway."""
    team_id, week_on = hero_views.read_key(responses.value(body))
    now = clock.now()
    with db.begin() as session:
        team = teams.get(session, team_id)
        week = weeks.of_team(session, team, week_on, now=now)
        verb(session, team, week, by=me, now=now)
        weeks.redraw(session, team, week, now=now)
        on_home, in_a_window = responses.is_home(body), "view" in body
        shown = home.for_person(session, me, now=now) if on_home else home.of_team(session, me, now=now)
    if on_home:
        client.views_publish(user_id=me, view=home_views.tab(shown))
    elif in_a_window:
        overview = shown.overview
        view = overview_views.overview_view(overview) if overview else team_views.no_team_view(shown.teams)
        client.views_update(view_id=body["view"]["id"], view=view)


FEATURE = Feature(actions={hero_views.ENTER: enter, hero_views.GIVE_BACK: give_back, hero_views.UNDO: undo})
