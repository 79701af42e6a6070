"""The app's Home tab."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot import clock
from bot.database import Database
from bot.domain import company, overviews, teams
from bot.views import home as home_views
from handlers.answers import Body
from handlers.surface import Feature


def opened(ack: Ack, event: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody opened Home: show what is theirs now. The same event twice shows the same."""
    if event.get("tab") == "home":
        with db.read() as session:
            shown = overviews.of(session, me, now=clock.now())
            others = [] if shown else teams.all_teams(session)
            to_set_up = company.waits_for(session, me)
        client.views_publish(user_id=me, view=home_views.of(shown, others, to_set_up=to_set_up))
    ack()


FEATURE = Feature(events={"app_home_opened": opened})
