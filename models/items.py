"""The items of a plan, and what was changed after it was final."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId
from models.people import Person

TITLE_LENGTH = 200
NOTE_LENGTH = 300


class Priority(StrEnum):
    """How much an item matters this sprint."""

    HIGH = "high"
    SIDE = "side"


class Mark(StrEnum):
    """How far an item is. The handbook's four marks."""

    NOT_STARTED = "not_started"
    IN_PROGRESS = "in_progress"
    FINISHED = "finished"
    WONT_FINISH = "wont_finish"


UNFINISHED = (Mark.NOT_STARTED, Mark.IN_PROGRESS)


class Item(Base):
    """One thing that one person picked for one sprint.

    `carried` counts how often it was taken into a next sprint; `carried_from_id` is the same item one sprint earlier.
    """

    __tablename__ = "items"
    __table_args__ = (
        CheckConstraint(f"length(title) BETWEEN 1 AND {TITLE_LENGTH}", name="title_length"),
        CheckConstraint("priority IN ('high', 'side')", name="priority"),
        CheckConstraint("mark IN ('not_started', 'in_progress', 'finished', 'wont_finish')", name="mark"),
        Index("ix_items_owner", "owner_id", "sprint_id"),
        Index("ix_items_sprint", "sprint_id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"))
    owner_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    title: Mapped[str] = mapped_column(String(TITLE_LENGTH))
    priority: Mapped[Priority] = mapped_column(String(4))
    mark: Mapped[Mark] = mapped_column(String(11), default=Mark.NOT_STARTED)
    note: Mapped[str | None] = mapped_column(String(NOTE_LENGTH))
    position: Mapped[int]
    carried: Mapped[int] = mapped_column(default=0)
    carried_from_id: Mapped[int | None] = mapped_column(ForeignKey("items.id"), unique=True)
    dropped_at: Mapped[datetime | None]

    owner: Mapped[Person] = relationship(lazy="raise")


class ChangeKind(StrEnum):
    """What happened to a plan: by the lead when finalizing, or by an owner during the sprint."""

    RAISED = "raised"
    LOWERED = "lowered"
    REORDERED = "reordered"
    DIRECTION = "direction"
    HERO = "hero"
    OFF = "off"
    IMPACTED = "impacted"
    ADDED = "added"
    DROPPED = "dropped"


class Change(Base):
    """One line of a plan's history. `revision` is the lead's finalization it belongs to.

    For an item `title` is its title and `reason` the owner's, or its new place; else they are what was there before
    and what is there now.
    """

    __tablename__ = "changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"), index=True)
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    kind: Mapped[ChangeKind] = mapped_column(String(20))
    title: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text, default="")
    revision: Mapped[int]
    at: Mapped[datetime]

    by: Mapped[Person] = relationship(lazy="raise")
