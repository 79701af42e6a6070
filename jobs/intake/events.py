"""Acts on what Slack told: a stored event becomes a request, or an answer, in one transaction.

What Slack has to be asked for is asked outside of any. And the intake channel is read now and then for what was missed.
"""

import http.client
import logging
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from typing import Any

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.company.people import Standing
from bot.domain.intake import event_queue, events, intake_channel, sweeping
from bot.domain.intake.event_queue import EventClaim
from bot.domain.intake.events import EventKind, Heard, Place
from bot.domain.intake.sweeping import Sweep
from bot.domain.outbox import paces, posts
from bot.domain.outbox.posts import Message
from bot.domain.teams import channels
from bot.platform import slack
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views import kit
from bot.views.company import people as people_views
from bot.views.intake import events as intake_views
from bot.views.intake.events import Found
from bot.views.teams.channels import read_channel
from models.teams import Lost

PAGE = 100  # Slack advises 100 to 200 a page
# A private channel's messages need a scope that we do not ask for.
UNREADABLE = {"channel_not_found", "not_in_channel", "message_not_found", "thread_not_found", "missing_scope"}

# What it means when the intake channel, in which we were, can't be read.
LOST = {
    **dict.fromkeys(("channel_not_found", "missing_scope"), Lost.HIDDEN),
    "not_in_channel": Lost.REMOVED,
    "is_archived": Lost.ARCHIVED,
}

log = logging.getLogger(__name__)


class Later(Exception):
    """Nothing can be done about an event before so much time has passed."""

    def __init__(self, why: str, wait: timedelta | None = None) -> None:
        super().__init__(why)
        self.wait = wait


def turn(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Read the intake channel when it is time, and act on what is stored. Returns how much that was."""
    return sweep(db, client, now) + act(db, client, now)


def start(db: Database, now: Callable[[], datetime]) -> None:
    """We may have been away: have everything read that may have been missed."""
    with db.begin() as session:
        sweeping.listen_again(session, now=now())


# --- acting on events -------------------------------------------------------------------------------------------


def act(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Act on what is stored, in the order in which it came. Returns how many events that were."""
    acted = 0
    while (claim := _claim(db, now())) is not None:
        if not _try(db, client, claim, now):
            return acted  # Slack does not answer; another call now would only hold up who wants to stop us
        acted += 1
    return acted


def _claim(db: Database, now: datetime) -> EventClaim | None:
    with db.read() as session:
        if not event_queue.is_waiting(session, now=now):
            return None
    with db.begin() as session:
        return event_queue.claim(session, now=now)


def _try(db: Database, client: WebClient, claim: EventClaim, now: Callable[[], datetime]) -> bool:
    """False when Slack could not be reached."""
    try:
        _act(db, client, claim, now)
    except Refusal as refusal:
        log.info("event %s makes no request: refused (%s)", claim.event_id, refusal.field or "no field")
        _settle(db, claim, now())
    except Later as reason:
        _put_off(db, claim, reason.wait or event_queue.wait(claim, now=now()), now(), failed=False)
    except events.Unreadable as error:
        with db.begin() as session:
            event_queue.set_aside(session, claim, error, now=now())
    except Exception as error:
        if _may_pass(error):
            log.warning("event %s waits: Slack can't be asked (%s)", claim.event_id, _word(error))
            _put_off(db, claim, event_queue.wait(claim, now=now()), now(), failed=False)
            return False
        _failed(db, claim, now())
    return True


def _failed(db: Database, claim: EventClaim, now: datetime) -> None:
    # The idea in it is not lost with the fifth attempt: a new version may know what to do with it, so that it is tried
    # less and less often, for a day.
    if event_queue.is_hopeless(claim, now=now):
        log.exception("event %s: given up after %d attempts", claim.event_id, claim.attempts)
        _settle(db, claim, now)
        return
    log.exception("event %s: attempt %d failed", claim.event_id, claim.attempts)
    _put_off(db, claim, event_queue.wait(claim, now=now), now, failed=True)


def _settle(db: Database, claim: EventClaim, now: datetime) -> None:
    with db.begin() as session:
        event_queue.settle(session, claim, now=now)


def _put_off(db: Database, claim: EventClaim, wait: timedelta, now: datetime, *, failed: bool) -> None:
    with db.begin() as session:
        event_queue.put_off(session, claim, until=now + wait, failed=failed)


def _act(db: Database, client: WebClient, claim: EventClaim, now: Callable[[], datetime]) -> None:
    heard = claim.heard
    is_open = _is_open(db, client, heard, now)
    found = _look_up(db, client, heard, now) if is_open else None
    authors = _authors(db, client, heard, now) if heard.kind == EventKind.THREAD else set()
    _meet(db, client, {heard.person_id, *authors} - {""}, now)
    with db.begin() as session:
        if not event_queue.is_ours(session, claim):
            return
        if heard.kind == EventKind.THREAD:
            events.answered(session, heard, {each for each in authors if _is_member(session, each)}, now=now())
        elif not _is_member(session, heard.person_id):
            _turn_away(session, heard, now())
        elif heard.kind == EventKind.EMOJI:
            _point_out(session, heard, found, now())
        elif not _reply(session, heard, now()):
            if is_open:
                _MAKE[heard.kind](session, heard, found, now())
            else:
                _answer_in_thread(session, "closed", heard, intake_views.closed_message(), now())
        event_queue.settle(session, claim, now=now())


def _is_member(session: Session, person_id: str) -> bool:
    return people.standings(session, [person_id]).get(person_id) is Standing.MEMBER


def _turn_away(session: Session, heard: Heard, now: datetime) -> None:
    """Nothing comes of what a guest writes, or somebody of another organization; who reaches out is told so."""
    settings = company.current(session)
    reaches_out = heard.kind == EventKind.MENTION or (
        heard.kind == EventKind.MESSAGE and heard.channel_id == settings.intake_channel_id and heard.thread_ts is None
    )
    is_app = people.standings(session, [heard.person_id]).get(heard.person_id) is Standing.APP
    if not reaches_out or is_app or events.is_opted_out(settings, heard.text):
        return
    key, above = f"turned-away:{heard.channel_id}:{heard.ts}", heard.thread_ts or heard.ts
    posts.write_in_thread(session, key, heard.channel_id, above, intake_views.ask_a_colleague_message(), now=now)


def _reply(session: Session, heard: Heard, now: datetime) -> bool:
    """True when it is a reply in a request's thread, and is heard there."""
    if heard.thread_ts is None:
        return False
    if events.heard(session, heard.place, by=heard.person_id, now=now):
        return True
    if events.is_still_to_come(session, heard.channel_id, heard.thread_ts):
        raise Later("what it replies to is still to be acted on", event_queue.SOONEST)
    return False


def _message(session: Session, heard: Heard, _found: Found | None, now: datetime) -> None:
    if heard.thread_ts is None and not events.is_opted_out(company.current(session), heard.text):
        _reach_out(session, heard.place, heard.person_id, _words(session, heard), now)


def _mention(session: Session, heard: Heard, found: Found | None, now: datetime) -> None:
    settings = company.current(session)
    if heard.channel_id == settings.intake_channel_id and events.is_opted_out(settings, heard.text):
        return
    words = _words(session, heard)
    if words:
        _reach_out(session, heard.place, heard.person_id, words, now)
    elif found is not None and (said := _said(session, found, heard)):
        # A mention without words of its own means what the thread is about.
        _reach_out(session, found.place, heard.person_id, said, now)
    elif heard.thread_ts is None or not events.is_known(session, Place(heard.channel_id, heard.thread_ts)):
        _answer_in_thread(session, "how-to", heard, intake_views.how_to_message(), now)


def _answer_in_thread(session: Session, name: str, heard: Heard, message: Message, now: datetime) -> None:
    events.require_a_person(session, heard.person_id)
    key, above = f"{name}:{heard.channel_id}:{heard.ts}", heard.thread_ts or heard.ts
    posts.write_in_thread(session, key, heard.channel_id, above, message, now=now)


def _point_out(session: Session, heard: Heard, found: Found | None, now: datetime) -> None:
    if found is not None:
        _reach_out(session, found.place, heard.person_id, _said(session, found, heard), now)


_MAKE: dict[EventKind, Callable[[Session, Heard, Found | None, datetime], None]] = {
    EventKind.MESSAGE: _message,
    EventKind.MENTION: _mention,
}


def _reach_out(session: Session, place: Place, asker_id: str, words: str, now: datetime) -> None:
    reached = events.reach_out(session, place, asker_id, words, now=now)
    if reached.is_new and reached.request.channel_id is None:
        key, above = f"kept:{place.channel_id}:{place.ts}", place.thread_ts or place.ts
        message = intake_views.kept_message(reached.request)
        posts.write_in_thread(session, key, place.channel_id, above, message, now=now)


def _words(session: Session, heard: Heard) -> str:
    return intake_views.words(heard.text, heard.files, people.names(session, kit.mentioned(heard.text)))


def _said(session: Session, found: Found, heard: Heard) -> str:
    names = people.names(session, [*kit.mentioned(found.text), found.author_id])
    return intake_views.said(found, names, heard.person_id)


# --- asking Slack -----------------------------------------------------------------------------------------------


def _is_open(db: Database, client: WebClient, heard: Heard, now: Callable[[], datetime]) -> bool:
    """Whether everybody may read the words there, and nobody else; in the intake channel they are written for that."""
    if heard.kind not in (EventKind.EMOJI, EventKind.MENTION):
        return True
    with db.read() as session:
        is_intake = heard.channel_id == company.current(session).intake_channel_id
        if is_intake or events.is_known(session, heard.place):
            return True
    try:
        found = _call(db, client.conversations_info, now, channel=heard.channel_id)["channel"]
    except SlackApiError as error:
        if slack.code(error) not in slack.HIDDEN:
            raise
        return False
    return read_channel(found).is_open


def _look_up(db: Database, client: WebClient, heard: Heard, now: Callable[[], datetime]) -> Found | None:
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
        asked = _call(db, client.conversations_replies, now, channel=heard.channel_id, **around)
    except SlackApiError as error:
        if slack.code(error) not in UNREADABLE:
            raise
        log.info("a message in %s can't be read: %s", heard.channel_id, slack.code(error))
        return None
    message = next((each for each in asked["messages"] if each["ts"] == ts), None)
    return intake_views.read_found(message, heard.channel_id, heard.us) if message else None


def _meet(db: Database, client: WebClient, person_ids: set[str], now: Callable[[], datetime]) -> None:
    """Ask Slack who these people are, where we have not heard of them."""
    with db.read() as session:
        known = people.standings(session, person_ids)
    found = [slack.find_person(client, each) for each in sorted(person_ids - known.keys())]
    if profiles := [people_views.read_profile(user) for user in found if user is not None]:
        with db.begin() as session:
            people.sync(session, profiles, now=now())


def _authors(db: Database, client: WebClient, thread: Heard, now: Callable[[], datetime]) -> set[str]:
    """Who wrote in a thread; nobody when it can't be read."""
    try:
        pages = _pages(
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


def _pages(db: Database, method: Callable[..., Any], now: Callable[[], datetime], **words: Any) -> Iterator[list[Any]]:
    cursor = None
    while True:
        page = _call(db, method, now, cursor=cursor, limit=PAGE, **words)
        yield page["messages"]
        cursor = (page.get("response_metadata") or {}).get("next_cursor")
        if not cursor:
            return


def _call(db: Database, method: Callable[..., Any], now: Callable[[], datetime], **words: Any) -> Any:
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


def _may_pass(error: Exception) -> bool:
    """Whether Slack does not answer, or lets nobody in, which people mend."""
    if isinstance(error, SlackApiError):
        return slack.is_unknown(error) or slack.code(error) in slack.LOCKED_OUT
    return isinstance(error, SlackClientError | OSError | http.client.HTTPException)


def _word(error: Exception) -> str:
    return slack.code(error) if isinstance(error, SlackApiError) else type(error).__name__


# --- what was missed --------------------------------------------------------------------------------------------


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
            "the intake channel %s can't be read (%s); tried again in some minutes", due.channel_id, _word(error)
        )
    return 0


def _sweep(db: Database, client: WebClient, due: Sweep, now: Callable[[], datetime]) -> int:
    if due.is_first:
        # Slack tells us of messages only where we are.
        _call(db, client.conversations_join, now, channel=due.channel_id)
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
    yield from _pages(db, client.conversations_history, now, channel=due.channel_id, oldest=due.since)


def _lose(db: Database, channel_id: str, lost: Lost, now: datetime) -> None:
    """No event told us that the intake channel is lost: we were away, or Slack tells nobody who may not see it."""
    with db.begin() as session:
        told = intake_channel.lose(session, channel_id, lost, now=now)
        channels.tell(session, told, intake_views.told_message, now=now)
