"""What Slack tells us of people as it happens: who joined, who changed, who is gone."""

from slack_bolt import Ack

from bot.domain.company import people
from bot.domain.staffing import away_statuses, leavers
from bot.platform import clock
from bot.platform.database import Database
from bot.views.company import people as people_views
from bot.views.staffing import leavers as leaver_views
from handlers.features import Feature
from handlers.responses import Body


def changed(ack: Ack, event: Body, db: Database) -> None:
    """An account is new or changed. A deactivated one frees its seat; a status may say that somebody is away."""
    profile = people_views.read_profile(event["user"])
    now = clock.now()
    with db.begin() as session:
        for person in people.sync(session, [profile], now=now):
            leavers.leave(session, person, words=leaver_views.WORDS, now=now)
        away_statuses.heard(session, [profile], now=now)
    ack()


FEATURE = Feature(events={"team_join": changed, "user_change": changed})
