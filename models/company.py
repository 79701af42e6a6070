"""The company that this deployment serves: one row."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId

WEEKEND = "56"  # Saturday and Sunday
PREFIX = ":speech_balloon:"
EMOJI = "hedgehog"


class Company(Base):
    """What an admin chose in `/prickle setup`. The row with id 1 is made by the first migration.

    `weekend` holds the weekdays on which nobody works, as digits: 0 is Monday. `workspace_url` is Slack's own, with a
    slash at its end, and becomes the links to messages.
    In the intake channel a message that begins with `intake_prefix` makes no request; `intake_emoji` makes one of any
    message. The channel `swept_channel_id` has been read up to `swept_ts`, and is read again at `sweep_at`. Nothing can
    be posted in the intake channel since `intake_archived_at`. The message `pinned_ts` is pinned there.
    """

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sprint_channel_id: Mapped[SlackId | None]
    intake_channel_id: Mapped[SlackId | None]
    zone: Mapped[str] = mapped_column(String(64), default="UTC")
    weekend: Mapped[str] = mapped_column(String(7), default=WEEKEND)
    workspace_url: Mapped[str | None] = mapped_column(String(255))
    intake_prefix: Mapped[str] = mapped_column(String(100), default=PREFIX)
    intake_emoji: Mapped[str] = mapped_column(String(100), default=EMOJI)
    swept_channel_id: Mapped[SlackId | None]
    swept_ts: Mapped[str | None] = mapped_column(String(32))
    sweep_at: Mapped[datetime | None]
    intake_archived_at: Mapped[datetime | None]
    pinned_ts: Mapped[str | None] = mapped_column(String(32))
    set_up_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))
