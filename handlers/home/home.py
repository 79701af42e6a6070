"""The app's Home tab."""

from slack_bolt import Ack
from slack_sdk import WebClient

from bot.domain.home import home
from bot.domain.outbox import home_refresh
from bot.platform import clock
from bot.platform.database import Database
from bot.views.home import home as home_views
from handlers.features import Feature
from handlers.responses import Body


def opened(ack: Ack, event: Body, client: WebClient, db: Database, me: str) -> None:
    """Somebody opened Home: show what is theirs now. The same event twice shows the same."""
    if event.get("tab") == "home":
        now = clock.now()
        with db.read() as session:
            is_noted = home_refresh.is_noted(session, me, now=now)
        if not is_noted:
            # First: what changes while it is drawn makes it due.
            with db.begin() as session:
                home_refresh.opened(session, me, now=now)
        with db.read() as session:
            shown = home.for_person(session, me, now=now)
        client.views_publish(user_id=me, view=home_views.tab(shown))
    ack()


FEATURE = Feature(events={"app_home_opened": opened})
