"""Support heroes: each week's hero, and in teams with a rota whose turn each week is."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import ForeignKey, String, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person

WHY_LENGTH = 200


class HeroWeek(Base):
    """Who is a team's support hero in the week that begins on `week_on`, the first day of one of a sprint's weeks.

    It hangs on no sprint, so that a week can be taken before anybody has planned anything for its sprint.
    Written `by_rota`, it follows whose turn it is; else somebody took or swapped it, and it stays as it is. `days` are
    single ones that others took, each with the person's id.
    """

    __tablename__ = "hero_weeks"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    entered_at: Mapped[datetime]
    by_rota: Mapped[bool] = mapped_column(default=False, server_default=false())
    days: Mapped[dict[str, Any]] = mapped_column(default=dict, server_default="{}")

    person: Mapped[Person] = relationship(lazy="raise")


class Rota(Base):
    """A team's rota gives out the weeks from `begins_on` on. The clock looks at it next at `next_at`."""

    __tablename__ = "rotas"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    begins_on: Mapped[date]
    started_by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    started_at: Mapped[datetime]
    next_at: Mapped[datetime | None] = mapped_column(index=True)


class HeroTurn(Base):
    """Whose turn a team's week is. A swap changes its hero, and never the order.

    It does not count as a turn unless it was `served`: people who are away for all of it are next when they are back.
    """

    __tablename__ = "hero_turns"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    served: Mapped[bool] = mapped_column(default=True, server_default=true())


class HeroSwap(Base):
    """Somebody asks their team who takes their week as hero, or single `days` of it, which lasts until `last_on`.

    Without a `why` they are away then, and Prickle asks by itself. It is open until somebody takes it, or until it
    ended: nobody has to take it any more. Where who asked took it back themselves, `taken_at` says when, and nobody is
    the taker. Its message is drawn anew at `next_at`.
    """

    __tablename__ = "hero_swaps"
    __table_args__ = (
        partial_index(
            "uq_hero_swaps_open", "team_id", "week_on", where="taken_by_id IS NULL AND ended_at IS NULL", unique=True
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"))
    week_on: Mapped[date]
    last_on: Mapped[date]
    days: Mapped[list[str]]
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    why: Mapped[str | None] = mapped_column(String(WHY_LENGTH))
    asked_at: Mapped[datetime]
    taken_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)

    by: Mapped[Person] = relationship(lazy="raise", foreign_keys=[by_id])
    taken_by: Mapped[Person | None] = relationship(lazy="raise", foreign_keys=[taken_by_id])
