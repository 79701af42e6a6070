"""Whether a post stands in Slack already: what an attempt with an unknown end has left there.

Each post carries its key in its metadata. A reply is looked for in its thread, and at the channel's root as well, since
that is where Slack posts a reply to a message that is gone.
"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.domain.outbox import paces
from bot.domain.outbox.deliveries import Claim
from bot.platform import slack
from bot.platform.database import Database

HISTORY_PAGES = 5  # a card is looked for among the channel's last 500 messages since it was written
Place = tuple[str, str]  # a channel's id and a message's ts


class Held(Exception):
    """Slack wants no call of a method from anybody in the workspace before `until`."""

    def __init__(self, until: datetime) -> None:
        super().__init__(until)
        self.until = until


class Unreadable(Exception):
    """Nobody may read this one conversation, so that it cannot be known what stands there."""


class Standing:
    """Looks for posts where they were to go."""

    def __init__(self, db: Database, client: WebClient, now: Callable[[], datetime]) -> None:
        self._db = db
        self._client = client
        self._now = now

    def require_free(self, method: str) -> None:
        """Raise Held while Slack wants no call of this method."""
        with self._db.read() as session:
            until = paces.held_until(session, method, now=self._now())
        if until is not None:
            raise Held(until)

    def find(self, claim: Claim) -> Place | None:
        """Where the post stands as it was meant to. Raises Unreadable, Held and SlackApiError."""
        try:
            return self._look_through(claim, claim.thread_ts)
        except SlackApiError as error:
            if slack.code(error) != slack.THREAD_GONE:
                raise
            return None

    def find_stray(self, claim: Claim) -> Place | None:
        """Where it stands instead, at the channel's root, when it was to be a reply. Raises as `find` does."""
        return self._look_through(claim, None) if claim.thread_ts is not None else None

    def _look_through(self, claim: Claim, thread_ts: str | None) -> Place | None:
        try:
            return self._among(claim, self._conversation(claim.post.channel_id), thread_ts)
        except SlackApiError as error:
            if slack.code(error) == "missing_scope":
                # A channel that was made private. All others are read as before.
                raise Unreadable from error
            if slack.code(error) != "not_in_channel":
                raise
            return None  # nobody posts where they are not

    def _among(self, claim: Claim, channel_id: str, thread_ts: str | None) -> Place | None:
        oldest = f"{claim.post.created_at.timestamp() - 60:.6f}"
        cursor = None
        for _ in range(HISTORY_PAGES):
            page = self._page(channel_id, thread_ts, oldest, cursor)
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
            self.require_free("conversations.replies")
            return self._client.conversations_replies(
                channel=channel_id, ts=thread_ts, oldest=oldest, cursor=cursor, limit=100, include_all_metadata=True
            )
        self.require_free("conversations.history")
        return self._client.conversations_history(
            channel=channel_id, oldest=oldest, cursor=cursor, limit=100, include_all_metadata=True
        )

    def _conversation(self, channel_id: str) -> str:
        # A person's id stands for the DM with them, whose own id history asks for.
        if channel_id.startswith(("U", "W")):
            self.require_free("conversations.open")
            return str(self._client.conversations_open(users=channel_id)["channel"]["id"])
        return channel_id
