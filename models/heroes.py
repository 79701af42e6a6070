"""Support heroes: who of a team has which week."""

from datetime import date, datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId
from models.company import Person


class HeroWeek(Base):
    """Who is a team's support hero in the week that begins on `week_on`, the first day of one of a sprint's weeks.

    It hangs on no sprint, so that a week can be taken before anybody has planned anything for its sprint.
    """

    __tablename__ = "hero_weeks"

    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True)
    week_on: Mapped[date] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    entered_at: Mapped[datetime]

    person: Mapped[Person] = relationship(lazy="raise")
