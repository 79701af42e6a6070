"""Calendars to subscribe to: the addresses, and how often each event has changed."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId, partial_index


class Subscription(Base):
    """Somebody made an address for a calendar: for their own, or with a `team_id` for a team's. One a person and calendar.

    Only a hash of the address's token is here. `asked` are the seconds, since 1970 and with commas, at which a calendar
    program asked in the last hour.
    """

    __tablename__ = "subscriptions"
    __table_args__ = (
        UniqueConstraint("person_id", "team_id"),
        partial_index("uq_subscriptions_own", "person_id", where="team_id IS NULL", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"))
    team_id: Mapped[int | None] = mapped_column(ForeignKey("teams.id"))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime]
    asked: Mapped[str] = mapped_column(Text, default="", server_default="")


class EventVersion(Base):
    """An event of a calendar was given out: how often it has changed since, and when last.

    `digest` tells whether it is the same as before. It is forgotten a year after `last_on`.
    """

    __tablename__ = "event_versions"

    uid: Mapped[str] = mapped_column(String(36), primary_key=True)
    digest: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int]
    changed_at: Mapped[datetime]
    last_on: Mapped[date] = mapped_column(index=True)
