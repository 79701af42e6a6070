"""Acts on what Slack told: a stored event becomes a request, or an answer, in one transaction.

What Slack has to be asked for is asked outside of any. And the intake channel is read now and then for what was missed.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk import WebClient
from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.company.people import Standing
from bot.domain.intake import event_queue, events, sweeping
from bot.domain.intake.event_queue import EventClaim
from bot.domain.intake.events import EventKind, Heard, Place
from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.platform.database import Database
from bot.platform.errors import Refusal
from bot.views import kit
from bot.views.intake import events as intake_views
from bot.views.intake.events import Found
from jobs.intake import asking_slack
from jobs.intake import sweeping as sweeps
from jobs.intake.asking_slack import Later

log = logging.getLogger(__name__)


def turn(db: Database, client: WebClient, now: Callable[[], datetime]) -> int:
    """Read the intake channel when it is time, and act on what is stored. Returns how much that was."""
    return sweeps.sweep(db, client, now) + act(db, client, now)


def start(db: Database, now: Callable[[], datetime]) -> None:
    """We may have been away: have everything read that may have been missed."""
    with db.begin() as session:
        sweeping.listen_again(session, now=now())


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
        if asking_slack.may_pass(error):
            log.warning("event %s waits: Slack can't be asked (%s)", claim.event_id, asking_slack.word(error))
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
    is_open = asking_slack.is_open(db, client, heard, now)
    found = asking_slack.look_up(db, client, heard, now) if is_open else None
    authors = asking_slack.find_authors(db, client, heard, now) if heard.kind == EventKind.THREAD else set()
    asking_slack.meet(db, client, {heard.person_id, *authors} - {""}, now)
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
