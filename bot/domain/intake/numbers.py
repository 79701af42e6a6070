"""The numbers of requests: one after the other, and none left out."""

from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.platform.database import insert
from models.intake.requests import Request


def write(session: Session, values: dict[str, Any]) -> tuple[int, bool]:
    """Write a request under the next number; of the same source there is one. Returns its number, and whether it is new.

    A sequence of the database would leave out the number of whatever is written twice, or taken back.
    """
    following = select(func.coalesce(func.max(Request.id), 0) + 1).scalar_subquery()
    written = insert(session, Request).values(id=following, **values).on_conflict_do_nothing().returning(Request.id)
    there = select(Request.id).where(Request.source == values["source"])
    while (number := session.scalar(written)) is None:
        # Either it was written before, or somebody else has just taken the number.
        if (earlier := session.scalar(there)) is not None:
            return earlier, False
    _step_over(session, number)
    return number, True


def _step_over(session: Session, number: int) -> None:
    """Move the sequence behind it, since an older version takes its numbers from there."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.setval(func.pg_get_serial_sequence("requests", "id"), number)))
