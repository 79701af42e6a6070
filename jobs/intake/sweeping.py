"""Reads the intake channel for messages that were missed while nobody listened."""

import http.client
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.intake import event_queue, intake_channel, sweeping
from bot.domain.intake.events import Heard
from bot.domain.intake.sweeping import Sweep
from bot.domain.teams import channels
from bot.platform import slack
from bot.platform.database import Database
from bot.views.intake import events as intake_views
from jobs.intake import asking_slack
from jobs.intake.asking_slack import Later
from models.teams import Lost

# What it means when the intake channel, in which we were, can't be read.
LOST = {
    **dict.fromkeys(("channel_not_found", "missing_scope"), Lost.HIDDEN),
    "not_in_channel": Lost.REMOVED,
    "is_archived": Lost.ARCHIVED,
}
log = logging.getLogger(__name__)


def sweep(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Read the intake channel for what no event told of, when it is time. Returns how many messages that were.

    It is done when all pages are read; what interrupts it has it begin anew, and what was found is kept by then.
    """
    with db.read() as session:
        if not sweeping.is_sweep_due(session, now=now()):
            return 0
    with db.begin() as session:
        due = sweeping.begin_sweep(session, now=now())
        event_queue.forget(session, now=now())
    if due is None:
        return 0
    try:
        return _sweep(db, client, due, now)
    except Later as reason:
        with db.begin() as session:
            sweeping.sweep_again(session, at=now() + (reason.wait or event_queue.SOONEST))
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        if isinstance(error, SlackApiError) and slack.code(error) in LOST:
            _lose(db, due.channel_id, LOST[slack.code(error)], now())
            return 0
        log.warning(
            "the intake channel %s can't be read (%s); tried again in some minutes",
            due.channel_id,
            asking_slack.word(error),
        )
    return 0


def _sweep(db: Database, client: WebClient, due: Sweep, now: Callable[[], datetime]) -> int:
    if due.is_first:
        # Slack tells us of messages only where we are.
        asking_slack.call(db, client.conversations_join, now, channel=due.channel_id)
        return 0
    kept, newest, us = 0, due.since, ""
    for page in _history(db, client, due, now):
        us = us or (str(client.auth_test()["user_id"]) if page else "")
        heard = [each for message in page for each in _read_history(message, due.channel_id, us)]
        heard.sort(key=lambda each: each.ts)
        with db.begin() as session:
            kept += sweeping.keep_missed(session, heard, now=now())
        newest = max([newest, *(str(message["ts"]) for message in page)])
    with db.begin() as session:
        sweeping.end_sweep(session, due, newest)
    return kept


def _read_history(message: dict[str, Any], channel_id: str, us: str) -> Sequence[Heard]:
    try:
        return intake_views.read_history(message, channel_id, us)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        log.warning("the message %s can't be read, and is left out (%s)", message.get("ts"), type(error).__name__)
        return []


def _history(db: Database, client: WebClient, due: Sweep, now: Callable[[], datetime]) -> Iterator[list[Any]]:
    yield from asking_slack.read_pages(db, client.conversations_history, now, channel=due.channel_id, oldest=due.since)


def _lose(db: Database, channel_id: str, lost: Lost, now: datetime) -> None:
    """No event told us that the intake channel is lost: we were away, or Slack tells nobody who may not see it."""
    with db.begin() as session:
        told = intake_channel.lose(session, channel_id, lost, now=now)
        channels.tell(session, told, intake_views.told_message, now=now)
