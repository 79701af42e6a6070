"""Reads who is in the workspace: at start, and now and then for the changes whose events were missed."""

from collections.abc import Callable, Iterator
from datetime import datetime

from slack_sdk import WebClient

from bot.database import Database
from bot.domain import people, posts, teams
from bot.domain.people import Profile
from bot.views import people as people_views
from bot.views import teams as team_views

PAGE = 200  # Slack advises 100 to 200 a page


def sync(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Write down everybody in the workspace. Returns how many accounts that were. Raises SlackApiError."""
    count = 0
    for page in _pages(client):
        count += len(page)
        at = now()
        with db.begin() as session:
            for person in people.sync(session, page, now=at):
                seated = teams.vacate(session, person, now=at)
                for key, channel, message in team_views.seated_posts(seated) if seated else []:
                    posts.write(session, key, channel, message, now=at)
    return count


def _pages(client: WebClient) -> Iterator[list[Profile]]:
    for page in client.users_list(limit=PAGE):
        yield [people_views.read_profile(user) for user in page["members"]]
