"""users.*, team.info, auth.test, bots.info, usergroups.*: who is here."""

from sandbox.api import lookup, paging
from sandbox.api.args import Args
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.profiles import profile_json, user_json
from sandbox.world.values import Json


def auth_test(ws: Core, _args: Args) -> Json:
    """auth.test."""
    return {
        "url": f"{ws.base_url}/",
        "team": ws.team_name,
        "user": ws.store.users[ws.bot_user_id].handle,
        "team_id": ws.team_id,
        "user_id": ws.bot_user_id,
        "bot_id": ws.bot_id,
        "is_enterprise_install": False,
    }


def team_info(ws: Core, _args: Args) -> Json:
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


def info(ws: Core, args: Args) -> Json:
    """users.info."""
    return {"user": user_json(ws, lookup.somebody(ws, args.need("user")))}


def list_(ws: Core, args: Args) -> Json:
    """users.list."""
    users, cursor = paging.page(args, list(ws.store.users.values()), default=1000)
    return {
        "members": [user_json(ws, user) for user in users],
        "cache_ts": int(ws.clock()),
        **paging.cursor_json(cursor),
    }


def profile_get(ws: Core, args: Args) -> Json:
    """users.profile.get."""
    user = lookup.somebody(ws, args.text("user") or ws.bot_user_id)
    return {"profile": profile_json(ws, user)}


def lookup_by_email(ws: Core, args: Args) -> Json:
    """users.lookupByEmail."""
    email = args.need("email").lower()
    user = next((each for each in ws.store.users.values() if each.email == email and not each.deleted), None)
    if user is None or user.is_bot:
        raise SlackError("users_not_found")
    return {"user": user_json(ws, user)}


def bots_info(ws: Core, args: Args) -> Json:
    """bots.info."""
    bot_id = args.text("bot") or ws.bot_id
    user = next((each for each in ws.store.users.values() if each.bot_id == bot_id), None)
    if user is None:
        raise SlackError("bot_not_found")
    bot = {"id": bot_id, "deleted": user.deleted, "name": user.real_name, "user_id": user.id, "app_id": ws.app_id}
    return {"bot": {**bot, "updated": user.updated, "icons": {}}}


def usergroups_list(ws: Core, args: Args) -> Json:
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


def usergroups_users_list(ws: Core, args: Args) -> Json:
    """usergroups.users.list."""
    group = ws.store.usergroups.get(args.need("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": group.users}
