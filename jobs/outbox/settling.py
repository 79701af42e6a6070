"""What Slack said of a post, written down: each answer in one transaction, and in a line of the log."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk.errors import SlackApiError
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.intake import intake_channel
from bot.domain.outbox import paces, set_asides, settling
from bot.domain.outbox.deliveries import Claim
from bot.domain.outbox.paces import Lane
from bot.domain.sprints import sprint_channel
from bot.domain.staffing import lost_channels
from bot.domain.teams import channels
from bot.platform import slack
from bot.platform.database import Database
from bot.views.intake import events as intake_views
from bot.views.sprints import sprint_channel as sprint_channel_views
from bot.views.staffing import lost_channels as lost_channel_views
from jobs.outbox import cards
from jobs.outbox.pictures import LATEST, NOT_READY, NotReady

GONE = {"message_not_found"}
UNTIL_LET_IN = timedelta(minutes=5)  # a token or a scope is mended by people
UNTIL_GIVEN_UP = timedelta(minutes=30)  # a channel that was made private can't be read: nobody mends that
SHUT = "no key opens it"

log = logging.getLogger(__name__)


class Settling:
    """Writes down what became of claimed posts."""

    def __init__(self, db: Database, now: Callable[[], datetime]) -> None:
        self._db = db
        self._now = now

    def sent(self, claim: Claim, channel_id: str, message_ts: str, *, is_found: bool = False) -> None:
        """Mark a post as sent, with its channel and `message_ts`. `is_found` if an earlier attempt posted it."""
        now = self._now()
        with self._db.begin() as session:
            settling.sent(session, claim, channel_id=channel_id, message_ts=message_ts, now=now, is_found=is_found)
            if claim.lane == Lane.MESSAGES:
                cards.stands(session, claim.post, self._now())

    def not_needed(self, claim: Claim) -> None:
        """Nobody is to be asked or told this any more."""
        with self._db.begin() as session:
            settling.not_needed(session, claim)

    def expired(self, claim: Claim) -> None:
        """It came too late to be of use."""
        log.warning("post %s came too late to be of use, and is not posted", claim.post.key)
        with self._db.begin() as session:
            settling.expired(session, claim)

    def error(self, claim: Claim, error: SlackApiError) -> None:
        """Slack answered with an error. What that means for the post depends on its code."""
        code = slack.code(error)
        if slack.is_too_fast(error):
            self._hold(claim, error, slack.retry_after(error))
        elif code in slack.LOCKED_OUT:
            log.error("Slack does not let Prickle in (%s). `prickle doctor` says what to do.", code)
            self._hold(claim, error, UNTIL_LET_IN)
        elif slack.is_unknown(error):
            self.unknown(claim, code)
        elif code in GONE and claim.lane == Lane.EDITS:
            with self._db.begin() as session:
                settling.lost_its_message(session, claim)
        else:
            self.refused(claim, code)

    def _hold(self, claim: Claim, error: SlackApiError, wait_for: timedelta) -> None:
        """No replica calls this method for so long. The post keeps its place."""
        method, until = str(error.response.api_url).rpartition("/")[2], self._now() + wait_for
        log.warning("%s waits %s s (%s)", method, round(wait_for.total_seconds()), slack.code(error))
        with self._db.begin() as session:
            paces.hold(session, method, until=until)
        # Its lane waits anyway. With another method, only what needs it waits.
        self.not_sent(claim, slack.code(error), until=None if method == claim.lane else until)

    def not_sent(self, claim: Claim, reason: str, *, until: datetime | None = None) -> None:
        """Slack certainly did not take it. With `until`, its channel waits so long."""
        with self._db.begin() as session:
            settling.not_sent(session, claim, error=reason, until=until)

    def not_ready(self, claim: Claim, reason: NotReady) -> None:
        """Slack has not got its picture yet. The post is tried again, each time a little later."""
        # Each wait is about as long as all of them before, so that there are few attempts.
        now = self._now()
        wait = max(min(now - claim.post.created_at, LATEST), reason.wait)
        log.warning("post %s: its picture is not ready (%s); tried again in %d s", claim.post.key, reason, wait.seconds)
        with self._db.begin() as session:
            settling.not_ready(session, claim, error=NOT_READY, wait=wait, now=now)

    def shut(self, claim: Claim) -> None:
        """Its words are sealed, and none of our keys opens them."""
        log.error("post %s: it can't be read; tried again in a while. Does FEEDBACK_KEYS hold its key?", claim.post.key)
        with self._db.begin() as session:
            settling.not_ready(session, claim, error=SHUT, wait=UNTIL_LET_IN, now=self._now())

    def unknown(self, claim: Claim, reason: str) -> None:
        """Nobody knows whether it stands in Slack."""
        log.warning("post %s: unknown whether it stands in Slack (%s); looked up later", claim.post.key, reason)
        with self._db.begin() as session:
            settling.unknown(session, claim, now=self._now())

    def unreadable(self, claim: Claim) -> None:
        """Only its channel waits. What can't be looked up is not posted again, and in the end it is given up."""
        if claim.is_stale(self._now()):
            self.expired(claim)
            return
        if self._now() - claim.post.due_at > UNTIL_GIVEN_UP:
            self.refused(claim, "missing_scope")
            return
        log.warning("post %s: %s can't be read (missing_scope)", claim.post.key, claim.post.channel_id)
        self.not_sent(claim, "missing_scope", until=self._now() + UNTIL_LET_IN)

    def lost_thread(self, claim: Claim) -> None:
        """The message it replies to is gone."""
        log.warning("post %s: the message above it is gone", claim.post.key)
        with self._db.begin() as session:
            waits = settling.lost_the_card_above(session, claim, now=self._now())
        if not waits:
            self.refused(claim, slack.THREAD_GONE)

    def unknown_card(self, claim: Claim) -> None:
        """This version does not know its card."""
        # While replicas are being replaced, the next one to claim it may be a newer one.
        if claim.post.attempts < settling.PATIENCE:
            log.warning("post %s: no card %s in this version; tried again later", claim.post.key, claim.post.card)
            return
        log.error("post %s: no card %s in this version; given up", claim.post.key, claim.post.card)
        with self._db.begin() as session:
            settling.refused(session, claim, error="a card that this version does not know")

    def undrawn(self, claim: Claim, error: Exception) -> None:
        """Drawing it failed."""
        if isinstance(error, SQLAlchemyError):
            log.exception("post %s failed", claim.post.key)
            self.unknown(claim, set_asides.NOT_DRAWN)
        elif claim.post.attempts < set_asides.TRIES:
            log.warning("post %s: %s (%s)", claim.post.key, set_asides.NOT_DRAWN, type(error).__name__)
        else:
            log.error("post %s: %s; given up", claim.post.key, set_asides.NOT_DRAWN, exc_info=error)
            with self._db.begin() as session:
                settling.undrawn(session, claim, error=set_asides.NOT_DRAWN)

    def refused(self, claim: Claim, code: str) -> None:
        """Slack refused it, and would again. The people it concerns are told."""
        is_courtesy = claim.post.card in cards.COURTESIES or claim.post.only_to_id is not None
        log.log(logging.INFO if is_courtesy else logging.ERROR, "post %s: Slack refused it (%s)", claim.post.key, code)
        now = self._now()
        with self._db.begin() as session:
            settling.refused(session, claim, error=code)
            if is_courtesy:
                return
            if code == slack.THREAD_GONE:
                intake_channel.lost_thread(session, claim.post, now=now)
                return
            told = lost_channels.refused(session, claim.post.channel_id, code, now=now)
            channels.tell(session, told, lost_channel_views.told_message, now=now)
            of_sprints = sprint_channel.refused(session, claim.post.channel_id, code, now=now)
            channels.tell(session, of_sprints, sprint_channel_views.told_message, now=now)
            of_intake = intake_channel.refused(session, claim.post, code, now=now)
            channels.tell(session, of_intake, intake_views.told_message, now=now)
