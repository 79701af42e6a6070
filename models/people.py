"""Who is in the workspace, as Slack last told us."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId


class Person(Base):
    """A Slack account. `synced_at` is when its profile was read last; `country` is whose public holidays they keep."""

    __tablename__ = "people"

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    zone: Mapped[str | None] = mapped_column(String(64))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_deactivated: Mapped[bool] = mapped_column(default=False)
    synced_at: Mapped[datetime | None]
    country: Mapped[str | None] = mapped_column(String(10))

    aways: Mapped[list["Away"]] = relationship(lazy="raise", viewonly=True, order_by="Away.starts_at")


class AwaySource(StrEnum):
    """How we know that somebody is away: they said so here, or their Slack status says it."""

    SAID = "said"
    STATUS = "status"


class Away(Base):
    """Somebody is away from `starts_at` until `ends_at`, or until they are back where no end is known.

    `next_at` is when it begins or ends next; once it is over there is none, and `ends_at` is when they were back.
    `ignored` while somebody said that they are back, and their Slack status still says that they are away.
    """

    __tablename__ = "aways"
    __table_args__ = (CheckConstraint("source IN ('said', 'status')", name="source"),)

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    source: Mapped[AwaySource] = mapped_column(String(6), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    ignored: Mapped[bool] = mapped_column(default=False)
