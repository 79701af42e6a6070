"""The only line of the bot that reads the wall clock."""

from datetime import UTC, datetime, timedelta

_ahead = timedelta(0)


def now() -> datetime:
    """The present moment, in UTC."""
    return wall() + _ahead


def move_to(moment: datetime) -> None:
    """Show this moment from now on, and go on ticking. Only the demo lives in another time than everybody."""
    global _ahead
    _ahead = moment - wall()


def wall() -> datetime:
    """What this machine's clock shows, in UTC, whatever `move_to` moved."""
    return datetime.now(UTC)  # noqa: TID251  (the one place)
