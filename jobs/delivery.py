"""Rows become messages: claim, post, settle.

Posting happens outside of any transaction. What is certain is settled at once; what is unknown (a timeout, a lost reply)
is left alone until its lease runs out, and then looked up in the channel's history by its key.
"""

import http.client
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.database import Database
from bot.domain import channels, deliveries, posts
from bot.domain.deliveries import Claim
from bot.domain.posts import Message
from bot.views import trouble
from jobs import cards

AT_ONCE = 8  # posts that one tick holds: each has a thread, and each thread a Slack call of 10 s at most
EVENT_TYPE = "prickle_post"  # the type of our messages' metadata, whose payload carries the post's key
UNKNOWN = {"internal_error", "fatal_error", "service_unavailable", "request_timeout"}
GONE = {"message_not_found"}
LOCKED_OUT = {"token_revoked", "token_expired", "invalid_auth", "not_authed", "account_inactive", "missing_scope"}
UNTIL_LET_IN = timedelta(minutes=5)  # a token or a scope is mended by people
HISTORY_PAGES = 5  # a card is looked for among the channel's last 500 messages since it was written

log = logging.getLogger(__name__)


class Delivery:
    """Delivers what is due. `client` must not retry by itself, and must give up long before a lease ends."""

    def __init__(self, db: Database, client: WebClient, now: Callable[[], datetime]) -> None:
        self._db = db
        self._client = client
        self._now = now
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="delivery")
        self._ticking = threading.Lock()
        self._stopping = False

    def tick(self) -> int:
        """Deliver what is due now. Returns how many posts were tried."""
        tried = 0
        with self._ticking:
            while not self._stopping and (claimed := self._claim()):
                list(self._pool.map(self._deliver, claimed))
                tried += len(claimed)
        return tried

    def between_ticks(self) -> AbstractContextManager[object]:
        """While it is held nothing is in flight."""
        return self._ticking

    def stop(self) -> None:
        """Claim nothing more, and finish what is in flight."""
        self._stopping = True
        with self._ticking:
            self._pool.shutdown(wait=True)

    def _claim(self) -> list[Claim]:
        with self._db.begin() as session:
            return deliveries.claim(session, now=self._now(), limit=AT_ONCE)

    def _deliver(self, claim: Claim) -> None:
        try:
            self._post(claim)
        except SlackApiError as error:
            self._settle_error(claim, error)
        except (SlackClientError, OSError, http.client.HTTPException) as error:
            self._settle_unknown(claim, type(error).__name__)
        except Exception:
            # One post that can't be drawn must not stop the others.
            log.exception("post %s failed", claim.post.key)
            self._settle_unknown(claim, "it could not be drawn")

    def _post(self, claim: Claim) -> None:
        if claim.maybe_sent and (found := self._find(claim)):
            self._settle_sent(claim, *found)
            return
        message = self._draw(claim)
        if message is None:
            self._settle_not_needed(claim)
            return
        answer = self._edit(claim, message) if claim.post.message_ts else self._send(claim, message)
        self._settle_sent(claim, str(answer["channel"]), str(answer["ts"]))

    def _draw(self, claim: Claim) -> Message | None:
        post = claim.post
        if post.card is None or post.subject_id is None:
            return Message(post.text, post.blocks)
        with self._db.read() as session:
            return cards.draw(session, post, self._now())

    def _send(self, claim: Claim, message: Message) -> Any:
        try:
            return self._say(claim, message)
        except SlackApiError as error:
            if error.response.get("error") != "not_in_channel":
                raise
        self._client.conversations_join(channel=claim.post.channel_id)
        return self._say(claim, message)

    def _say(self, claim: Claim, message: Message) -> Any:
        return self._client.chat_postMessage(
            channel=claim.post.channel_id,
            text=message.text,
            blocks=message.blocks or None,
            thread_ts=claim.thread_ts,
            metadata={"event_type": EVENT_TYPE, "event_payload": {"key": claim.post.key}},
            unfurl_links=False,
            unfurl_media=False,
        )

    def _edit(self, claim: Claim, message: Message) -> Any:
        return self._client.chat_update(
            channel=claim.post.posted_in_id or claim.post.channel_id,
            ts=claim.post.message_ts or "",
            text=message.text,
            blocks=message.blocks,
        )

    # --- what became of it --------------------------------------------------------------------------------------

    def _settle_sent(self, claim: Claim, channel_id: str, message_ts: str) -> None:
        with self._db.begin() as session:
            deliveries.sent(session, claim, channel_id=channel_id, message_ts=message_ts)

    def _settle_not_needed(self, claim: Claim) -> None:
        with self._db.begin() as session:
            deliveries.not_needed(session, claim)

    def _settle_error(self, claim: Claim, error: SlackApiError) -> None:
        code = str(error.response.get("error") or error.response.status_code)
        if error.response.status_code == 429 or code in ("ratelimited", "rate_limited"):
            self._settle_not_sent(claim, timedelta(seconds=int(error.response.headers.get("Retry-After", 1))), code)
        elif code in LOCKED_OUT:
            log.error("Slack does not let Prickle in (%s). `prickle doctor` says what to do.", code)
            self._settle_not_sent(claim, UNTIL_LET_IN, code)
        elif error.response.status_code >= 500 or code in UNKNOWN:
            self._settle_unknown(claim, code)
        elif code in GONE and claim.post.message_ts:
            with self._db.begin() as session:
                deliveries.lost_its_message(session, claim)
        else:
            self._refuse(claim, code)

    def _settle_not_sent(self, claim: Claim, wait: timedelta, code: str) -> None:
        with self._db.begin() as session:
            deliveries.not_sent(session, claim, until=self._now() + wait, error=code)

    def _settle_unknown(self, claim: Claim, reason: str) -> None:
        log.warning("post %s: unknown whether it stands in Slack (%s); looked up later", claim.post.key, reason)
        with self._db.begin() as session:
            deliveries.unknown(session, claim, now=self._now())

    def _refuse(self, claim: Claim, code: str) -> None:
        log.error("post %s: Slack refused it (%s)", claim.post.key, code)
        now = self._now()
        with self._db.begin() as session:
            deliveries.refused(session, claim, error=code)
            told = channels.refused(session, claim.post.channel_id, code, now=now)
            if told is not None:
                posts.write(session, told.key, told.person_id, trouble.told_message(told), now=now)

    # --- looking it up ------------------------------------------------------------------------------------------

    def _find(self, claim: Claim) -> tuple[str, str] | None:
        """Where our message stands, if the attempt before this one got through."""
        try:
            return self._look_through(claim, self._conversation(claim.post.channel_id))
        except SlackApiError as error:
            if error.response.get("error") != "not_in_channel":
                raise
            return None  # nobody posts where they are not

    def _look_through(self, claim: Claim, channel_id: str) -> tuple[str, str] | None:
        oldest = f"{claim.post.created_at.timestamp() - 60:.6f}"
        cursor = None
        for _ in range(HISTORY_PAGES):
            page = self._page(channel_id, claim.thread_ts, oldest, cursor)
            for message in page.get("messages", []):
                payload = (message.get("metadata") or {}).get("event_payload") or {}
                if payload.get("key") == claim.post.key:
                    return channel_id, message["ts"]
            cursor = (page.get("response_metadata") or {}).get("next_cursor")
            if not cursor:
                break
        return None

    def _page(self, channel_id: str, thread_ts: str | None, oldest: str, cursor: str | None) -> Any:
        if thread_ts is not None:
            return self._client.conversations_replies(
                channel=channel_id, ts=thread_ts, oldest=oldest, cursor=cursor, limit=100, include_all_metadata=True
            )
        return self._client.conversations_history(
            channel=channel_id, oldest=oldest, cursor=cursor, limit=100, include_all_metadata=True
        )

    def _conversation(self, channel_id: str) -> str:
        # A person's id stands for the DM with them, whose own id history asks for.
        if channel_id.startswith(("U", "W")):
            return str(self._client.conversations_open(users=channel_id)["channel"]["id"])
        return channel_id
