"""Acts on what Slack told: a stored event becomes a request, or an answer, in one transaction.

What Slack has to be asked for is asked outside of any. And the intake channel is read now and then for what was missed.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from slack_sdk import WebClient

from bot.domain.intake import event_queue, events, sweeping
from bot.domain.intake.event_queue import EventClaim
from bot.domain.intake.events import EventKind
from bot.platform.database import Database
from bot.platform.errors import Refusal
from jobs.intake import asking_slack, hearing
from jobs.intake import sweeping as sweeps
from jobs.intake.asking_slack import Later
from jobs.intake.hearing import Seen

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
    asking_slack.meet(db, client, {heard.person_id, *authors, found.author_id if found else ""} - {""}, now)
    with db.begin() as session:
        if not event_queue.is_ours(session, claim):
            return
        hearing.act(session, heard, Seen(is_open, found, authors), now())
        event_queue.settle(session, claim, now=now())
