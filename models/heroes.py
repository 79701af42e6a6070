"""Support heroes: who of a team has which week, and whose turn it is where a rota runs."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, false, true
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId
from models.company import Person


class HeroWeek(Base):
    """Who is a team's support hero in the week that begins on `week_on`, the first day of one of a sprint's weeks.

    It hangs on no sprint, so that a week can be taken before anybody has planned anything for its sprint.
    Written `by_rota`, it follows whose turn it is; else somebody took or swapped it, and it stays as it is.
    """

    __tablename__ = "hero_weeks"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    entered_at: Mapped[datetime]
    by_rota: Mapped[bool] = mapped_column(default=False, server_default=false())

    person: Mapped[Person] = relationship(lazy="raise")


class Rota(Base):
    """A team lets a rota say who is hero, in the weeks from `begins_on` on. The clock looks at it next at `next_at`."""

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
