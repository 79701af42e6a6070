"""Slack's words about an account, read into ours."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.company.people import Profile, Status
from bot.platform import zones

LATEST = 4_102_444_800  # the year 2100, in seconds
NAME_LENGTH = 80  # Slack's own limit on a display name; a full name may be longer


def read_profile(user: Mapping[str, Any]) -> Profile:
    """A user object of Slack's, as `users.list` and the events carry it."""
    profile = user.get("profile") or {}
    name = (
        profile.get("display_name")
        or profile.get("real_name")
        or user.get("real_name")
        or user.get("name")
        or user["id"]
    )
    return Profile(
        id=user["id"],
        name=str(name)[:NAME_LENGTH],
        zone=zones.known(user.get("tz")),
        is_admin=bool(user.get("is_admin") or user.get("is_owner")),
        # Slack's own bot says of itself that it is a person.
        is_bot=bool(user.get("is_bot")) or user["id"] == "USLACKBOT",
        is_guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        is_deactivated=bool(user.get("deleted")),
        status=_read_status(profile),
    )


def _read_status(profile: Mapping[str, Any]) -> Status:
    return Status(
        text=str(profile.get("status_text") or ""),
        emoji=str(profile.get("status_emoji") or "").strip(":").partition("::")[0],
        ends_at=_read_end(profile.get("status_expiration")),
    )


def _read_end(seconds: Any) -> datetime | None:
    # Slack says 0 for a status that stands until it is changed. What no calendar has a day for is no end either.
    is_an_instant = isinstance(seconds, int) and 0 < seconds < LATEST
    return datetime.fromtimestamp(seconds, UTC) if is_an_instant else None
