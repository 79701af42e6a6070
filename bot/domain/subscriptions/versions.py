"""How often each event has changed since it was first given out, so that calendar programs take the change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.subscriptions.events import Event
from bot.platform.database import insert
from models.subscriptions import EventVersion

KEPT_FOR = timedelta(days=366)


@dataclass(frozen=True)
class Version:
    """How often an event has changed, and when last."""

    sequence: int
    changed_at: datetime


def known(session: Session, events: Sequence[Event]) -> Mapping[str, Version]:
    """The versions of those events that are as they were given out last, by uid."""
    digests = {event.uid: event.digest for event in events}
    rows = session.scalars(select(EventVersion).where(EventVersion.uid.in_(digests)))
    return {row.uid: Version(row.sequence, row.changed_at) for row in rows if row.digest == digests[row.uid]}


def note(session: Session, events: Sequence[Event], *, now: datetime) -> Mapping[str, Version]:
    """Write down what is new and what has changed, and forget what is long over. Returns the versions of all of them."""
    as_before = known(session, events)
    # In one order, so that two who write the same rows at once never wait for each other.
    new = sorted((event for event in events if event.uid not in as_before), key=lambda event: event.uid)
    for event in new:
        row = {"digest": event.digest, "changed_at": now, "last_on": event.last_on}
        written = insert(session, EventVersion).values(uid=event.uid, sequence=0, **row)
        session.execute(
            written.on_conflict_do_update(
                index_elements=["uid"],
                set_={**row, "sequence": EventVersion.__table__.c.sequence + 1},
                where=EventVersion.__table__.c.digest != event.digest,
            )
        )
    session.execute(delete(EventVersion).where(EventVersion.last_on < (now - KEPT_FOR).date()))
    session.expire_all()
    return known(session, events)
