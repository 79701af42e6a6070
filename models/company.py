"""The company that this deployment serves: one row."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, String, false
from sqlalchemy.ext.hybrid import hybrid_property
from sqlalchemy.orm import Mapped, mapped_column, relationship

from models.base import Base, SlackId, ZoneName

WEEKEND = "56"  # Saturday and Sunday
PREFIX = ":speech_balloon:"
EMOJI = "hedgehog"


class Company(Base):
    """What an admin chose in `/prickle setup`: the company's channels and its zone.

    The row with id 1 is made by the first migration.

    `weekend` holds the weekdays on which nobody works, as digits: 0 is Monday. `workspace_url` is Slack's own, with a
    slash at its end, and becomes the links to messages. `workspace_id` is Slack's: people of others are strangers.
    In the intake channel a message that begins with `intake_prefix` makes no request; `intake_emoji` makes one of any
    message. The channel `swept_channel_id` has been read up to `swept_ts`, and is read again at `sweep_at`. Nothing can
    be posted in the intake channel since `intake_archived_at`; `intake_lost` says why, as of a team's channel, and
    `sprint_lost` the same of the sprint channel. The message `pinned_ts` is pinned there; `unpin_ts`, in the channel before,
    is to be pinned no more. `feedback_on` says whether the bot was started with a key for it. `parts` names those parts,
    with spaces between them, that an admin switched on.
    Calendars to subscribe to are below `public_url`; they are off where the bot was started without one.
    """

    __tablename__ = "company"
    __table_args__ = (CheckConstraint("id = 1", name="only_one"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    sprint_channel_id: Mapped[SlackId | None]
    sprint_lost: Mapped[str | None] = mapped_column(String(8))
    intake_channel_id: Mapped[SlackId | None]
    zone: Mapped[str] = mapped_column(ZoneName("UTC"), default="UTC")
    weekend: Mapped[str] = mapped_column(String(7), default=WEEKEND)
    workspace_url: Mapped[str | None] = mapped_column(String(255))
    workspace_id: Mapped[SlackId | None]
    intake_prefix: Mapped[str] = mapped_column(String(100), default=PREFIX)
    intake_emoji: Mapped[str] = mapped_column(String(100), default=EMOJI)
    swept_channel_id: Mapped[SlackId | None]
    swept_ts: Mapped[str | None] = mapped_column(String(32))
    sweep_at: Mapped[datetime | None]
    intake_archived_at: Mapped[datetime | None]
    intake_lost: Mapped[str | None] = mapped_column(String(8))
    pinned_ts: Mapped[str | None] = mapped_column(String(32))
    unpin_channel_id: Mapped[SlackId | None]
    unpin_ts: Mapped[str | None] = mapped_column(String(32))
    feedback_on: Mapped[bool] = mapped_column(default=False, server_default=false())
    parts: Mapped[str] = mapped_column(String(200), default="", server_default="")
    public_url: Mapped[str | None] = mapped_column(String(200))
    set_up_by_id: Mapped[SlackId | None] = mapped_column(ForeignKey("people.id"))


class Person(Base):
    """A Slack account, as Slack last told us.

    `synced_at` is when its profile was read last; a row without it only has an id.

    They are `called` so in Slack; `name` is the same, or where two are called the same, one that tells them apart.

    `country` is whose public holidays they keep, and `weekend` which weekdays they don't work, as digits, where that is
    not the company's. A stranger is of another organization, and shares a channel with us.
    """

    __tablename__ = "people"

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    called: Mapped[str | None] = mapped_column(String(200))
    called_key: Mapped[str | None] = mapped_column(String(240), index=True)
    full_name: Mapped[str | None] = mapped_column(String(200))
    handle: Mapped[str | None] = mapped_column(String(100))
    zone: Mapped[str | None] = mapped_column(ZoneName(None))
    is_admin: Mapped[bool] = mapped_column(default=False)
    is_bot: Mapped[bool] = mapped_column(default=False)
    is_guest: Mapped[bool] = mapped_column(default=False)
    is_stranger: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_deactivated: Mapped[bool] = mapped_column(default=False)
    synced_at: Mapped[datetime | None]
    country: Mapped[str | None] = mapped_column(String(10))
    weekend: Mapped[str | None] = mapped_column(String(7))

    @hybrid_property
    def is_gone(self) -> bool:
        """Whether they are no full member of the workspace: they left, became a guest, or are of another organization."""
        return bool(self.is_deactivated or self.is_guest or self.is_stranger)

    @is_gone.inplace.expression
    @classmethod
    def _is_gone(cls) -> ColumnElement[bool]:
        return cls.is_deactivated | cls.is_guest | cls.is_stranger

    aways: Mapped[list["Away"]] = relationship(lazy="raise", viewonly=True, order_by="Away.starts_at")


class AwaySource(StrEnum):
    """How we know that somebody is away: they said so here, or their Slack status says it."""

    SAID = "said"
    STATUS = "status"


class Away(Base):
    """Somebody is away from everything: they said so, or their Slack status does.

    It lasts from `starts_at` until `ends_at`, or until they are back where no end is known.

    `next_at` is when it begins or ends next; once it is over there is none, and `ends_at` is when they were back.
    `ignored` while somebody said that they are back, and their Slack status still says that they are away.
    `said_at` is when they said it; a status and an older version leave it empty.
    """

    __tablename__ = "aways"
    __table_args__ = (CheckConstraint("source IN ('said', 'status')", name="source"),)

    person_id: Mapped[SlackId] = mapped_column(ForeignKey("people.id"), primary_key=True)
    source: Mapped[AwaySource] = mapped_column(String(6), primary_key=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime | None]
    next_at: Mapped[datetime | None] = mapped_column(index=True)
    ignored: Mapped[bool] = mapped_column(default=False)
    said_at: Mapped[datetime | None]
