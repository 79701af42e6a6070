"""Somebody as Slack describes them to an app."""

from datetime import datetime
from zoneinfo import ZoneInfo

from sandbox.world.core import Core
from sandbox.world.store import User
from sandbox.world.values import Json


def user_json(ws: Core, user: User) -> Json:
    """Slack's user object (Slack: reference/objects/user-object)."""
    found: Json = {
        "id": user.id,
        "team_id": user.team_id or ws.team_id,
        "name": user.handle,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": _tz_offset(user.tz, ws.clock()),
        "profile": profile_json(ws, user),
        "is_admin": user.is_admin,
        "is_owner": False,
        "is_primary_owner": False,
        "is_restricted": user.is_restricted,
        "is_ultra_restricted": user.is_ultra_restricted,
        "is_bot": user.is_bot,
        "is_app_user": False,
        "is_stranger": False,  # true only of somebody with whom no channel is shared
        "updated": user.updated,
        "is_email_confirmed": not user.is_bot,
        "who_can_share_contact_card": "EVERYONE",
    }
    if user.workspaces:
        found["enterprise_user"] = {"id": user.id, "teams": user.workspaces}
    if not user.deleted:
        return found
    gone = ("color", "tz", "tz_label", "tz_offset", "is_admin", "is_restricted", "is_ultra_restricted")
    return {key: value for key, value in found.items() if key not in gone}


def profile_json(ws: Core, user: User) -> Json:
    """The profile within it; the address only with users:read.email."""
    profile = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": "" if user.is_bot else user.display_name,
        "display_name_normalized": "" if user.is_bot else user.display_name,
        "fields": None,
        "status_text": user.status_text,
        "status_emoji": user.status_emoji,
        "status_expiration": user.status_expiration,
        "avatar_hash": user.color,
        "first_name": user.real_name,
        "last_name": "",
        "team": ws.team_id,
    }
    if user.bot_id:
        profile |= {"bot_id": user.bot_id, "api_app_id": ws.app_id, "always_active": True}
    elif not ws.manifest.lacks(("users:read.email",)):
        profile["email"] = user.email
    return profile


def _tz_offset(tz: str | None, now: float) -> int:
    """Seconds east of UTC at `now` (epoch seconds); 0 for no zone, and for one that there is not, as a test may want it."""
    try:
        zone = ZoneInfo(tz or "UTC")
    except (KeyError, ValueError, TypeError):
        return 0
    offset = datetime.fromtimestamp(now, zone).utcoffset()
    return int(offset.total_seconds()) if offset else 0
