"""The company that this deployment serves: one row."""

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId


class Company(Base):
    """What an admin chose in `/prickle setup`. The row with id 1 is made by the first migration."""

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sprint_channel_id: Mapped[SlackId | None]
    intake_channel_id: Mapped[SlackId | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    set_up_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
