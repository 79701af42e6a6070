"""Whatever a person sends is acted on once, however often it arrives.

A proxy repeats a request, a lost answer makes somebody press *Submit* again, two connections deliver the same press at
once: in each case what was sent has the same key, and the key is recorded in the transaction of what it changes.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.platform.database import insert
from bot.platform.errors import Refusal, Repeated
from models.outbox import Submission

KEPT_FOR = timedelta(days=7)  # a window can stay open over a weekend, and be sent again on Monday


@dataclass(frozen=True)
class Sent:
    """What somebody sent: by which key we know it again, and what tells another text in the same form apart."""

    key: str
    content: str = ""


def record(session: Session, sent: Sent, *, now: datetime) -> None:
    """Note that it is acted on, in this transaction.

    Raises Repeated when that was done before, and Refusal when the same form comes again with other words in it. The
    same thing sent at the same moment waits here until the first is committed, or rolled back.
    """
    row = {"key": sent.key, "content": sent.content, "at": now}
    written = insert(session, Submission).values(row).on_conflict_do_nothing(index_elements=["key"])
    if session.scalar(written.returning(Submission.key)) is not None:
        return
    if session.scalar(select(Submission.content).where(Submission.key == sent.key)) == sent.content:
        raise Repeated
    raise Refusal("This form has arrived already, with other words. Open it anew to change what it says.")


def forget(session: Session, *, now: datetime) -> int:
    """Delete the keys of what nobody sends again. Returns how many that were."""
    old = delete(Submission).where(Submission.at <= now - KEPT_FOR)
    return len(session.scalars(old.returning(Submission.key)).all())
