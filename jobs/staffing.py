"""Begins and ends who is away, has those who are back told what runs, and looks at channels that are lost."""

import http.client
import logging
from collections.abc import Callable
from datetime import datetime

from slack_sdk import WebClient
from slack_sdk.errors import SlackClientError

from bot.domain.company import presence
from bot.domain.outbox.posts import Message
from bot.domain.staffing import aways, lost_channels, pauses
from bot.domain.teams import teams
from bot.platform import slack
from bot.platform.database import Database
from bot.views.staffing import aways as away_views
from bot.views.staffing import pauses as pause_views
from bot.views.teams import channels as channel_views
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card
from models.teams import Lost

log = logging.getLogger(__name__)


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Begin and end what begins and ends by now. Returns how many that were."""
    with db.read() as session:
        if not aways.due(session, now()):
            return 0
    turned = 0
    while some := _turn_some(db, now()):
        turned += some
    return turned


def _turn_some(db: Database, now: datetime) -> int:
    with db.begin() as session:
        return aways.turn(session, now=now)


def end_over(db: Database, now: Callable[[], datetime]) -> int:
    """End the pauses that are over. Returns how many teams go on."""
    at = now()
    with db.read() as session:
        if not pauses.due(session, at):
            return 0
    with db.begin() as session:
        return len(pauses.end_over(session, say=pause_views.resumed_message, now=at))


def look_at_lost(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Look whether a lost channel can be posted in again: an event may have been missed, and not all is told.

    Returns how many were found.
    """
    with db.read() as session:
        lost = lost_channels.lost_ones(session)
    return sum(_found(db, client, channel_id, why, now) for channel_id, why in sorted(lost.items()))


def _found(db: Database, client: WebClient, channel_id: str, why: Lost, now: Callable[[], datetime]) -> bool:
    try:
        seen = channel_views.read_seen(slack.find_channel(client, channel_id))
        if seen.lost is None and why == Lost.ARCHIVED and not seen.is_ours:
            client.conversations_join(channel=channel_id)
    except (SlackClientError, OSError, http.client.HTTPException) as error:
        log.info("whether %s is still lost is not known (%s)", channel_id, type(error).__name__)
        return False
    if seen.lost is not None or (why == Lost.REMOVED and not seen.is_ours):
        return False
    with db.begin() as session:
        lost_channels.find_all(session, channel_id, is_ours=seen.is_ours, now=now())
    return True


def _back(card: Drawing) -> Message | None:
    person_id = card.post.channel_id
    if teams.for_person(card.session, person_id) is None or presence.is_away(card.session, person_id, card.now):
        return None
    return away_views.back_message(aways.back(card.session, person_id, now=card.now))


JOBS = (
    Job(
        "aways",
        60,
        lambda ours: turn(ours.db, ours.now),
        does="notices who goes away and who is back, and writes one line to people who are back",
    ),
    Job(
        "channels",
        10 * 60,
        lambda ours: look_at_lost(ours.db, ours.client, ours.now),
        due=False,
        does="checks whether Prickle can post again in a channel where it could not",
    ),
    Job(
        "pauses",
        60,
        lambda ours: end_over(ours.db, ours.now),
        does="ends a team's pause when its last day is over in the team's zone",
    ),
)
CARDS: Draws = {
    Card.BACK: _back,
}
