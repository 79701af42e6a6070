"""Feedback on a plan, given in the open, and what its owner answered."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.sprints import TITLE_LENGTH, Item, Sprint

TEXT_LENGTH = 1_000
BECAUSE_LENGTH = 300


class Reply(StrEnum):
    """What an owner says to feedback: the plan was changed by it, or stays as it is."""

    CHANGED = "changed"
    KEPT = "kept"


class Comment(Base):
    """What somebody thinks of an item or of a whole plan, and what its owner answered.

    For a whole plan `item_id`, `owner_id` and `title` are none.

    `title` and `owner_id` are the item's when it was said, and stay when the item is deleted or its owner leaves.
    `source` makes it the same comment however often it is sent. `because` is said of what is kept.
    """

    __tablename__ = "comments"
    __table_args__ = (
        CheckConstraint(f"length(text) BETWEEN 1 AND {TEXT_LENGTH}", name="text_length"),
        CheckConstraint("answer IN ('changed', 'kept')", name="answer"),
        CheckConstraint("(title IS NULL) = (owner_id IS NULL)", name="an_item_has_an_owner"),
        CheckConstraint("(answer IS NULL) = (answered_at IS NULL)", name="answered_at_some_time"),
        CheckConstraint("answer IS NULL OR (answer = 'kept') = (because IS NOT NULL)", name="kept_because"),
        partial_index("ix_comments_sprint_open", "sprint_id", where="answer IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(80), unique=True)
    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"))
    item_id: Mapped[int | None] = mapped_column(ForeignKey("items.id", ondelete="SET NULL"), index=True)
    owner_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str | None] = mapped_column(String(TITLE_LENGTH))
    author_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    answer: Mapped[Reply | None] = mapped_column(String(7))
    because: Mapped[str | None] = mapped_column(String(BECAUSE_LENGTH))
    answered_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    answered_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    sprint: Mapped[Sprint] = relationship(lazy="raise")
    item: Mapped[Item | None] = relationship(lazy="raise")
    owner: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[owner_id])
    author: Mapped[Person] = relationship(lazy="raise", foreign_keys=[author_id])
    answered_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[answered_by_id])
