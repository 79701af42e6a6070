"""Who follows which team, and when they read about it next."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId


class Follow(Base):
    """Somebody follows a team that they do not sit in; with `supports` they work for it too, without being a member."""

    __tablename__ = "follows"

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    team_id: Mapped[int] = mapped_column(ForeignKey("teams.id"), primary_key=True, index=True)
    since: Mapped[datetime]
    supports: Mapped[bool] = mapped_column(default=False)


class Follower(Base):
    """Somebody who follows teams, or once did. `next_at` is when they are told of them next; None while they follow none."""

    __tablename__ = "followers"

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    next_at: Mapped[datetime | None] = mapped_column(index=True)
