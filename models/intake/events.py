"""The inbox: what Slack told us of, kept before we acknowledge it."""

from datetime import datetime
from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from models.base import Base, partial_index


class InboundEvent(Base):
    """An event of Slack's that may make a request, or answer one. `jobs.intake` acts on it, once.

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
