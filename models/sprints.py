"""A team's sprints: their dates, who answered, who is off, and what the lead decided."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, and_, func
from sqlalchemy.orm import Mapped, foreign, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.heroes import HeroWeek
from models.teams import Team


class Sprint(Base):
    """One sprint of one team: its direction, when its turn came, and when it was finalized and closed.

    Its plan is final when `finalized_at` is set, and its marks are frozen when `closed_at` is.

    `ends_on` is its last working day in the team's zone; `over_at` is the instant at which that day has passed.
    Its items are marked until `closes_at`, when the turn to the next sprint is over. `revision` counts how often it was
    finalized, and `finalized_for_id` is the lead for whom somebody else did.
    The turn to this sprint began at `asked_at`, and since `gathered_at` the notes of the sprint before are revealed and
    this one can be finalized. At `settles_at` the turn is over: what nobody finalized by then runs as people wrote it.
    `gathers_at` is when to look next: whether all have answered, and after that whether anybody finalized.
    `hero_id` is an older version's.
    """

    __tablename__ = "sprints"
    __table_args__ = (
        UniqueConstraint("team_id", "starts_on"),
        CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),
        partial_index("ix_sprints_over_at_open", "over_at", where="closed_at IS NULL"),
        partial_index("ix_sprints_gathers_at", "gathers_at", where="gathers_at IS NOT NULL"),
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
    finalized_for_id: Mapped[SlackId | None]
    asked_at: Mapped[datetime | None]
    gathers_at: Mapped[datetime | None]
    gathered_at: Mapped[datetime | None]
    settles_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    team: Mapped[Team] = relationship(lazy="raise")
    finalized_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[finalized_by_id])
    finalized_for: Mapped[Person | None] = relationship(
        lazy="raise", viewonly=True, primaryjoin=lambda: foreign(Sprint.finalized_for_id) == Person.id
    )
    hero_weeks: Mapped[list[HeroWeek]] = relationship(
        lazy="raise",
        viewonly=True,
        order_by=HeroWeek.week_on,
        primaryjoin=lambda: and_(
            foreign(HeroWeek.team_id) == Sprint.team_id,
            foreign(HeroWeek.week_on) >= Sprint.starts_on,
            foreign(HeroWeek.week_on) <= Sprint.ends_on,
        ),
    )
    answers: Mapped[list["Answer"]] = relationship(lazy="raise", order_by="Answer.sent_at, Answer.person_id")
    absences: Mapped[list["Absence"]] = relationship(lazy="raise", order_by="Absence.starts_on")
    items: Mapped[list["Item"]] = relationship(lazy="raise", order_by="[Item.position, Item.id]")
    changes: Mapped[list["Change"]] = relationship(lazy="raise", order_by="Change.id")


class Answer(Base):
    """Somebody answered the turn to a sprint. One a person and sprint. `edited_at` and `is_late` are an older version's."""

    __tablename__ = "answers"

    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    sent_at: Mapped[datetime]
    edited_at: Mapped[datetime] = mapped_column(server_default=func.now())
    is_late: Mapped[bool] = mapped_column(default=False)

    person: Mapped[Person] = relationship(lazy="raise")


class Absence(Base):
    """Somebody's days off in a sprint: the first, the last and all between."""

    __tablename__ = "absences"
    __table_args__ = (CheckConstraint("starts_on <= ends_on", name="starts_before_it_ends"),)

    sprint_id: Mapped[int] = mapped_column(ForeignKey("sprints.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]

    person: Mapped[Person] = relationship(lazy="raise")


TITLE_LENGTH = 200
NOTE_LENGTH = 300
HEADING_LENGTH = 120


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

    `points` are the lines that its owner typed below it, one a line; the `note` says why it is where it is. `heading` is
    what it stands under, if anything. `others` do it with its owner: one a line, the id and what they were called.
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
    points: Mapped[str] = mapped_column(Text, default="", server_default="")
    heading: Mapped[str] = mapped_column(String(HEADING_LENGTH), default="", server_default="")
    others: Mapped[str] = mapped_column(Text, default="", server_default="")
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
    """One line of a plan's history, with its reason. `revision` is the lead's finalization it belongs to.

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


class Page(Base):
    """One message of the company's page from `starts_on` to `ends_on`, both included.

    A large company's page has several parts, counted from 1: the others stand in the first one's thread.
    """

    __tablename__ = "pages"
    __table_args__ = (UniqueConstraint("starts_on", "part"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    part: Mapped[int]
