"""Rows become messages: claim, post, settle.

Posting happens outside of any transaction. What is certain is settled at once; what is unknown (a timeout, a lost reply)
is left alone until its lease runs out, and then looked up in the channel's history by its key.
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

from bot.domain.feedback.sealing import Shut
from bot.domain.outbox import audiences, paces
from bot.domain.outbox.deliveries import Claim
from bot.domain.outbox.paces import Lane, Limits
from bot.domain.outbox.posts import Message
from bot.domain.teams import channels
from bot.platform import slack
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.teams import channels as channel_views
from jobs.outbox import cards, settling
from jobs.outbox.pictures import NotReady, Pictures
from jobs.outbox.pump import Pump
from jobs.outbox.settling import Settling
from jobs.outbox.standing import Held, Place, Standing, Unreadable

EVENT_TYPE = "prickle_post"  # the type of our messages' metadata, whose payload carries the post's key
BETWEEN_LOOKS = timedelta(minutes=1)
A_MOMENT, UNTIL_ANYWAY = timedelta(seconds=2), timedelta(minutes=10)  # while Slack can't say whose channel it is
JOINED = "joined the channel first"

log = logging.getLogger(__name__)


class LostThread(Exception):
    """The message that it was to reply to is gone. It stands nowhere."""


class Stray(Exception):
    """It stands at the channel's root instead of in its thread, and could not be taken back yet."""


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
        self._pictures = Pictures(db, client, now)
        self._settling = Settling(db, now)
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
            self._settling.error(claim, error)
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            self._settling.unknown(claim, type(error).__name__)
        except Held as held:
            self._settling.not_sent(claim, "Slack asked to wait", until=held.until)
        except Unreadable:
            self._settling.unreadable(claim)
        except LostThread:
            self._settling.lost_thread(claim)
        except Stray as stray:
            self._settling.unknown(claim, f"it is not in its thread, and can't be taken back: {stray}")
        except NotReady as reason:
            self._settling.not_ready(claim, reason)
        except UnknownCard:
            self._settling.unknown_card(claim)
        except Shut:
            self._settling.shut(claim)
        except Exception as error:
            # One post that can't be drawn must not stop the others.
            self._settling.undrawn(claim, error)

    def _post(self, claim: Claim) -> None:
        if claim.maybe_sent and not claim.post.only_to_id and (found := self._find(claim)):
            self._settling.sent(claim, *found, is_found=True)
            return
        if claim.is_stale(self._now()):
            self._settling.expired(claim)
            return
        message = self._draw(claim)
        if message is not None and (no := self._forbids(claim)):
            self._settling.refused(claim, no)
        elif message is None:
            self._settling.not_needed(claim)
        elif claim.ends_soon(self._now()):
            log.warning("post %s: its lease is nearly over; left to the next one", claim.post.key)
        elif claim.lane == Lane.EDITS:
            self._edit(claim, message)
        elif claim.post.only_to_id:
            self._whisper(claim, message)
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

        What is stored is asked each time; Slack, which may not have told us, at most once a minute and channel. Raises
        Held while Slack can't say.
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
        try:
            found = slack.find_channel(self._client, channel_id)
        except SlackApiError as error:
            passes = slack.is_too_fast(error) or slack.is_unknown(error)
            if passes and now - claim.post.due_at < UNTIL_ANYWAY:
                raise Held(now + (slack.retry_after(error) if slack.is_too_fast(error) else A_MOMENT)) from error
            # Slack tells of sharing as it happens: what it does not tell now, the next look finds.
            log.info("whether %s is shared is not known (%s)", channel_id, slack.code(error))
            return None
        no = channels.FORBIDDEN.get(channel_views.read_seen(found).lost)
        if no is None:
            self._looked_at[channel_id] = now + BETWEEN_LOOKS
        return no

    def _draw(self, claim: Claim) -> Message | None:
        post = claim.post
        if post.card is None or post.subject_id is None:
            return Message(post.text, post.blocks)
        with self._db.read() as session:
            try:
                return cards.draw(session, post, self._now(), self._vault)
            except LookupError as error:
                raise UnknownCard from error

    def _whisper(self, claim: Claim, message: Message) -> None:
        self._standing.require_free("chat.postEphemeral")
        answer = self._client.chat_postEphemeral(
            channel=claim.post.channel_id,
            user=claim.post.only_to_id or "",
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=claim.thread_ts,
        )
        self._settling.sent(claim, claim.post.channel_id, str(answer["message_ts"]))

    def _send(self, claim: Claim, message: Message) -> None:
        blocks = self._pictures.blocks(claim, message, message.picture) if message.picture else message.blocks
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
        self._settling.sent(claim, channel_id, ts)

    def _take_back(self, channel_id: str, ts: str) -> None:
        try:
            self._client.chat_delete(channel=channel_id, ts=ts)
        except SlackApiError as error:
            if slack.code(error) not in settling.GONE:
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
        self._settling.not_sent(claim, JOINED)

    def _edit(self, claim: Claim, message: Message) -> None:
        answer = self._client.chat_update(
            channel=claim.post.posted_in_id or claim.post.channel_id,
            ts=claim.post.message_ts or "",
            text=message.text,
            blocks=message.blocks,
        )
        self._settling.sent(claim, str(answer["channel"]), str(answer["ts"]))
