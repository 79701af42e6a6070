"""Rows become messages: claim, post, settle.

Posting happens outside of any transaction. What is certain is settled at once; what is unknown (a timeout, a lost reply)
is left alone until its lease runs out, and then looked up in the channel's history by its key.

Long because one attempt is one conversation with Slack: each answer is settled where one can see what was asked.
"""

import http.client
import logging
from collections.abc import Callable
from concurrent.futures import Executor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.exc import SQLAlchemyError

from bot.domain.feedback.sealing import Shut
from bot.domain.intake import intake_channel
from bot.domain.outbox import audiences, paces, set_asides, settling
from bot.domain.outbox.deliveries import Claim
from bot.domain.outbox.paces import Lane, Limits
from bot.domain.outbox.posts import Message, Picture
from bot.domain.staffing import lost_channels
from bot.domain.teams import channels
from bot.platform import slack
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views import kit
from bot.views.intake import events as intake_views
from bot.views.staffing import lost_channels as lost_channel_views
from bot.views.teams import channels as channel_views
from jobs.outbox import cards
from jobs.outbox.pump import Pump
from jobs.outbox.standing import Held, Place, Standing, Unreadable

EVENT_TYPE = "prickle_post"  # the type of our messages' metadata, whose payload carries the post's key
GONE = {"message_not_found"}
BETWEEN_LOOKS = timedelta(minutes=1)
UNTIL_LET_IN = timedelta(minutes=5)  # a token or a scope is mended by people
UNTIL_GIVEN_UP = timedelta(minutes=30)  # a channel that was made private can't be read: nobody mends that
TIME_TO_POST = timedelta(seconds=10)  # with less of a lease left, what is posted may be somebody else's by then
JOINED = "joined the channel first"
NOT_READY = "its picture is not ready"
SHUT = "no key opens it"
SOONEST, LATEST = timedelta(seconds=2), timedelta(seconds=30)
WORTH_WAITING = timedelta(minutes=1)  # Slack works on a picture for some seconds; after this the words stand alone

log = logging.getLogger(__name__)


class LostThread(Exception):
    """The message that it was to reply to is gone. It stands nowhere."""


class Stray(Exception):
    """It stands at the channel's root instead of in its thread, and could not be taken back yet."""


class NotReady(Exception):
    """Slack has not got the picture, or is still at work on it. Certainly nothing is posted yet."""

    def __init__(self, reason: str, wait: timedelta = SOONEST) -> None:
        super().__init__(reason)
        self.wait = wait


class UnknownCard(Exception):
    """This version of the code does not know the card: a newer one wrote it."""


class Delivery:
    """Delivers what is due. `client` must not retry by itself, and must give up long before a lease ends.

    `limits` are the whole workspace's, and have to be the same in all replicas. What is sealed is drawn with the `vault`.
    Posts are in flight in threads of the `pool`, by default one of its own.
    """

    def __init__(
        self,
        db: Database,
        client: WebClient,
        now: Callable[[], datetime],
        limits: Limits = paces.LIMITS,
        vault: Vault | None = None,
        pool: Executor | None = None,
    ) -> None:
        self._vault = vault or Vault()
        self._db = db
        self._client = client
        self._now = now
        self._standing = Standing(db, client, now)
        self._looked_at: dict[str, datetime] = {}
        self._pump = Pump(db, self._deliver, now, limits, pool)

    def pump(self) -> int:
        """Deliver what is due now, or gets its turn within the second. What is in flight then lands by itself.

        Returns how many posts were tried.
        """
        return self._pump.run()

    def tick(self) -> int:
        """Deliver what is due at this moment, and wait until it has landed. Returns how many posts were tried."""
        return self._pump.drain()

    def still(self) -> AbstractContextManager[None]:
        """While it is held nothing is in flight."""
        return self._pump.still()

    def stop(self) -> None:
        """Claim nothing more, and finish what is in flight."""
        self._pump.stop()

    # --- posting ------------------------------------------------------------------------------------------------

    def _deliver(self, claim: Claim) -> None:
        try:
            self._try(claim)
        except Exception:
            # The lease runs out, and whoever claims it next looks it up.
            log.exception("post %s: what became of it could not be written down", claim.post.key)

    def _try(self, claim: Claim) -> None:
        try:
            self._post(claim)
        except SlackApiError as error:
            self._settle_error(claim, error)
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            self._settle_unknown(claim, type(error).__name__)
        except Held as held:
            self._settle_not_sent(claim, "Slack asked to wait", until=held.until)
        except Unreadable:
            self._settle_unreadable(claim)
        except LostThread:
            self._settle_lost_thread(claim)
        except Stray as stray:
            self._settle_unknown(claim, f"it is not in its thread, and can't be taken back: {stray}")
        except NotReady as reason:
            self._settle_not_ready(claim, reason)
        except UnknownCard:
            self._settle_unknown_card(claim)
        except Shut:
            self._settle_shut(claim)
        except Exception as error:
            # One post that can't be drawn must not stop the others.
            self._settle_undrawn(claim, error)

    def _post(self, claim: Claim) -> None:
        if claim.maybe_sent and (found := self._find(claim)):
            self._settle_sent(claim, *found)
            return
        if claim.is_stale(self._now()):
            self._settle_expired(claim)
            return
        message = self._draw(claim)
        if message is not None and (no := self._forbids(claim)):
            self._refuse(claim, no)
        elif message is None:
            self._settle_not_needed(claim)
        elif claim.until - self._now() < TIME_TO_POST:
            log.warning("post %s: its lease is nearly over; left to the next one", claim.post.key)
        elif claim.lane == Lane.EDITS:
            self._edit(claim, message)
        else:
            self._send(claim, message)

    def _find(self, claim: Claim) -> Place | None:
        """Where our message stands, if the attempt before this one got through. Raises LostThread for a stray one."""
        found = self._standing.find(claim)
        if found is None and (stray := self._standing.find_stray(claim)):
            self._take_back(*stray)
            raise LostThread
        return found

    def _forbids(self, claim: Claim) -> str | None:
        """Why nothing may be posted in this channel, though Slack would take it; None where all is well.

        What is stored is asked each time; Slack, which may not have told us, at most once a minute and channel.
        """
        channel_id, now = claim.post.channel_id, self._now()
        with self._db.read() as session:
            place = audiences.internal(session, channel_id)
        if place is None:
            return None
        if place.is_shared:
            return channels.SHARED
        if self._looked_at.get(channel_id, now) > now:
            return None
        self._looked_at[channel_id] = now + BETWEEN_LOOKS
        try:
            found = slack.find_channel(self._client, channel_id)
        except SlackApiError as error:
            # Slack tells of sharing as it happens: what it does not tell now, the next look finds.
            log.info("whether %s is shared is not known (%s)", channel_id, slack.code(error))
            return None
        shared = found is not None and channel_views.read_channel(found).is_shared
        return channels.SHARED if shared else None

    def _draw(self, claim: Claim) -> Message | None:
        post = claim.post
        if post.card is None or post.subject_id is None:
            return Message(post.text, post.blocks)
        with self._db.read() as session:
            try:
                return cards.draw(session, post, self._now(), self._vault)
            except LookupError as error:
                raise UnknownCard from error

    def _send(self, claim: Claim, message: Message) -> None:
        blocks = self._with_picture(claim, message, message.picture) if message.picture else message.blocks
        try:
            answer = self._client.chat_postMessage(
                channel=claim.post.channel_id,
                text=message.text,
                blocks=blocks or None,
                thread_ts=claim.thread_ts,
                metadata={"event_type": EVENT_TYPE, "event_payload": {"key": claim.post.key}},
                unfurl_links=False,
                unfurl_media=False,
            )
        except SlackApiError as error:
            if message.picture and blocks and slack.code(error) == "invalid_blocks":
                # Slack takes the message only once it is through with the file, some moments after the upload.
                raise NotReady("Slack is at work on it") from error
            if slack.code(error) != "not_in_channel" or not self._may_join(claim):
                raise
            self._join(claim)
        else:
            self._settle_posted(claim, answer)

    def _settle_posted(self, claim: Claim, answer: Any) -> None:
        channel_id, ts = str(answer["channel"]), str(answer["ts"])
        if claim.thread_ts is not None and (answer.get("message") or {}).get("thread_ts") != claim.thread_ts:
            # Slack answers a reply to a deleted message with ok, and posts it at the root for everybody to read.
            self._take_back(channel_id, ts)
            raise LostThread
        self._settle_sent(claim, channel_id, ts)

    def _take_back(self, channel_id: str, ts: str) -> None:
        try:
            self._client.chat_delete(channel=channel_id, ts=ts)
        except SlackApiError as error:
            if slack.code(error) not in GONE:
                raise Stray(slack.code(error)) from error
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            raise Stray(type(error).__name__) from error

    def _may_join(self, claim: Claim) -> bool:
        joined = claim.post.error == JOINED
        if joined or claim.post.card in cards.COURTESIES:
            return False
        with self._db.read() as session:
            # Where we have posted and are no more, somebody removed us: we stay out until we are invited.
            return not audiences.was_in(session, claim.post.channel_id)

    def _join(self, claim: Claim) -> None:
        self._standing.require_free("conversations.join")
        self._client.conversations_join(channel=claim.post.channel_id)
        # The next attempt is a call of its own, in its turn.
        self._settle_not_sent(claim, JOINED)

    def _with_picture(self, claim: Claim, message: Message, picture: Picture) -> list[dict[str, Any]]:
        """The message's blocks and its picture, uploaded once for all attempts; no block where the text has to do."""
        if claim.post.error == NOT_READY and self._now() - claim.post.created_at > WORTH_WAITING:
            log.error("post %s: its picture did not become ready; posted in words", claim.post.key)
            return []
        if claim.post.blocks:
            return [*message.blocks, *claim.post.blocks]
        file_id = self._upload(claim, picture)
        if file_id is None:
            return []
        image = kit.image(file_id, picture.alt)
        with self._db.begin() as session:
            settling.keep(session, claim, image)
        if claim.until - self._now() < TIME_TO_POST:
            raise NotReady("uploading it took long")
        return [*message.blocks, image]

    def _upload(self, claim: Claim, picture: Picture) -> str | None:
        """The file's id; None where Slack takes no files from us."""
        content = picture.paint()
        try:
            return slack.upload(self._client, picture.name, picture.alt, content)
        except SlackApiError as error:
            if _may_pass(error):
                raise NotReady(slack.code(error), max(slack.retry_after(error), SOONEST)) from error
            log.error("post %s: Slack takes no picture (%s); posted in words", claim.post.key, slack.code(error))
            return None
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            raise NotReady(type(error).__name__) from error

    def _edit(self, claim: Claim, message: Message) -> None:
        answer = self._client.chat_update(
            channel=claim.post.posted_in_id or claim.post.channel_id,
            ts=claim.post.message_ts or "",
            text=message.text,
            blocks=message.blocks,
        )
        self._settle_sent(claim, str(answer["channel"]), str(answer["ts"]))

    # --- what became of it --------------------------------------------------------------------------------------

    def _settle_sent(self, claim: Claim, channel_id: str, message_ts: str) -> None:
        with self._db.begin() as session:
            settling.sent(session, claim, channel_id=channel_id, message_ts=message_ts, now=self._now())
            if claim.lane == Lane.MESSAGES:
                cards.stands(session, claim.post, self._now())

    def _settle_not_needed(self, claim: Claim) -> None:
        with self._db.begin() as session:
            settling.not_needed(session, claim)

    def _settle_expired(self, claim: Claim) -> None:
        log.warning("post %s came too late to be of use, and is not posted", claim.post.key)
        with self._db.begin() as session:
            settling.expired(session, claim)

    def _settle_error(self, claim: Claim, error: SlackApiError) -> None:
        code = slack.code(error)
        if slack.is_too_fast(error):
            self._hold(claim, error, slack.retry_after(error))
        elif code in slack.LOCKED_OUT:
            log.error("Slack does not let Prickle in (%s). `prickle doctor` says what to do.", code)
            self._hold(claim, error, UNTIL_LET_IN)
        elif slack.is_unknown(error):
            self._settle_unknown(claim, code)
        elif code in GONE and claim.lane == Lane.EDITS:
            with self._db.begin() as session:
                settling.lost_its_message(session, claim)
        else:
            self._refuse(claim, code)

    def _hold(self, claim: Claim, error: SlackApiError, wait_for: timedelta) -> None:
        """No replica calls this method for so long. The post keeps its place."""
        method, until = str(error.response.api_url).rpartition("/")[2], self._now() + wait_for
        log.warning("%s waits %s s (%s)", method, round(wait_for.total_seconds()), slack.code(error))
        with self._db.begin() as session:
            paces.hold(session, method, until=until)
        # Its lane waits anyway. With another method, only what needs it waits.
        self._settle_not_sent(claim, slack.code(error), until=None if method == claim.lane else until)

    def _settle_not_sent(self, claim: Claim, reason: str, *, until: datetime | None = None) -> None:
        with self._db.begin() as session:
            settling.not_sent(session, claim, error=reason, until=until)

    def _settle_not_ready(self, claim: Claim, reason: NotReady) -> None:
        # Each wait is about as long as all of them before, so that there are few attempts.
        now = self._now()
        wait = max(min(now - claim.post.created_at, LATEST), reason.wait)
        log.warning("post %s: its picture is not ready (%s); tried again in %d s", claim.post.key, reason, wait.seconds)
        with self._db.begin() as session:
            settling.not_ready(session, claim, error=NOT_READY, wait=wait, now=now)

    def _settle_shut(self, claim: Claim) -> None:
        log.error("post %s: it can't be read; tried again in a while. Does FEEDBACK_KEYS hold its key?", claim.post.key)
        with self._db.begin() as session:
            settling.not_ready(session, claim, error=SHUT, wait=UNTIL_LET_IN, now=self._now())

    def _settle_unknown(self, claim: Claim, reason: str) -> None:
        log.warning("post %s: unknown whether it stands in Slack (%s); looked up later", claim.post.key, reason)
        with self._db.begin() as session:
            settling.unknown(session, claim, now=self._now())

    def _settle_unreadable(self, claim: Claim) -> None:
        """Only its channel waits. What can't be looked up is not posted again, and in the end it is given up."""
        if claim.is_stale(self._now()):
            self._settle_expired(claim)
            return
        if self._now() - claim.post.due_at > UNTIL_GIVEN_UP:
            self._refuse(claim, "missing_scope")
            return
        log.warning("post %s: %s can't be read (missing_scope)", claim.post.key, claim.post.channel_id)
        self._settle_not_sent(claim, "missing_scope", until=self._now() + UNTIL_LET_IN)

    def _settle_lost_thread(self, claim: Claim) -> None:
        log.warning("post %s: the message above it is gone", claim.post.key)
        with self._db.begin() as session:
            waits = settling.lost_the_card_above(session, claim, now=self._now())
        if not waits:
            self._refuse(claim, slack.THREAD_GONE)

    def _settle_unknown_card(self, claim: Claim) -> None:
        # While replicas are being replaced, the next one to claim it may be a newer one.
        if claim.post.attempts < settling.PATIENCE:
            log.warning("post %s: no card %s in this version; tried again later", claim.post.key, claim.post.card)
            return
        log.error("post %s: no card %s in this version; given up", claim.post.key, claim.post.card)
        with self._db.begin() as session:
            settling.refused(session, claim, error="a card that this version does not know")

    def _settle_undrawn(self, claim: Claim, error: Exception) -> None:
        if isinstance(error, SQLAlchemyError):
            log.exception("post %s failed", claim.post.key)
            self._settle_unknown(claim, set_asides.NOT_DRAWN)
        elif claim.post.attempts < set_asides.TRIES:
            log.warning("post %s: %s (%s)", claim.post.key, set_asides.NOT_DRAWN, type(error).__name__)
        else:
            log.error("post %s: %s; given up", claim.post.key, set_asides.NOT_DRAWN, exc_info=error)
            with self._db.begin() as session:
                settling.undrawn(session, claim, error=set_asides.NOT_DRAWN)

    def _refuse(self, claim: Claim, code: str) -> None:
        is_courtesy = claim.post.card in cards.COURTESIES
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
            of_intake = intake_channel.refused(session, claim.post, code, now=now)
            channels.tell(session, of_intake, intake_views.told_message, now=now)


def _may_pass(error: SlackApiError) -> bool:
    """Whether the same call may go well a little later."""
    return slack.is_too_fast(error) or slack.is_unknown(error)
