"""How fast all replicas together may call Slack: each method, and each channel."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from sqlalchemy import Insert, bindparam, case, select
from sqlalchemy.orm import Session

from bot.platform.database import insert
from models.outbox import Pace

BETWEEN_CALLS = timedelta(seconds=1)  # Slack: one message a second and channel; more edits than that nobody can read
MESSAGES_A_MINUTE = 300  # Slack: "several hundred messages per minute" for a workspace
EDITS_A_MINUTE = 60  # Slack: chat.update is Tier 3, 50 and more a minute
BURST = 5  # unused calls that are kept; Slack tolerates short bursts, and names no number


class Lane(StrEnum):
    """New messages and edits wait apart, since Slack limits each method by itself. The value is the method's name."""

    MESSAGES = "chat.postMessage"
    EDITS = "chat.update"


@dataclass(frozen=True)
class Limits:
    """How many calls a minute Slack takes from the whole workspace, however many channels and replicas there are."""

    messages_a_minute: int = MESSAGES_A_MINUTE
    edits_a_minute: int = EDITS_A_MINUTE

    def between(self, lane: Lane) -> timedelta:
        """The time from one call of a lane to the next."""
        return timedelta(minutes=1) / (self.messages_a_minute if lane == Lane.MESSAGES else self.edits_a_minute)


LIMITS = Limits()


def held_until(session: Session, method: str, *, now: datetime) -> datetime | None:
    """Until when Slack wants no call of this method from anybody in the workspace; None when it takes one now."""
    return session.scalar(select(Pace.free_at).where(Pace.channel_id == _method(method), Pace.free_at > now))


def hold(session: Session, method: str, *, until: datetime) -> None:
    """Have all replicas leave a method alone until then. A shorter hold never ends a longer one."""
    hold_all(session, {_method(method): until})


def _method(name: str) -> str:
    return f"*{name}"


def channel_key(lane: Lane, channel_id: Any) -> Any:
    """The key of a channel's pace in a lane: of a column as of a word."""
    return channel_id if lane == Lane.MESSAGES else "~" + channel_id


def locked_pace(session: Session, lane: Lane, free_at: datetime) -> Pace:
    """The pace of a lane, of which one replica at a time takes slots; at the very first, free since `free_at`."""
    pace = session.scalar(_PACE, {"lane": _method(lane)})
    if pace is None:
        first = insert(session, Pace).values(channel_id=_method(lane), free_at=free_at)
        session.execute(first.on_conflict_do_nothing(index_elements=["channel_id"]))
        pace = session.scalars(_PACE, {"lane": _method(lane)}).one()
    return pace


_PACE = select(Pace).where(Pace.channel_id == bindparam("lane")).with_for_update()


def hold_all(session: Session, until: Mapping[str, datetime]) -> None:
    if not until:
        return
    rows = [{"channel_id": each, "free_at": free_at} for each, free_at in sorted(until.items())]
    session.flush()
    connection = session.connection()
    if (dialect := connection.dialect.name) not in _LONGER:
        added = insert(session, Pace)
        longer = case((Pace.free_at > added.excluded.free_at, Pace.free_at), else_=added.excluded.free_at)
        _LONGER[dialect] = added.on_conflict_do_update(index_elements=["channel_id"], set_={"free_at": longer})
    connection.execute(_LONGER[dialect], rows)


_LONGER: dict[str, Insert] = {}  # built once: one with the rows in it is compiled anew each time
