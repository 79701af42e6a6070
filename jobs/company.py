"""Keeps what Slack says of the workspace."""

import http.client
import logging
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse
from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.company.people import Profile
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.staffing import away_statuses, leavers
from bot.platform import slack
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.views.company import people as people_views
from bot.views.staffing import leavers as leaver_views
from jobs.job import Job, Replica


def note_start(db: Database, identity: SlackResponse, settings: Settings) -> None:
    """Write down which workspace this is, where it is, and what the settings turn on. `identity` is of `auth.test`."""
    url, workspace_id = str(identity["url"]), str(identity["team_id"])
    feedback, public_url = bool(settings.vault_keys), settings.public_url
    with db.begin() as session:
        company.note_start(session, url, workspace_id, feedback=feedback, public_url=public_url)


Take = Callable[[Session, Sequence[Profile], datetime], None]

PAGE = 200  # Slack advises 100 to 200 a page
MOST_PAUSE_S = 60

log = logging.getLogger(__name__)


def sync(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Write down everybody in the workspace. Returns how many accounts that were. Raises SlackApiError."""
    count = 0
    for page in _pages(client):
        count += len(page)
        for what, take in ((What.PROFILE, _take), (What.STATUS, _take_statuses)):
            _each(db, what, page, take, now())
    return count


def _each(db: Database, what: What, page: Sequence[Profile], take: Take, now: datetime) -> None:
    with db.begin() as session:
        set_asides.each(
            session, what, page, lambda some: take(session, some, now), now=now, key=lambda profile: profile.id
        )


def _take(session: Session, profiles: Sequence[Profile], now: datetime) -> None:
    for person in people.sync(session, profiles, now=now):
        leavers.leave(session, person, words=leaver_views.WORDS, now=now)


def _take_statuses(session: Session, profiles: Sequence[Profile], now: datetime) -> None:
    away_statuses.heard(session, profiles, now=now)


def sync_quietly(ours: Replica) -> int:
    """The same, for the clock: when Slack refuses or is silent, that is logged, and the next tick tries again."""
    try:
        return sync(ours.db, ours.client, ours.now)
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        why = slack.code(error) if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("Could not read who is in the workspace: %s. Tried again later.", why)
        return 0


def _pages(client: WebClient) -> Iterator[list[Profile]]:
    cursor = None
    while True:
        try:
            page = client.users_list(limit=PAGE, cursor=cursor)
        except SlackApiError as error:
            if not slack.is_too_fast(error):
                raise
            # users.list is in Tier 2, 20 pages a minute: a large workspace is read with a pause in between.
            time.sleep(min(slack.retry_after(error).total_seconds(), MOST_PAUSE_S))
            continue
        yield [profile for user in page["members"] for profile in _read(user)]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _read(user: dict[str, Any]) -> Iterator[Profile]:
    try:
        yield people_views.read_profile(user)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("an account can't be read, and is left out: %s (%s)", user.get("id"), type(error).__name__)


JOBS = (
    Job(
        "people",
        6 * 60 * 60,
        sync_quietly,
        due=False,
        does="reads who is in the workspace, also at start; in between, events say what changes",
    ),
)
