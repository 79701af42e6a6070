"""Publishes the Homes of those who opened theirs and of whom something has changed since."""

import http.client
import logging
from collections.abc import Callable, Sequence
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.home import home
from bot.domain.outbox import home_refresh, paces
from bot.domain.outbox.home_refresh import HomeClaim
from bot.platform import slack
from bot.platform.database import Database
from bot.views.home import home as home_views
from jobs.job import Job

METHOD = "views.publish"

log = logging.getLogger(__name__)


def turn(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Publish some of what is due, unless Slack asked to wait. Returns how many Homes those were."""
    with db.read() as session:
        if not home_refresh.is_due(session, now=now()) or paces.held_until(session, METHOD, now=now()) is not None:
            return 0
    with db.begin() as session:
        claimed = home_refresh.claim(session, now=now())
    published = 0
    for number, person_id in enumerate(claimed.person_ids):
        try:
            _publish(db, client, person_id, now())
        except SlackApiError as error:
            if slack.is_too_fast(error):
                _wait(db, claimed, claimed.person_ids[number:], error, now())
                return published
            if slack.is_unknown(error):
                _leave(error)
                return published
            log.warning("the Home of %s is not published (%s)", person_id, slack.code(error))
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            _leave(error)
            return published
        except Exception:
            log.exception("the Home of %s can't be drawn", person_id)
        else:
            published += 1
        with db.begin() as session:
            home_refresh.settled(session, claimed, person_id)
    return published


def _publish(db: Database, client: WebClient, person_id: str, now: datetime) -> None:
    with db.read() as session:
        shown = home.for_person(session, person_id, now=now)
    client.views_publish(user_id=person_id, view=home_views.tab(shown))


def _wait(db: Database, claimed: HomeClaim, left: Sequence[str], error: SlackApiError, now: datetime) -> None:
    until = now + slack.retry_after(error)
    log.info("Homes wait until %s, as Slack asks", until)
    with db.begin() as session:
        paces.hold(session, METHOD, until=until)
        home_refresh.put_off(session, claimed, left, until=until)


def _leave(error: Exception) -> None:
    """What is left stays claimed, and is due again once the lease is over."""
    log.warning("Homes wait: Slack can't be reached (%s)", type(error).__name__)


JOBS = (
    Job(
        "home",
        2,
        lambda ours: turn(ours.db, ours.client, ours.now),
        does="publishes Home anew for people whose things changed, if they opened it in the last two weeks",
    ),
)
