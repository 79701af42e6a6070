"""A message's picture: uploaded once for all attempts, and left out where Slack takes none."""

import http.client
import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.outbox import settling
from bot.domain.outbox.deliveries import Claim
from bot.domain.outbox.posts import Message, Picture
from bot.platform import slack
from bot.platform.database import Database
from bot.views import kit

NOT_READY = "its picture is not ready"
SOONEST, LATEST = timedelta(seconds=2), timedelta(seconds=30)
WORTH_WAITING = timedelta(minutes=1)  # Slack works on a picture for some seconds; after this the words stand alone

log = logging.getLogger(__name__)


class NotReady(Exception):
    """Slack has not got the picture, or is still at work on it. Certainly nothing is posted yet."""

    def __init__(self, reason: str, wait: timedelta = SOONEST) -> None:
        super().__init__(reason)
        self.wait = wait


class Pictures:
    """Puts pictures into messages."""

    def __init__(self, db: Database, client: WebClient, now: Callable[[], datetime]) -> None:
        self._db = db
        self._client = client
        self._now = now

    def blocks(self, claim: Claim, message: Message, picture: Picture) -> list[dict[str, Any]]:
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
        if claim.ends_soon(self._now()):
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


def _may_pass(error: SlackApiError) -> bool:
    """Whether the same call may go well a little later."""
    return slack.is_too_fast(error) or slack.is_unknown(error)
