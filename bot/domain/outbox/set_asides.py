"""One bad row never stops the others: what fails alone is tried a few times, and then set aside.

It is tried again once a day, and when Prickle starts: a new version may know what to do with it.
"""

import logging
import traceback
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import BindParameter, ColumnElement, String, cast, delete, exists, select, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from bot.platform.database import attempt
from models.outbox import Post, PostState, SetAside

T = TypeVar("T")
WAITS = (timedelta(minutes=1), timedelta(minutes=5))  # after the first and the second failure
TRIES = len(WAITS) + 1
A_DAY = timedelta(days=1)
NOT_DRAWN = "it could not be drawn"  # the error of a post that was given up

log = logging.getLogger(__name__)


class What(StrEnum):
    """What is done for one row at a time. The value is stored."""

    EVENT = "event"
    PROFILE = "profile"
    STATUS = "status"
    ASKING = "asking"
    CLOSING = "closing"
    RETRO_OPENING = "retro_opening"
    GATHERING = "gathering"
    REVEAL = "reveal"
    RETRO_CLOSING = "retro_closing"
    AWAY = "away"
    PAUSE = "pause"
    FOLLOWER = "follower"
    DECIDED = "decided"
    NUDGE = "nudge"
    DESK = "desk"
    ROTA = "rota"
    DESK_PEOPLE = "desk_people"
    DIGEST = "digest"
    ROUND = "round"
    FEEDBACK = "feedback"
    FEEDBACK_RHYTHM = "feedback_rhythm"  # an older version's


def not_aside(what: What, key: Any, now: datetime | BindParameter[datetime]) -> ColumnElement[bool]:
    """Of a query: leave out the rows that nobody is to try by now. `key` is their column."""
    return ~exists().where(SetAside.what == what, SetAside.subject == cast(key, String), SetAside.until > now)


def is_aside(session: Session, what: What, key: object, now: datetime) -> bool:
    """Whether nobody is to try this one by now."""
    row = session.get(SetAside, (what, str(key)))
    return row is not None and row.until > now


def each(
    session: Session,
    what: What,
    found: Sequence[T],
    act: Callable[[Sequence[T]], None],
    *,
    now: datetime,
    key: Callable[[T], object] = str,
) -> None:
    """Act on all of these at once; where that fails, on each alone, and what fails alone is set aside for a while.

    `act` may be called twice for a row, and what its first call did is undone by then.
    """
    if not found:
        return
    keys = [str(key(one)) for one in found]
    tried = set(session.scalars(select(SetAside.subject).where(SetAside.what == what)).all())
    if not tried.intersection(keys) and _goes_well(session, act, found):
        return
    for subject, one in zip(keys, found, strict=True):
        error = _failure(session, act, [one])
        if error is not None:
            failed(session, what, subject, error, now=now)
        elif subject in tried:
            mended(session, what, subject)


def _goes_well(session: Session, act: Callable[[Sequence[T]], None], found: Sequence[T]) -> bool:
    return _failure(session, act, found) is None


def _failure(session: Session, act: Callable[[Sequence[T]], None], found: Sequence[T]) -> Exception | None:
    try:
        with attempt(session):
            act(found)
    except OperationalError:
        raise  # the database was busy, or is gone: no fault of a row's
    except Exception as error:  # whatever it is, it must not stop the others, and `failed` says so
        return error
    return None


def failed(session: Session, what: What, subject: str, error: Exception, *, now: datetime) -> SetAside:
    """Take down that it failed once more. Said in a line each time, and once with all that a developer wants to know."""
    row = session.get(SetAside, (what, subject), populate_existing=True)
    if row is None:
        row = SetAside(what=what, subject=subject, attempts=0, since=now, until=now, why="")
        session.add(row)
    row.attempts += 1
    row.why = _words(error)
    row.until = now + (WAITS[row.attempts - 1] if row.attempts < TRIES else A_DAY)
    session.flush()
    if row.attempts < TRIES:
        log.warning("%s %s: attempt %d failed (%s); tried again soon", what, subject, row.attempts, row.why)
    elif row.attempts == TRIES:
        log.error(
            "%s %s: set aside after %d attempts. `prickle doctor` shows it.", what, subject, TRIES, exc_info=error
        )
    return row


def mended(session: Session, what: What, subject: str) -> None:
    """It went well in the end."""
    session.execute(delete(SetAside).where(SetAside.what == what, SetAside.subject == subject))


def try_again(session: Session, *, now: datetime) -> None:
    """We start, perhaps with a new version: have everything tried once more."""
    session.execute(update(SetAside).where(SetAside.until > now).values(until=now))


def all_of_them(session: Session) -> Sequence[SetAside]:
    """What was set aside, the oldest first; what is still tried every few minutes is left out."""
    return session.scalars(select(SetAside).where(SetAside.attempts >= TRIES).order_by(SetAside.since)).all()


def undrawn(session: Session) -> Sequence[str]:
    """The keys of the posts that were given up, since they could not be drawn."""
    query = select(Post.key).where(Post.state == PostState.REFUSED, Post.error == NOT_DRAWN)
    return session.scalars(query.order_by(Post.id)).all()


def _words(error: Exception) -> str:
    """Which error it was and where, for the log and the doctor. Its own words may be what somebody typed."""
    last = traceback.extract_tb(error.__traceback__)[-1:]
    where = "".join(f" in {Path(frame.filename).name}:{frame.lineno}" for frame in last)
    return f"{type(error).__name__}{where}"[:200]
