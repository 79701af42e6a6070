"""What is asked of Slack before an event becomes a request, and what its answers mean."""

import http.client
import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.domain.company import company, people
from bot.domain.intake import events
from bot.domain.intake.events import EventKind, Heard, Place
from bot.domain.outbox import paces
from bot.platform import slack
from bot.platform.database import Database
from bot.views.company import people as people_views
from bot.views.intake import events as intake_views
from bot.views.intake.events import Found
from bot.views.teams.channels import read_channel

PAGE = 100  # Slack advises 100 to 200 a page
# A private channel's messages need a scope that we do not ask for.
UNREADABLE = {"channel_not_found", "not_in_channel", "message_not_found", "thread_not_found", "missing_scope"}
log = logging.getLogger(__name__)


class Later(Exception):
    """Nothing can be done about an event before so much time has passed."""

    def __init__(self, why: str, wait: timedelta | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def is_open(db: Database, client: WebClient, heard: Heard, now: Callable[[], datetime]) -> bool:
    """Whether everybody may read the words there, and nobody else; in the intake channel they are written for that."""
    if heard.kind not in (EventKind.EMOJI, EventKind.MENTION, EventKind.EDIT):
        return True
    with db.read() as session:
        is_intake = heard.channel_id == company.current(session).intake_channel_id
        # A message that was a request before its channel was shared brings no more words from there.
        if is_intake or (heard.kind != EventKind.EDIT and events.is_known(session, heard.place)):
            return True
    try:
        found = call(db, client.conversations_info, now, channel=heard.channel_id)["channel"]
    except SlackApiError as error:
        if not slack.is_hidden(error):
            raise
        return False
    return read_channel(found).is_open


def look_up(db: Database, client: WebClient, heard: Heard, now: Callable[[], datetime]) -> Found | None:
    """The message that an emoji is on, or that a mention without a word stands below; None when it can't be read."""
    if heard.kind == EventKind.EMOJI:
        ts = heard.ts
    elif heard.kind == EventKind.MENTION and heard.thread_ts is not None and not (heard.text or heard.files):
        ts = heard.thread_ts
    else:
        return None
    with db.read() as session:
        if events.is_known(session, Place(heard.channel_id, ts)):
            return None
    try:
        # Asked for a reply by its own time, Slack has been seen to return it alone, and below its thread's first message.
        around = {"ts": ts, "oldest": ts, "latest": ts, "inclusive": True, "limit": 2}
        asked = call(db, client.conversations_replies, now, channel=heard.channel_id, **around)
    except SlackApiError as error:
        if slack.code(error) not in UNREADABLE:
            raise
        log.info("a message in %s can't be read: %s", heard.channel_id, slack.code(error))
        return None
    message = next((each for each in asked["messages"] if each["ts"] == ts), None)
    return intake_views.read_found(message, heard.channel_id, heard.us) if message else None


def meet(db: Database, client: WebClient, person_ids: set[str], now: Callable[[], datetime]) -> None:
    """Ask Slack who these people are, where we have not heard of them."""
    with db.read() as session:
        known = people.standings(session, person_ids)
    found = [slack.find_person(client, each) for each in sorted(person_ids - known.keys())]
    if profiles := [people_views.read_profile(user) for user in found if user is not None]:
        with db.begin() as session:
            people.sync(session, profiles, now=now())


def find_authors(db: Database, client: WebClient, thread: Heard, now: Callable[[], datetime]) -> set[str]:
    """Who wrote in a thread; nobody when it can't be read."""
    try:
        pages = read_pages(
            db, client.conversations_replies, now, channel=thread.channel_id, ts=thread.thread_ts, oldest=thread.ts
        )
        read = [
            intake_views.read_message({**each, "channel": thread.channel_id}, "") for page in pages for each in page
        ]
    except SlackApiError as error:
        if slack.code(error) not in UNREADABLE:
            raise
        return set()
    return {each.person_id for each in read if each is not None and each.thread_ts is not None}


def read_pages(
    db: Database, method: Callable[..., Any], now: Callable[[], datetime], **words: Any
) -> Iterator[list[Any]]:
    cursor = None
    while True:
        page = call(db, method, now, cursor=cursor, limit=PAGE, **words)
        yield page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def call(db: Database, method: Callable[..., Any], now: Callable[[], datetime], **words: Any) -> Any:
    """Ask Slack, unless it wants to be left alone. Raises Later, SlackApiError, or what stands for no connection."""
    name = str(method.__name__).replace("_", ".")
    with db.read() as session:
        until = paces.held_until(session, name, now=now())
    if until is not None:
        raise Later(f"Slack wants no {name} now", until - now())
    try:
        return method(**words)
    except SlackApiError as error:
        if slack.is_too_fast(error):
            wait = slack.retry_after(error)
            log.warning("%s waits %s s (%s)", name, round(wait.total_seconds()), slack.code(error))
            with db.begin() as session:
                paces.hold(session, name, until=now() + wait)
            raise Later(slack.code(error), wait) from error
        raise


def may_pass(error: Exception) -> bool:
    """Whether Slack does not answer, or lets nobody in, which people mend."""
    if isinstance(error, SlackApiError):
        return slack.is_unknown(error) or slack.code(error) in slack.LOCKED_OUT
    return isinstance(error, SlackClientError | OSError | http.client.HTTPException)


def word(error: Exception) -> str:
    return slack.code(error) if isinstance(error, SlackApiError) else type(error).__name__
