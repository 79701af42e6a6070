"""users.*, team.info, auth.test, bots.info, usergroups.*: who is here."""

from typing import TYPE_CHECKING

from sandbox.api import lookup, paging
from sandbox.api.args import Args
from sandbox.world.errors import SlackError
from sandbox.world.store import User, tz_offset
from sandbox.world.values import Json

if TYPE_CHECKING:
    from sandbox.world.workspace import Workspace


def user_json(ws: "Workspace", user: User) -> Json:
    """Slack's user object (Slack: reference/objects/user-object)."""
    found: Json = {
        "id": user.id,
        "team_id": user.team_id or ws.team_id,
        "name": user.name,
        "deleted": user.deleted,
        "color": user.color,
        "real_name": user.real_name,
        "tz": user.tz,
        "tz_label": user.tz,
        "tz_offset": tz_offset(user.tz, ws.clock()),
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


def profile_json(ws: "Workspace", user: User) -> Json:
    """The profile within it; the address only with users:read.email."""
    profile = {
        "title": user.title,
        "phone": "",
        "skype": "",
        "real_name": user.real_name,
        "real_name_normalized": user.real_name,
        "display_name": "" if user.is_bot else user.real_name,
        "display_name_normalized": "" if user.is_bot else user.real_name,
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


def auth_test(ws: "Workspace", _args: Args) -> Json:
    """auth.test."""
    return {
        "url": f"{ws.base_url}/",
        "team": ws.team_name,
        "user": ws.store.users[ws.bot_user_id].name,
        "team_id": ws.team_id,
        "user_id": ws.bot_user_id,
        "bot_id": ws.bot_id,
        "is_enterprise_install": False,
    }


def team_info(ws: "Workspace", _args: Args) -> Json:
    """team.info."""
    return {
        "team": {
            "id": ws.team_id,
            "name": ws.team_name,
            "domain": ws.team_domain,
            "email_domain": "example.com",
            "url": f"{ws.base_url}/",
            "icon": {"image_default": True},
        }
    }


def info(ws: "Workspace", args: Args) -> Json:
    """users.info."""
    return {"user": user_json(ws, lookup.somebody(ws, args.need("user")))}


def list_(ws: "Workspace", args: Args) -> Json:
    """users.list."""
    users, cursor = paging.page(args, list(ws.store.users.values()), default=1000)
    return {
        "members": [user_json(ws, user) for user in users],
        "cache_ts": int(ws.clock()),
        **paging.cursor_json(cursor),
    }


def profile_get(ws: "Workspace", args: Args) -> Json:
    """users.profile.get."""
    user = lookup.somebody(ws, args.text("user") or ws.bot_user_id)
    return {"profile": profile_json(ws, user)}


def lookup_by_email(ws: "Workspace", args: Args) -> Json:
    """users.lookupByEmail."""
    email = args.need("email").lower()
    user = next((each for each in ws.store.users.values() if each.email == email and not each.deleted), None)
    if user is None or user.is_bot:
        raise SlackError("users_not_found")
    return {"user": user_json(ws, user)}


def bots_info(ws: "Workspace", args: Args) -> Json:
    """bots.info."""
    bot_id = args.text("bot") or ws.bot_id
    user = next((each for each in ws.store.users.values() if each.bot_id == bot_id), None)
    if user is None:
        raise SlackError("bot_not_found")
    bot = {"id": bot_id, "deleted": user.deleted, "name": user.real_name, "user_id": user.id, "app_id": ws.app_id}
    return {"bot": {**bot, "updated": user.updated, "icons": {}}}


def usergroups_list(ws: "Workspace", args: Args) -> Json:
    """usergroups.list."""
    return {
        "usergroups": [
            {
                "id": group.id,
                "team_id": ws.team_id,
                "is_usergroup": True,
                "name": group.name,
                "handle": group.handle,
                "description": "",
                "is_external": False,
                "date_delete": 0,
                "user_count": len(group.users),
                **({"users": group.users} if args.flag("include_users") else {}),
            }
            for group in ws.store.usergroups.values()
        ]
    }


def usergroups_users_list(ws: "Workspace", args: Args) -> Json:
    """usergroups.users.list."""
    group = ws.store.usergroups.get(args.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group.users}
