"""Reminders that requests are waiting: to whom each went, and in which message."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId
from models.intake.requests import Request

MOST_NUDGES = 3


class Nudge(Base):
    """A reminder: a request is waiting since `waiting_since`, and a person or a desk's channel, `sent_to`, is told so.

    All of one morning to the same recipient are one message, in which a request stands once; `batch_id` is the first of
    them. `level` says which reminder it is.
    """

    __tablename__ = "nudges"
    __table_args__ = (
        CheckConstraint(f"level BETWEEN 1 AND {MOST_NUDGES}", name="three_at_most"),
        UniqueConstraint("request_id", "batch_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"))
    waiting_since: Mapped[datetime]
    level: Mapped[int]
    sent_to: Mapped[SlackId]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("nudges.id"), index=True)
    at: Mapped[datetime]

    request: Mapped[Request] = relationship(lazy="raise")
