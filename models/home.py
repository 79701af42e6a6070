"""Whose Home is open to be kept up to date."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId, partial_index


class OpenedHome(Base):
    """Somebody opened Home, last at `opened_at`, and when it is published again.

    That is at `due_at`, or never while it is None.
    """

    __tablename__ = "homes"
    __table_args__ = (partial_index("ix_homes_due", "due_at", where="due_at IS NOT NULL"),)

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
