"""Keeps the desks: who answers there, as Slack says, who has triage when, and the card that is pinned."""

import http.client
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.company import company
from bot.domain.desks import desks, filling, rota_card, triage
from bot.domain.desks.desks import Source
from bot.domain.desks.rota_card import Pin
from bot.domain.intake import batches, departures, requests, waiting_on
from bot.domain.outbox import set_asides
from bot.domain.outbox.posts import Message
from bot.domain.outbox.set_asides import What
from bot.domain.teams.worktimes import Worktime
from bot.platform import slack
from bot.platform.database import Database
from bot.platform.errors import Busy
from bot.views.desks import rota_card as rota_card_views
from bot.views.desks import triage as triage_views
from bot.views.intake import departures as departure_views
from jobs.drawing import Drawing, Draws
from jobs.job import Job
from models.outbox import Card

PAGE = 200  # Slack advises 100 to 200 a page
BETWEEN_READS = timedelta(minutes=10)
UNTIL_MENDED = timedelta(days=1)  # a missing scope and too many pins are mended by people
# Nothing is pinned there, or nobody can be misled by it any more.
NOTHING_PINNED = {"no_pin", "message_not_found", "channel_not_found", "is_archived", "not_in_channel"}

log = logging.getLogger(__name__)


class Desks:
    """One replica's care for the desks. Several do the same, and the second finds nothing to do.

    What it has read, and what it has complained of, it knows by heart: a restart reads and says it again.
    """

    def __init__(self, db: Database, client: WebClient, now: Callable[[], datetime]) -> None:
        self._db = db
        self._client = client
        self._now = now
        self._next: dict[Source | Pin, datetime] = {}
        self._failed: set[Source] = set()

    def turn(self) -> int:
        """Read who is at the desks, give out the weeks, and pin the card. Returns how much of that was news."""
        with self._db.read() as session:
            sources = desks.sources(session, now=self._now())
        read = sum(self._read_alone(source) for source in sources if self._is_time(source))
        return read + self._fill() + self._pin() + self._unpin()

    def _is_time(self, what: Source | Pin) -> bool:
        return self._next.get(what, self._now()) <= self._now()

    # --- who is there -------------------------------------------------------------------------------------------

    def _read_alone(self, source: Source) -> bool:
        try:
            return self._read(source)
        except (SQLAlchemyError, Busy):
            raise  # the database was busy, or is gone: no fault of a desk's
        except Exception as error:  # `failed` says what it was; the other desks are read
            with self._db.begin() as session:
                set_asides.failed(session, What.DESK_PEOPLE, str(source.desk_id), error, now=self._now())
            return False

    def _read(self, source: Source) -> bool:
        try:
            people = list(self._people(source))
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            self._wait(source, error)
            return False
        self._failed.discard(source)
        self._next[source] = self._now() + BETWEEN_READS
        with self._db.begin() as session:
            set_asides.mended(session, What.DESK_PEOPLE, str(source.desk_id))
            is_news, departed = departures.at_the_desk(session, source.desk_id, people, now=self._now())
            for gone in departed:
                message = departure_views.departed_message(gone)
                requests.say(session, gone.request, gone.key, message, now=self._now())
            return is_news

    def _people(self, source: Source) -> Iterator[str]:
        if source.usergroup_id is not None:
            yield from self._client.usergroups_users_list(usergroup=source.usergroup_id)["users"]
        cursor = None
        while source.channel_id is not None:
            page = self._client.conversations_members(channel=source.channel_id, limit=PAGE, cursor=cursor)
            yield from page["members"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                return

    def _wait(self, source: Source, error: Exception) -> None:
        """The people of the desk stay as they are; said once, for as long as it fails."""
        if isinstance(error, SlackApiError):  # a broken connection may be mended by the next minute
            self._next[source] = self._now() + (_asked_to_wait(error) or BETWEEN_READS)
        if source not in self._failed and _asked_to_wait(error) is None:
            log.warning("desk %d: Slack does not say who is there (%s); its people stay", source.desk_id, _words(error))
            self._failed.add(source)

    # --- whose week it is ---------------------------------------------------------------------------------------

    def _fill(self) -> int:
        if not self._is_due():
            return 0
        with self._db.begin() as session:
            return filling.fill_weeks(session, now=self._now())

    def _is_due(self) -> bool:
        with self._db.read() as session:
            try:
                return filling.due(session, now=self._now())
            except SQLAlchemyError:
                raise
            except Exception as error:  # a desk can't be read: filling them finds out which, and sets it aside
                log.info("whether a desk's week is to be filled can't be said (%s)", type(error).__name__)
                return True

    # --- the pinned card ----------------------------------------------------------------------------------------

    def _pin(self) -> bool:
        with self._db.read() as session:
            pin = rota_card.to_pin(session)
        if pin is None or not self._is_time(pin):
            return False
        try:
            self._client.pins_add(channel=pin.channel_id, timestamp=pin.ts)
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            if _words(error) != "already_pinned":
                self._leave(pin, error)
                return False
        with self._db.begin() as session:
            rota_card.pinned(session, pin)
        return True

    def _unpin(self) -> bool:
        with self._db.read() as session:
            pin = rota_card.to_unpin(session)
        if pin is None or not self._is_time(pin):
            return False
        try:
            self._client.pins_remove(channel=pin.channel_id, timestamp=pin.ts)
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            if _words(error) not in NOTHING_PINNED:
                self._leave(pin, error, "unpinned")
                return False
        with self._db.begin() as session:
            rota_card.unpinned(session, pin)
        return True

    def _leave(self, pin: Pin, error: Exception, what: str = "pinned") -> None:
        log.warning("the desks' card is not %s (%s)", what, _words(error))
        if isinstance(error, SlackApiError):
            self._next[pin] = self._now() + (_asked_to_wait(error) or UNTIL_MENDED)


def _asked_to_wait(error: Exception) -> timedelta | None:
    return slack.retry_after(error) if isinstance(error, SlackApiError) and slack.is_too_fast(error) else None


def _words(error: Exception) -> str:
    return str(error.response.get("error")) if isinstance(error, SlackApiError) else type(error).__name__


def _rota(card: Drawing) -> Message:
    return rota_card_views.card(triage.ways(card.session, now=card.now))


def _rota_moved(card: Drawing) -> Message:
    return rota_card_views.moved_card(company.current(card.session).intake_channel_id or "")


def _turn(card: Drawing) -> Message | None:
    """Whose week it is, unless the morning's reminders say it, or another message of the same morning."""
    session, post = card.session, card.post
    desk = triage.tells(session, card.subject, post.channel_id, now=card.now)
    if desk is None:
        return None
    theirs = Worktime(*waiting_on.where(session, post.channel_id))
    same_morning = triage.told_on(session, post.channel_id, theirs.today(post.due_at), theirs, now=card.now)
    if not same_morning or post.message_ts is not None:
        return triage_views.turn_message(same_morning or [desk])
    if batches.tells_of_triage(session, post.channel_id, post.due_at) or same_morning[0].id != desk.id:
        return None
    return triage_views.turn_message(same_morning)


JOBS = (
    Job(
        "desks",
        60,
        lambda ours: ours.desks.turn(),
        does="reads every ten minutes who is at the desks; gives out the weeks of triage; pins the card",
    ),
)
CARDS: Draws = {
    Card.ROTA: _rota,
    Card.ROTA_MOVED: _rota_moved,
    Card.TRIAGE: _turn,
}
