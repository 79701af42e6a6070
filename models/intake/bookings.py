"""When which engineer of a desk is with which team."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, partial_index
from models.company import Person
from models.desks import Desk
from models.intake.requests import Request
from models.teams import Team


class Booking(Base):
    """An engineer is with a team, or held for it, from the first day to the last, until the booking is released.

    Of firm ones no two of an engineer overlap: whoever books locks the engineer's row in `people` first.
    """

    __tablename__ = "bookings"
    __table_args__ = (
        CheckConstraint("starts_on <= ends_on", name="in_order"),
        partial_index("ix_bookings_ends_on", "ends_on", where="released_at IS NULL"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), index=True)
    desk_id: Mapped[int] = mapped_column(ForeignKey("desks.id"), index=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), index=True)
    request_id: Mapped[int] = mapped_column(ForeignKey("requests.id"), index=True)
    is_firm: Mapped[bool]
    starts_on: Mapped[date]
    ends_on: Mapped[date]
    by_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    created_at: Mapped[datetime]
    released_at: Mapped[datetime | None]

    person: Mapped[Person] = relationship(lazy="raise", foreign_keys=[person_id])
    desk: Mapped[Desk] = relationship(lazy="raise")
    team: Mapped[Team] = relationship(lazy="raise")
    request: Mapped[Request] = relationship(lazy="raise")
