"""Which requests stand on a page of the queue: in which order, and with which words."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Integer, Select, and_, bindparam, literal, or_, select, union_all
from sqlalchemy.orm import Session

from models.intake.requests import Request, State

MOST_WORDS = 6  # that somebody searches for
# The number is written into the statement. As a parameter it would make PostgreSQL plan anew each time, which takes longer
# than reading the rows.
_AT_MOST = bindparam("at_most", type_=Integer(), literal_execute=True)


def parts(done_since: datetime) -> list[ColumnElement[bool]]:
    """What waits, what is under way, and what was done since then."""
    done = and_(_is(State.DONE), Request.done_at > done_since)
    return [_is(State.OPEN), or_(_is(State.DECIDED), _is(State.PARKED)), done]


def _is(state: State) -> ColumnElement[bool]:
    # Written into the statement, so that the database can see that the partial index fits.
    return Request.state == literal(state, Request.state.type, literal_execute=True)


def page_of(session: Session, found: Sequence[Select[Any]], page: int, size: int) -> list[int]:
    """The ids of this page of these parts. Each is read in its own order, and no further than the page may reach."""
    oldest, newest = (Request.waiting_since, Request.id), (Request.done_at.desc(), Request.id.desc())
    read = []
    for place, (part, order) in enumerate(zip(found, (oldest, oldest, newest), strict=True)):
        # Done requests are listed the other way round, the newest first.
        since = Request.done_at if order is newest else Request.waiting_since
        shown = part.with_only_columns(literal(place).label("place"), since.label("since"), Request.id.label("id"))
        read.append(select(shown.order_by(*order).limit(_AT_MOST).subquery()))
    rows = [tuple(row) for row in session.execute(union_all(*read), {"at_most": (page + 1) * size})]
    last = len(found) - 1
    done = sorted((row for row in rows if row[0] == last), key=lambda row: row[1:], reverse=True)
    live = sorted(row for row in rows if row[0] < last)
    return [id_ for _place, _since, id_ in [*live, *done][page * size : (page + 1) * size]]


def says(words: str) -> list[ColumnElement[bool]]:
    """Whether a request has each of these words, or one that it is a part of, in capitals or not."""
    return [_says(word) for word in words.split()[:MOST_WORDS]]


def _says(word: str) -> ColumnElement[bool]:
    # SQLite knows capitals of the plain alphabet only.
    written = dict.fromkeys([word] if word.isascii() else [word, word.lower(), word.upper(), word.capitalize()])
    columns = Request.title, Request.text
    return or_(*(column.icontains(each, autoescape=True) for each in written for column in columns))
