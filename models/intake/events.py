"""The inbox: what Slack told us of, kept before we acknowledge it; and the messages that became requests."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, String, Text, false
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, SlackId, partial_index


class InboundEvent(Base):
    """An event of Slack's, kept before it is acknowledged, until it has made or answered a request.

    `jobs.intake` acts on it, once.

    Nobody takes it up before `claimed_until`: a replica is at it, or Slack asked to wait. `attempts` counts those that
    did not end with Slack asking to wait. `payload` is emptied when it was acted on.
    """

    __tablename__ = "inbound_events"
    __table_args__ = (partial_index("ix_inbound_events_waiting", "received_at", where="handled_at IS NULL"),)

    event_id: Mapped[str] = mapped_column(String(120), primary_key=True)
    payload: Mapped[dict[str, Any]]
    received_at: Mapped[datetime]
    claimed_until: Mapped[datetime | None]
    attempts: Mapped[int] = mapped_column(default=0)
    handled_at: Mapped[datetime | None]


class Line(Base):
    """A message, in the intake channel or elsewhere, and the request that it is a part of.

    `person_id` wrote it. `request_id` is the request that it is a part of, with these `words`; a line that is no request
    keeps none, and is forgotten after a while. `heard_ts` is when Slack heard of it last, in its own stamps: of two
    edits the newer one counts, in whatever order they arrive.
    """

    __tablename__ = "lines"
    __table_args__ = (partial_index("ix_lines_idle", "at", where="request_id IS NULL"),)

    channel_id: Mapped[SlackId] = mapped_column(primary_key=True)
    ts: Mapped[str] = mapped_column(String(32), primary_key=True)
    thread_ts: Mapped[str | None] = mapped_column(String(32))
    person_id: Mapped[SlackId]
    request_id: Mapped[int | None] = mapped_column(ForeignKey("requests.id"), index=True)
    words: Mapped[str] = mapped_column(Text, default="")
    heard_ts: Mapped[str] = mapped_column(String(32))
    is_gone: Mapped[bool] = mapped_column(default=False, server_default=false())
    at: Mapped[datetime]
