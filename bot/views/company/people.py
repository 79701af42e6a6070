"""Slack's words about an account, read into ours; and what somebody reads who is no full member."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from bot.domain.company.people import Profile, Standing, Status
from bot.platform import zones
from bot.views import kit
from bot.views.kit import View

LATEST = 4_102_444_800  # the year 2100, in seconds
_WHY_NOT: Mapping[Standing | None, str] = {
    Standing.GUEST: "Prickle is for full members of this workspace, and you are a guest here. "
    "Ask a colleague to bring this.",
    Standing.STRANGER: "Prickle is for the people of this workspace, and you are from another organization. "
    "Ask a colleague here to bring this.",
    Standing.DEACTIVATED: "Your Slack account is deactivated, so Prickle does nothing for it.",
    Standing.APP: "Prickle is for people, and this account is an app.",
}
UNKNOWN = "Slack does not tell me who you are. Try again, and tell a Slack admin if it stays like this."
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
        workspaces=_read_workspaces(user),
        full_name=(profile.get("real_name") or user.get("real_name") or "")[:NAME_LENGTH],
        handle=str(user.get("name") or "")[:NAME_LENGTH],
    )


def _read_workspaces(user: Mapping[str, Any]) -> frozenset[str]:
    """In an organization with several workspaces an account may be a full one in each of them."""
    enterprise = user.get("enterprise_user") or {}
    return frozenset(filter(None, [user.get("team_id"), *(enterprise.get("teams") or [])]))


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


def why_not(standing: Standing | None) -> str:
    """The one sentence for somebody who is no full member; None is somebody whom Slack does not show us."""
    return _WHY_NOT.get(standing, UNKNOWN)


def closed_home(standing: Standing | None) -> View:
    """The same as a Home tab."""
    return {"type": "home", "blocks": [kit.section(kit.escape(why_not(standing)))]}
