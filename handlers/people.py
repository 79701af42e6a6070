"""What Slack tells us of people as it happens: who joined, who changed, who is gone."""

from slack_bolt import Ack

from bot import clock
from bot.database import Database
from bot.domain import aways, departures, moves, people, posts, requests
from bot.views import people as people_views
from bot.views import requests as request_views
from bot.views import teams as team_views
from handlers.answers import Body
from handlers.surface import Feature


def changed(ack: Ack, event: Body, db: Database) -> None:
    """An account is new or changed. A deactivated one frees its seat; a status may say that somebody is away."""
    profile = people_views.read_profile(event["user"])
    now = clock.now()
    with db.begin() as session:
        for person in people.sync(session, [profile], now=now):
            seated = moves.vacate(session, person, now=now)
            for key, channel, message in team_views.seated_posts(seated) if seated else []:
                posts.write(session, key, channel, message, now=now)
            for gone in departures.of(session, person, now=now):
                message = request_views.departed_message(gone)
                requests.say(session, gone.request, gone.key, message, now=now)
        aways.heard(session, [profile], now=now)
    ack()


FEATURE = Feature(events={"team_join": changed, "user_change": changed})
