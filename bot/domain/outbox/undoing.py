"""Undo instead of confirm: people can take back what they did, for ten minutes or until another person acted on it.

A feature says what stood before and what it left behind, as the columns of its row or in words of its own. That is all
this file knows: where anything of it is different by now, somebody acted on it.
"""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, inspect, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.outbox import home_refresh, posts
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.base import Base
from models.outbox import Undo

TEN_MINUTES = timedelta(minutes=10)
TOO_LATE = "Ten minutes have passed, so you can't undo this any more."
TOUCHED = "This has changed since, so you can't undo it any more."

State = Mapping[str, Any]  # what JSON holds


def of(row: Base, *columns: str) -> dict[str, Any]:
    """What these columns of a row say now, as a state."""
    return {name: _plain(getattr(row, name)) for name in columns}


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return value.isoformat() if isinstance(value, date) else value


def put_back(row: Base, before: State) -> None:
    """Write a remembered state back into a row."""
    kinds = inspect(type(row)).columns
    for name, value in before.items():
        kind = kinds[name].type.python_type
        setattr(row, name, kind.fromisoformat(value) if value is not None and issubclass(kind, date) else value)


def remember(
    session: Session,
    key: str,
    *,
    by: str,
    before: State,
    left: State,
    now: datetime,
    cards: Iterable[str] = (),
    lasts: timedelta | None = TEN_MINUTES,
) -> None:
    """Remember what somebody did, so that they can take it back. What was done to the same thing before can't be taken back any more.

    `cards` are the keys of the posts that offer it, which are drawn anew once it is over; so is the person's Home.
    """
    values = {
        "by_id": by,
        "before": dict(before),
        "left": dict(left),
        "cards": list(cards),
        "ends_at": now + lasts if lasts is not None else None,
        "undone_at": None,
    }
    statement = insert(session, Undo).values(key=key, **values)
    session.execute(statement.on_conflict_do_update(index_elements=["key"], set_=values))


def is_offered(session: Session, key: str, left: State, *, now: datetime, to: str | None = None) -> bool:
    """Whether the person who did it (or only `to`) can still undo it: nothing about it has changed since."""
    found = session.get(Undo, key, populate_existing=True)
    if found is None or found.undone_at is not None or to not in (None, found.by_id):
        return False
    return found.left == left and not _is_over(found, now)


def still_open(session: Session, keys: Iterable[str], *, now: datetime) -> frozenset[str]:
    """Those of these keys of which somebody may still undo something, unless somebody acted on it: in one query."""
    ends = or_(Undo.ends_at.is_(None), Undo.ends_at > now)
    return frozenset(session.scalars(select(Undo.key).where(Undo.key.in_(list(keys)), Undo.undone_at.is_(None), ends)))


def remembered(session: Session, key: str) -> dict[str, Any]:
    """What stood before, for features that compare it with what stands now. Empty where nothing is remembered."""
    found = session.get(Undo, key, populate_existing=True)
    return dict(found.before) if found is not None else {}


def lately(session: Session, person_id: str, *, now: datetime) -> frozenset[str]:
    """The keys of what this person did and may still take back, unless somebody acted on it."""
    ends = or_(Undo.ends_at.is_(None), Undo.ends_at > now)
    return frozenset(session.scalars(select(Undo.key).where(Undo.by_id == person_id, Undo.undone_at.is_(None), ends)))


def take_back(
    session: Session,
    key: str,
    left: State,
    *,
    by: str,
    now: datetime,
    too_late: str = TOO_LATE,
    touched: str = TOUCHED,
) -> dict[str, Any] | None:
    """The state before, for the feature to put back. None where it is taken back already.

    Lock what it is about before. Raises Refusal when it is too late, for another person, and where somebody acted on it.
    """
    query = select(Undo).where(Undo.key == key).options(joinedload(Undo.by))
    found = session.scalar(query.with_for_update(of=Undo).execution_options(populate_existing=True))
    if found is None:
        raise Refusal(too_late)
    if found.by_id != by:
        raise Refusal(f"{found.by.name} did this, so only they can undo it.")
    if found.undone_at is not None:
        return None
    if _is_over(found, now):
        raise Refusal(too_late)
    if found.left != left:
        raise Refusal(touched)
    found.undone_at = now
    session.flush()
    return dict(found.before)


def _is_over(found: Undo, now: datetime) -> bool:
    return found.ends_at is not None and found.ends_at <= now


def due(session: Session, *, now: datetime) -> bool:
    """Whether anything can't be taken back any more since its time is over."""
    return session.scalar(select(Undo.key).where(Undo.ends_at <= now).limit(1)) is not None


def forget_over(session: Session, *, now: datetime) -> int:
    """Forget what can't be taken back any more, and redraw the cards that offered *Undo*. Returns how many there were."""
    over = delete(Undo).where(Undo.ends_at <= now).returning(Undo.by_id, Undo.cards)
    found = session.execute(over).all()
    posts.redraw_keys(session, sorted({key for row in found for key in row.cards}), now=now)
    home_refresh.touch(session, sorted({row.by_id for row in found}), now=now)
    return len(found)
