"""Which messages are a request's words: lines that one person writes in a row in the intake channel are one request."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, exists, select
from sqlalchemy.orm import Session
from sqlalchemy.sql import ColumnElement

from bot.domain.intake import matches, requests
from bot.domain.outbox import posts
from bot.domain.text import titles
from bot.platform.database import insert
from models.company import Company
from models.intake.events import Line
from models.intake.requests import TITLE_LENGTH, Request, State

_STAMP = re.compile(r"\d{1,12}(?:\.\d{1,9})?")
TOGETHER = timedelta(minutes=5)  # so long after one line the next of the same person belongs to it
MOST = 20  # lines of one person in a row that are looked through for a request
KEPT_FOR = timedelta(days=14)  # a line that is no request


def hear(
    session: Session, channel_id: str, ts: str, thread_ts: str | None, by: str, *, heard_ts: str, now: datetime
) -> Line | None:
    """Write down that somebody wrote a message, or edited it at `heard_ts`. None for what was heard before, or was newer.

    Until the transaction ends nobody else acts on a line: two of one person that arrive at once become one request.
    """
    one_at_a_time(session)
    row = {
        "channel_id": channel_id,
        "ts": ts,
        "thread_ts": thread_ts,
        "person_id": by,
        "words": "",
        "heard_ts": heard_ts,
    }
    written = insert(session, Line).values({**row, "is_gone": False, "at": now}).on_conflict_do_nothing()
    is_new = session.scalar(written.returning(Line.ts)) is not None
    line = at(session, channel_id, ts)
    if line is None or is_new:
        return line
    if line.heard_ts >= heard_ts:
        return None
    line.heard_ts = heard_ts
    return line


def one_at_a_time(session: Session) -> None:
    """Turn lines into requests one at a time, so that no two transactions wait for each other."""
    session.execute(select(Company.id).where(Company.id == 1).with_for_update())


def at(session: Session, channel_id: str, ts: str) -> Line | None:
    """What is known of a message, read anew."""
    query = select(Line).where(Line.channel_id == channel_id, Line.ts == ts)
    return session.scalar(query.execution_options(populate_existing=True))


def is_line(session: Session, channel_id: str, ts: str) -> bool:
    """Whether a message is a request's words."""
    known = exists().where(Line.channel_id == channel_id, Line.ts == ts, Line.request_id.is_not(None))
    return session.scalar(select(known)) or False


def request_of(session: Session, channel_id: str, ts: str) -> int | None:
    """The id of the request that a message belongs to."""
    return session.scalar(select(Line.request_id).where(Line.channel_id == channel_id, Line.ts == ts))


def belong_to(session: Session, line: Line, request: Request, words: str) -> None:
    """From now on this line is a request's words."""
    line.request_id, line.words = request.id, words
    session.flush()


def beside(session: Session, line: Line) -> int | None:
    """The open request that this line belongs to: of the same person, just before or after it, with nobody in between."""
    for earlier in (True, False):
        for each in _in_a_row(session, line, earlier=earlier):
            if each.request_id is not None and _is_theirs(session, each.request_id, line.person_id):
                return each.request_id
    return None


def _in_a_row(session: Session, line: Line, *, earlier: bool) -> Sequence[Line]:
    """The lines of the same person next to this one, the nearest first, each soon after the other."""
    is_beyond: ColumnElement[bool] = Line.ts < line.ts if earlier else Line.ts > line.ts
    nearest = Line.ts.desc() if earlier else Line.ts
    here = Line.channel_id == line.channel_id, Line.thread_ts.is_(None), Line.is_gone.is_(False)
    found = session.scalars(select(Line).where(*here, is_beyond).order_by(nearest).limit(MOST))
    row: list[Line] = []
    last = line
    for each in found:
        if each.person_id != line.person_id or abs(seconds(each.ts) - seconds(last.ts)) > TOGETHER.total_seconds():
            break
        row.append(each)
        last = each
    return row


def seconds(ts: str) -> float:
    """One of Slack's stamps as a number; 0 for something else."""
    return float(ts) if _STAMP.fullmatch(ts) else 0.0


def _is_theirs(session: Session, request_id: int, person_id: str) -> bool:
    open_ = Request.id == request_id, Request.state == State.OPEN, Request.asker_id == person_id
    return session.scalar(select(exists().where(*open_))) or False


def add(session: Session, line: Line, request_id: int, words: str, *, is_doubtful: bool, now: datetime) -> Request:
    """Add a line to a request, in the order in which its lines were written."""
    request = requests.locked(session, request_id)
    belong_to(session, line, request, words)
    request.is_doubtful = request.is_doubtful and is_doubtful
    return retell(session, request, now=now)


def of_request(session: Session, request_id: int) -> Sequence[Line]:
    """The lines of a request that stand in the channel, in their order."""
    query = select(Line).where(Line.request_id == request_id, Line.is_gone.is_(False)).order_by(Line.ts)
    return session.scalars(query.execution_options(populate_existing=True)).all()


def retell(session: Session, request: Request, *, now: datetime) -> Request:
    """Rewrite a request from its lines: its words, its title unless somebody wrote another one, and similar requests."""
    session.flush()
    told = [each for each in of_request(session, request.id) if each.words]
    words = "\n".join(each.words for each in told)
    if request.title in _as_written(request.text):
        request.title = titles.title(words, TITLE_LENGTH)
    if words != request.text:
        request.retitled_at = now  # who looks for something similar finds it by what it says now
    request.text = words
    later = [each.words for each in told if each.ts != request.thread_ts]
    request.later_words = "\n".join(later) if request.thread_ts is not None and later else None
    session.flush()
    posts.redraw(session, matches.CARD, request.id, now=now)
    return requests.changed(session, request, now)


def _as_written(words: str) -> tuple[str, str]:
    """The title of these words, and the one that older versions made of them."""
    first = next((" ".join(line.split()) for line in words.splitlines() if line.strip()), "")
    return titles.title(words, TITLE_LENGTH), titles.shortened(first, TITLE_LENGTH)


def forget(session: Session, *, now: datetime) -> None:
    """Delete the lines that were no request, once nobody edits them any more."""
    session.execute(delete(Line).where(Line.request_id.is_(None), Line.at <= now - KEPT_FOR))
