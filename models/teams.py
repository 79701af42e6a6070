"""Small teams, who sits in them, and who moved."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, ZoneName, partial_index
from models.company import Person

SEATS = 6  # the handbook: a small team is strictly 2 to 6 people
SMALLEST = 2
RETRO_EMOJI = "retro"
MEETING_LINK = 500


class Customer(StrEnum):
    """For whom a team works."""

    INTERNAL = "internal"
    EXTERNAL = "external"


class Lost(StrEnum):
    """Why nothing can be posted in a team's channel."""

    ARCHIVED = "archived"
    REMOVED = "removed"
    SHARED = "shared"  # with another company, whose people would read the plans
    HIDDEN = "hidden"  # gone, or private: Slack tells us the same of both


class Team(Base):
    """A small team. `anchor_on` is the first day of one of its sprints; the others follow from it.

    The turn to the next sprint comes `turn_days` working days before the last one, at `turn_at`, with one reminder at
    `remind_at`, on each person's own clock. `cadence_since` is when that was chosen. `next_at` is when somebody of the
    team is asked something next, or None while nobody is. `retro_emoji` on a message makes it a note.
    Where the team meets to plan, that is at `meets_at` in its zone on a sprint's first working day, behind `meets_link`.
    Once it is closed, `name_key` and `channel_id` are changed so that others may have the name and the channel.
    What an older version reads stays: `planning_days`, `planning_at`, `reminder_at`, `lead_at`, `marks_at`,
    `checks_midway`, `retro_at` and `retro_votes`.
    """

    __tablename__ = "teams"
    __table_args__ = (
        CheckConstraint("sprint_weeks IN (1, 2)", name="one_or_two_weeks"),
        CheckConstraint("customer_kind IN ('internal', 'external')", name="customer_kind"),
        CheckConstraint("planning_days BETWEEN 1 AND 5", name="planning_days"),
        CheckConstraint("channel_lost IN ('archived', 'removed')", name="channel_lost"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(60))
    name_key: Mapped[str] = mapped_column(String(240), unique=True)
    area: Mapped[str] = mapped_column(String(200))
    customer_kind: Mapped[Customer] = mapped_column(String(8))
    customer: Mapped[str] = mapped_column(String(200))
    channel_id: Mapped[SlackId] = mapped_column(unique=True)
    zone: Mapped[str] = mapped_column(ZoneName("UTC"))
    sprint_weeks: Mapped[int]
    anchor_on: Mapped[date]
    planning_days: Mapped[int] = mapped_column(default=2)
    turn_days: Mapped[int] = mapped_column(default=0)
    turn_at: Mapped[time] = mapped_column(default=time(10))
    remind_at: Mapped[time] = mapped_column(default=time(9))
    planning_at: Mapped[time] = mapped_column(default=time(10))
    reminder_at: Mapped[time] = mapped_column(default=time(10))
    lead_at: Mapped[time] = mapped_column(default=time(14))
    nudge_at: Mapped[time] = mapped_column(default=time(9, 30))
    marks_at: Mapped[time] = mapped_column(default=time(14))
    checks_midway: Mapped[bool] = mapped_column(default=False)
    retro_at: Mapped[time] = mapped_column(default=time(10))
    retro_emoji: Mapped[str] = mapped_column(String(100), default=RETRO_EMOJI)
    retro_votes: Mapped[bool] = mapped_column(default=False)
    country: Mapped[str | None] = mapped_column(String(10))
    meets_at: Mapped[time | None]
    meets_link: Mapped[str | None] = mapped_column(String(MEETING_LINK))
    cadence_since: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    paused_at: Mapped[datetime | None]
    paused_until: Mapped[date | None]
    paused_because: Mapped[str | None] = mapped_column(String(200))
    channel_lost: Mapped[Lost | None] = mapped_column("channel_trouble", String(8))
    channel_lost_before: Mapped[str | None] = mapped_column("channel_lost", String(8))  # what an older version reads
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))

    members: Mapped[list["Membership"]] = relationship(
        lazy="raise", order_by="Membership.seat", back_populates="team", cascade="all, delete-orphan"
    )


class Membership(Base):
    """A person's seat in a small team: one of six, the only one that person has, and one of them is the lead's."""

    __tablename__ = "memberships"
    __table_args__ = (
        CheckConstraint(f"seat BETWEEN 1 AND {SEATS}", name="six_seats"),
        UniqueConstraint("team_id", "seat"),
        partial_index("uq_memberships_one_lead", "team_id", where="is_lead", unique=True),
    )

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    seat: Mapped[int]
    is_lead: Mapped[bool] = mapped_column(default=False)
    joined_at: Mapped[datetime]

    team: Mapped[Team] = relationship(lazy="raise", back_populates="members")
    person: Mapped[Person] = relationship(lazy="raise")


class Move(Base):
    """A seat taken or freed: the history of who was where. One side is empty when somebody joined or left."""

    __tablename__ = "moves"
    __table_args__ = (CheckConstraint("from_team_id IS NOT NULL OR to_team_id IS NOT NULL", name="somewhere"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    from_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    to_team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    at: Mapped[datetime]
