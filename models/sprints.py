"""A team's sprints: their dates, who answered, who is off, and what the lead decided."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.items import Change, Item
from models.people import Person
from models.teams import Team


class Sprint(Base):
    """One sprint of one team. Its plan is final when `finalized_at` is set, and its marks are frozen when `closed_at` is.

    `ends_on` is its last working day in the team's zone; `over_at` is the instant at which that day has passed.
    Its items are marked until `closes_at`, after the weekend (where an older version wrote none, until `over_at`).
    `revision` counts how often the lead finalized it.
    """

    __tablename__ = "sprints"
    __table_args__ = (
        UniqueConstraint("team_id", "starts_on"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        partial_index("ix_sprints_over_at_open", "over_at", where="closed_at IS NULL"),
        partial_index("ix_sprints_closes_at_open", "closes_at", where="closed_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    over_at: Mapped[datetime]
    closes_at: Mapped[datetime | None]
    direction: Mapped[str] = mapped_column(Text, default="")
    impacted: Mapped[str] = mapped_column(Text, default="")
    hero_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    revision: Mapped[int] = mapped_column(default=0)
    finalized_at: Mapped[datetime | None]
    finalized_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    team: Mapped[Team] = relationship(lazy="raise")
    hero: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[hero_id])
    finalized_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[finalized_by_id])
    answers: Mapped[list["Answer"]] = relationship(lazy="raise", order_by="Answer.sent_at")
    absences: Mapped[list["Absence"]] = relationship(lazy="raise", order_by="Absence.starts_on")
    items: Mapped[list[Item]] = relationship(lazy="raise", order_by=[Item.position, Item.id])
    changes: Mapped[list[Change]] = relationship(lazy="raise", order_by=Change.id)


class Answer(Base):
    """Somebody's plan for a sprint was sent, late when it was final by then. One a person and sprint."""

    __tablename__ = "answers"

    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sent_at: Mapped[datetime]
    edited_at: Mapped[datetime]
    is_late: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise")


class Absence(Base):
    """Somebody is off during a sprint, on both days and all between."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),)

    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    person: Mapped[Person] = relationship(lazy="raise")
