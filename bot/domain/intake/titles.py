"""The titles and words that similar asks are looked for among: read once, and kept in memory from one search to the next.

Every search reads what came since the last one, so that it takes no longer in a company with many requests. That needs no
word from who writes: a title has a number, and the numbers grow. What is found is read again before it is shown.
"""

import threading
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from weakref import WeakKeyDictionary

from sqlalchemy import (
    BindParameter,
    ColumnElement,
    Pool,
    Select,
    and_,
    bindparam,
    case,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, Session, aliased

from bot.domain.text import similarity
from bot.domain.text.similarity import Shelf
from models.base import UtcDateTime
from models.intake.requests import PlannedRequest, Request, State
from models.sprints import Item, Sprint

NEWEST = 5_000  # requests, and as many items: what is older has been built, or forgotten
# So many of the newest are read again: PostgreSQL may show a lower number after a higher one, and SQLite gives a number
# a second time when the last row was deleted.
AGAIN = 50
BEGINNING = 600  # letters of a request's words: what it wants stands there
MANY = 1_000_000  # more than come between two searches
LATE = timedelta(minutes=1)  # a new title may be seen so long after it was written, or the clock be set back
EVER = datetime(1970, 1, 1, tzinfo=UTC)


class Kind(IntEnum):
    """What has a title, or with SAID the words of a request. Of two that are as near, requests come first."""

    REQUEST = 0
    ITEM = 1
    SAID = 2


Key = tuple[int, int]  # the kind, and the number with a minus: the newest first


@dataclass(frozen=True)
class Row:
    """A title, and how a request begins. `stands_for` is the number of what it is shown as, None where it is not shown."""

    key: Key
    title: str
    stands_for: int | None
    retitled_at: datetime | None
    said: str = ""

    @property
    def texts(self) -> dict[Key, str]:
        """What may be like something else, each under a key: the title, and the words where they say more."""
        says_more = similarity.words(self.said) not in ((), similarity.words(self.title))
        return {self.key: self.title, _said(self.key): self.said if says_more else ""}


def _said(key: Key) -> Key:
    return (Kind.SAID, key[1])


def _row_of(key: Key) -> Key:
    return (Kind.REQUEST, key[1]) if key[0] == Kind.SAID else key


class Kept:
    """The titles of one database, as this process knows them."""

    def __init__(self) -> None:
        self._guard = threading.Lock()
        self._shelf: Shelf[Key] = Shelf()
        self._rows: set[Key] = set()
        self._last = dict.fromkeys((Kind.REQUEST, Kind.ITEM), 0)
        self._retitled_at = EVER

    def refresh(self, session: Session) -> None:
        """Read what came since the last time: everything, the first time, and when it has become too much."""
        if 0 < len(self._rows) < 3 * NEWEST:
            after = {kind: last - AGAIN for kind, last in self._last.items()}
            self._renew(_since(session, after, self._retitled_at - LATE), after)
            return
        rows = _newest(session)
        with self._guard:
            self._shelf, self._rows = Shelf(), set()
            for row in rows:
                self._put(row)
            self._remember(rows)

    def nearest(self, texts: Sequence[str], most: int) -> list[Key]:
        """The titles and words that are most like any of these texts."""
        best: dict[Key, float] = {}
        with self._guard:
            for text in texts:
                for key, score in self._shelf.alike(text, most=most):
                    best[key] = max(score, best.get(key, 0.0))
        return sorted(best, key=lambda key: (-best[key], key))[:most]

    def correct(self, keys: Sequence[Key], rows: Mapping[Key, Row]) -> bool:
        """Take over what is true of these titles now. Whether anything was not."""
        wrong = [key for key in keys if key not in rows]
        with self._guard:
            for key in wrong:
                self._drop(key)
            changed = [self._put(row) for row in rows.values()]
        return bool(wrong) or any(changed)

    def _renew(self, rows: Sequence[Row], after: Mapping[Kind, int]) -> None:
        there = {row.key for row in rows}
        with self._guard:
            for kind, number in after.items():
                for each in range(number + 1, self._last[kind] + 1):
                    if (kind, -each) not in there:
                        self._drop((kind, -each))
            for row in rows:
                self._put(row)
            self._remember(rows)

    def _put(self, row: Row) -> bool:
        self._rows.add(row.key)
        texts = row.texts.items() if row.key[0] == Kind.REQUEST else [(row.key, row.title)]
        changed = False
        for key, text in texts:
            if text or key == row.key:
                changed |= self._shelf.put(key, text)
            else:
                changed |= self._shelf.drop(key)
        return changed

    def _drop(self, key: Key) -> None:
        self._rows.discard(key)
        self._shelf.drop(key)
        if key[0] == Kind.REQUEST:
            self._shelf.drop(_said(key))

    def _remember(self, rows: Iterable[Row]) -> None:
        for row in rows:
            kind = Kind(row.key[0])
            self._last[kind] = max(self._last[kind], -row.key[1])
            self._retitled_at = max(self._retitled_at, row.retitled_at or EVER)


_KEPT: WeakKeyDictionary[Pool, Kept] = WeakKeyDictionary()  # a database's connections: those of one have one pool


def nearest(session: Session, *texts: str, limit: int, but: int | None = None) -> list[tuple[Kind, int]]:
    """The requests and items that are most like one of these texts, by their titles or words, each once, the nearest first.

    `but` is a request that is not meant.
    """
    kept = _KEPT.setdefault(session.get_bind().engine.pool, Kept())
    kept.refresh(session)
    most = 4 * limit
    while True:
        near = kept.nearest(texts, most)
        keys = list(dict.fromkeys(map(_row_of, near)))
        rows = {row.key: row for row in _among(session, keys)}
        if kept.correct(keys, rows):
            continue
        shown = [(Kind(key[0]), number) for key in keys if (number := rows[key].stands_for) is not None]
        found = [each for each in dict.fromkeys(shown) if each != (Kind.REQUEST, but)]
        if len(found) >= limit or len(near) < most:
            return found[:limit]
        most *= 4


# --- what is read -----------------------------------------------------------------------------------------------


def _newest(session: Session) -> list[Row]:
    asked = _asked(true()).order_by(Request.id.desc()).limit(NEWEST)
    planned = _planned(true()).order_by(Item.id.desc()).limit(NEWEST)
    return [_row(*each) for query in (asked, planned) for each in session.execute(query)]


def _since(session: Session, after: Mapping[Kind, int], since: datetime) -> list[Row]:
    """The titles after these numbers, and those of requests that were given another one since then."""
    numbers = {f"{kind.name}_after": number for kind, number in after.items()}
    ends = {f"{kind.name}_end": number + MANY for kind, number in after.items()}
    return [_row(*each) for each in session.execute(_SINCE, {**numbers, **ends, "since": since})]


def _among(session: Session, keys: Sequence[Key]) -> list[Row]:
    rows: list[Row] = []
    for kind, query in ((Kind.REQUEST, _ASKED_AMONG), (Kind.ITEM, _PLANNED_AMONG)):
        ids = [-number for of, number in keys if of == kind]
        if ids:
            rows += [_row(*each) for each in session.execute(query, {"ids": ids})]
    return rows


def _row(kind: int, number: int, title: str, stands_for: int | None, retitled_at: datetime | None, said: str) -> Row:
    return Row((kind, -number), title, stands_for, retitled_at, said)


_Titles = Select[int, int, str, int | None, datetime | None, str]


# Subqueries look up the related row for each row. With a join, PostgreSQL would read whole tables to find fifty rows.
def _asked(which: ColumnElement[bool]) -> _Titles:
    """Requests, and the one that each lives on in. What was taken back is not shown."""
    root = aliased(Request)
    its_state = select(root.state).where(root.id == Request.merged_into_id).scalar_subquery()
    taken_back = or_(Request.state == State.WITHDRAWN, its_state == State.WITHDRAWN)
    stands_for = case((taken_back, None), else_=func.coalesce(Request.merged_into_id, Request.id))
    kind = literal(int(Kind.REQUEST)).label("kind")
    said = func.substr(Request.text, 1, BEGINNING).label("said")
    shown = stands_for.label("stands_for")
    return select(kind, Request.id, Request.title, shown, Request.retitled_at, said).where(which)


def _planned(which: ColumnElement[bool]) -> _Titles:
    """The items in open sprints. One that was carried on stands in the later sprint, and one made from a request is that.

    What was dropped can be taken up again, and is only not shown.
    """
    again = aliased(Item)
    closed_at = select(Sprint.closed_at).where(Sprint.id == Item.sprint_id).scalar_subquery()
    carried_on = exists().where(again.carried_from_id == Item.id)
    is_a_request = exists().where(PlannedRequest.item_id == Item.id)
    stands_for = case((Item.dropped_at.is_(None), Item.id), else_=None)
    kind, never = literal(int(Kind.ITEM)).label("kind"), literal(None, UtcDateTime()).label("retitled_at")
    said = literal("").label("said")
    return select(kind, Item.id, Item.title, stands_for.label("stands_for"), never, said).where(
        closed_at.is_(None), ~carried_on, ~is_a_request, which
    )


def _after(kind: Kind, number: InstrumentedAttribute[int]) -> ColumnElement[bool]:
    # With an end, though nothing is behind it: PostgreSQL expects few rows then, and keeps its plan.
    after: BindParameter[int] = bindparam(f"{kind.name}_after")
    end: BindParameter[int] = bindparam(f"{kind.name}_end")
    return and_(number > after, number < end)


# Built once: building them takes longer than running them.
_SINCE = union_all(
    _asked(_after(Kind.REQUEST, Request.id)),
    _asked(Request.retitled_at >= bindparam("since", type_=UtcDateTime())),
    _planned(_after(Kind.ITEM, Item.id)),
)
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_ASKED_AMONG = _asked(Request.id.in_(_IDS))
_PLANNED_AMONG = _planned(Item.id.in_(_IDS))
