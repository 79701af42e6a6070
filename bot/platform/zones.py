"""Which names of time zones there are. A name from outside counts only if it is one of these."""

from functools import cache
from typing import Any
from zoneinfo import available_timezones


@cache
def names() -> frozenset[str]:
    """The IANA names of all time zones."""
    # Reading them walks the time zone files on disk, which is too slow to do while somebody types.
    return frozenset(available_timezones())


def known(zone: Any) -> str | None:
    """`zone`, if it is the name of a time zone; None for nonsense of any kind, as for none."""
    return zone if isinstance(zone, str) and zone in names() else None
