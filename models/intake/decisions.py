"""What was decided about a request, how far the two sides are, and what came of it."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.intake.requests import BRIEF_LENGTH
from models.teams import Team


class Mode(StrEnum):
    """How two teams work together, or that they don't."""

    EMBED = "embed"
    BUILD = "build"
    GUIDANCE = "guidance"
    NOT_AI = "not_ai"
    NOT_NOW = "not_now"


class Decision(Base):
    """The answer to a request: how, who, and by when; one at a time is in force, until `ended_at`.

    `person_id` is who joins, builds or advises. `due_on` is the embed's last day, the target, the next check-in, or when
    to look again. `words` are the first step, what to do instead, or the reason; `change` is what would change our mind.
    """

    __tablename__ = "decisions"
    __table_args__ = (
        CheckConstraint("mode IN ('embed', 'build', 'guidance', 'not_ai', 'not_now')", name="mode"),
        CheckConstraint("sprints IN (1, 2)", name="one_or_two_sprints"),
        CheckConstraint("mode = 'not_ai' OR due_on IS NOT NULL", name="has_a_date_or_is_done"),
        partial_index("uq_decisions_one_stands", "request_id", where="ended_at IS NULL", unique=True),
        partial_index("ix_decisions_person_id_standing", "person_id", where="ended_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    mode: Mapped[Mode] = mapped_column(String(8))
    person_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    sprints: Mapped[int | None]
    due_on: Mapped[date | None]
    words: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    change: Mapped[str | None] = mapped_column(String(BRIEF_LENGTH))
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    person: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[person_id])
    team: Mapped[Team | None] = relationship(lazy="raise")
    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])


class Tick(Base):
    """One line of the product team's own checklist is done."""

    __tablename__ = "ticks"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    line: Mapped[str] = mapped_column(String(10), primary_key=True)
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class HandBack(Base):
    """What an engineer left behind at the end of an embed: who owns it now, where it is described, how it is measured."""

    __tablename__ = "hand_backs"

    decision_id: Mapped[int] = mapped_column(ForeignKey("decisions.id"), primary_key=True)
    owner: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    docs: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    measure: Mapped[str] = mapped_column(String(BRIEF_LENGTH))
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime]


class Outcome(Base):
    """What the asker says of a request that is done: whether it helped, and 30 days later whether it is in use."""

    __tablename__ = "outcomes"

    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), primary_key=True)
    helped: Mapped[str | None] = mapped_column(String(6))
    words: Mapped[str | None] = mapped_column(String(BRIEF_LENGTH))
    helped_at: Mapped[datetime | None]
    in_use: Mapped[bool | None]
    in_use_at: Mapped[datetime | None]
