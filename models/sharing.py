"""What people share so that others plan better: a customer's words, a metric, another team's work, a goal."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId
from models.company import Person

TEXT_LENGTH = 500
LINK_LENGTH = 500


class Kind(StrEnum):
    """What a piece of context is about."""

    CUSTOMER = "customer"
    METRIC = "metric"
    TEAM = "team"
    GOAL = "goal"
    NOTE = "note"


class Context(Base):
    """A short note for everybody: what a customer said, a metric, another team's work, a goal.

    `source` is what it came from, so that the same form makes no second one.

    Nobody is shown it since `taken_back_at`.
    """

    __tablename__ = "contexts"
    __table_args__ = (
        CheckConstraint("kind IN ('customer', 'metric', 'team', 'goal', 'note')", name="kind"),
        CheckConstraint(f"length(text) BETWEEN 1 AND {TEXT_LENGTH}", name="text_length"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    source: Mapped[str] = mapped_column(String(120), unique=True)
    kind: Mapped[Kind] = mapped_column(String(8))
    text: Mapped[str] = mapped_column(String(TEXT_LENGTH))
    link: Mapped[str | None] = mapped_column(String(LINK_LENGTH))
    author_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    at: Mapped[datetime] = mapped_column(index=True)
    taken_back_at: Mapped[datetime | None]

    author: Mapped[Person] = relationship(lazy="raise")


class Follow(Base):
    """Somebody follows a team that they do not sit in; with `supports` they work for it too, without being a member."""

    __tablename__ = "follows"

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    since: Mapped[datetime]
    supports: Mapped[bool] = mapped_column(default=False)


class Follower(Base):
    """Somebody who follows teams, or once did, and when they read of them next.

    That is at `next_at`; it is None while they follow none.
    """

    __tablename__ = "followers"

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)
