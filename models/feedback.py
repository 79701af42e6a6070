"""Feedback from person to person: given, asked for, or written in a round of a team. Its words are sealed."""

from datetime import date, datetime
from typing import ClassVar

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.teams import Team


class Sealed(Base):
    """A row whose text is sealed for this row, as `bound_to` names it: put into another row, it does not open.

    It doesn't open either once somebody has changed who may read it behind our back. Both patterns are over the row:
    `binding` says who that is, and `for_whom` is all that earlier versions bound a text to.
    """

    __abstract__ = True

    binding: ClassVar[str]
    for_whom: ClassVar[str]

    id: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[str] = mapped_column(Text)

    @property
    def bound_to(self) -> str:
        """What `sealed` belongs to."""
        return f"{self.__tablename__} {self.id}: {self.binding.format(row=self)}"

    @property
    def formerly_bound_to(self) -> str:
        """What it belonged to when an earlier version sealed it."""
        return self.for_whom.format(row=self)


class Feedback(Sealed):
    """What one person tells another, sealed, and what became of it.

    `source` is what it came from, so that the same form makes no second one.

    `sealed` holds its words, which nobody but the two can read; the key is in the settings. It stands in the receiver's
    DM from `delivered_at` on, which a round puts off until its end; at `told_at` its giver was told that it arrived.
    The receiver thanked, kept it as an action of theirs, did that, and shared it in a channel at these times.
    `is_open` while those who write to the same person in the same round may read it, to agree instead of repeating it.
    """

    __tablename__ = "feedback"
    binding = (
        "{row.giver_id}>{row.receiver_id}, ask {row.ask_id}, round {row.round_id}, "
        "open {row.is_open}, shared in {row.shared_in_id}"
    )
    for_whom = "{row.giver_id}>{row.receiver_id}"
    __table_args__ = (
        CheckConstraint("giver_id <> receiver_id", name="not_to_oneself"),
        UniqueConstraint("round_id", "giver_id", "receiver_id"),
        UniqueConstraint("ask_id", "giver_id"),
        Index("ix_feedback_receiver_id", "receiver_id", "id"),
        Index("ix_feedback_giver_id", "giver_id", "id"),
        partial_index("ix_feedback_untold", "delivered_at", where="told_at IS NULL AND delivered_at IS NOT NULL"),
    )

    source: Mapped[str] = mapped_column(String(120), unique=True)
    giver_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    receiver_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    ask_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_asks.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("feedback_rounds.id"))
    is_open: Mapped[bool] = mapped_column(default=False)
    given_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    told_at: Mapped[datetime | None]
    thanked_at: Mapped[datetime | None]
    kept_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
    shared_at: Mapped[datetime | None]
    shared_in_id: Mapped[SlackId | None]

    giver: Mapped[Person] = relationship(lazy="raise", foreign_keys=[giver_id])
    receiver: Mapped[Person] = relationship(lazy="raise", foreign_keys=[receiver_id])
    ask: Mapped["FeedbackAsk | None"] = relationship(lazy="raise")
    round: Mapped["FeedbackRound | None"] = relationship(lazy="raise")
    plus_ones: Mapped[list["PlusOne"]] = relationship(lazy="raise", order_by="PlusOne.at", cascade="all, delete-orphan")


class PlusOne(Base):
    """Somebody agrees with what a teammate wrote in a round."""

    __tablename__ = "feedback_plus_ones"

    feedback_id: Mapped[int] = mapped_column(ForeignKey("feedback.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")


class FeedbackAsk(Sealed):
    """Somebody asks up to eight people for feedback, with a sealed question.

    They answer until the end of the day `until` on the asker's wall. `sealed` holds the question.
    """

    __tablename__ = "feedback_asks"
    binding = "{row.asker_id}?{row.asked_ids}"
    for_whom = "{row.asker_id}?"

    source: Mapped[str] = mapped_column(String(120), unique=True)
    asker_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    until: Mapped[date]
    created_at: Mapped[datetime]

    asker: Mapped[Person] = relationship(lazy="raise")
    asked: Mapped[list["FeedbackAsked"]] = relationship(lazy="raise", order_by="FeedbackAsked.person_id")

    @property
    def asked_ids(self) -> str:
        """Who is asked."""
        return " ".join(sorted(each.person_id for each in self.asked))


class FeedbackAsked(Base):
    """Somebody was asked for feedback, and answered at `answered_at`."""

    __tablename__ = "feedback_asked"

    ask_id: Mapped[int] = mapped_column(ForeignKey("feedback_asks.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    answered_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise")


class FeedbackRound(Base):
    """A 360: everybody of a team writes to everybody, and all of it is delivered at `ends_at`, the end of a working day.

    One that was stopped is over, too, at `delivered_at`, though nothing of it was delivered: see `stopped_at`.
    """

    __tablename__ = "feedback_rounds"
    __table_args__ = (
        partial_index("uq_feedback_rounds_running", "team_id", where="delivered_at IS NULL", unique=True),
        partial_index("ix_feedback_rounds_ends_at", "ends_at", where="delivered_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    started_by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    ends_at: Mapped[datetime]
    delivered_at: Mapped[datetime | None]
    stopped_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    team: Mapped[Team] = relationship(lazy="raise")
    started_by: Mapped[Person] = relationship(lazy="raise")
    seats: Mapped[list["FeedbackSeat"]] = relationship(lazy="raise", order_by="FeedbackSeat.person_id")


class FeedbackSeat(Base):
    """A person of a round, who writes to the others and is written to: one of the team when it started."""

    __tablename__ = "feedback_seats"

    round_id: Mapped[int] = mapped_column(ForeignKey("feedback_rounds.id"), primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)

    person: Mapped[Person] = relationship(lazy="raise")


class FeedbackRhythm(Base):
    """Whether somebody wants a line in the turn that names teammates they told nothing for a while.

    There is one if they said so, and none before `quiet_until`. `next_at` is an older version's, which asked each week.
    """

    __tablename__ = "feedback_rhythms"

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    is_wanted: Mapped[bool | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    quiet_until: Mapped[datetime | None]
