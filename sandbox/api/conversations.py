"""conversations.*, reactions.*, pins.add and .remove (Slack: reference/methods/conversations.info and its neighbours)."""

import re
from bisect import bisect_left, bisect_right

from sandbox.api import lookup, paging
from sandbox.api.args import Args
from sandbox.world import messages
from sandbox.world.core import Core
from sandbox.world.errors import SandboxError, SlackError
from sandbox.world.store import Channel
from sandbox.world.values import Json

_TS = re.compile(r"\d{1,12}(\.\d*)?")
_TYPES = {"public_channel": "channels", "private_channel": "groups", "im": "im", "mpim": "mpim"}


def channel_json(ws: Core, channel: Channel, *, count: bool = False) -> Json:
    """Slack's conversation object (Slack: reference/objects/conversation-object)."""
    if channel.is_im:
        other = next((each for each in channel.members if each != ws.bot_user_id), ws.bot_user_id)
        return {
            "id": channel.id,
            "created": channel.created,
            "is_im": True,
            "is_archived": False,
            "is_org_shared": False,
            "context_team_id": ws.team_id,
            "user": other,
            "is_user_deleted": other in ws.store.users and ws.store.users[other].deleted,
            "priority": 0,
        }
    found = {
        "id": channel.id,
        "name": channel.name,
        "name_normalized": channel.name,
        "is_channel": True,
        "is_group": False,
        "is_im": False,
        "is_mpim": channel.is_mpim,
        "is_private": channel.is_private,
        "created": channel.created,
        "creator": channel.creator,
        "is_archived": channel.is_archived,
        "is_general": channel.is_general,
        "is_member": ws.bot_user_id in channel.members,
        "is_shared": False,
        "is_ext_shared": channel.is_ext_shared,
        "is_org_shared": False,
        "context_team_id": ws.team_id,
        "topic": {"value": channel.topic, "creator": channel.creator, "last_set": channel.created},
        "purpose": {"value": channel.purpose, "creator": channel.creator, "last_set": channel.created},
        "previous_names": [],
    }
    return found | ({"num_members": len(channel.members)} if count else {})


def info(ws: Core, args: Args) -> Json:
    """conversations.info."""
    channel = lookup.visible(ws, args.need("channel"))
    lookup.need_scope(ws, channel, "read")
    return {"channel": channel_json(ws, channel, count=args.flag("include_num_members"))}


def list_(ws: Core, args: Args) -> Json:
    """conversations.list: what the app may see, of the types asked for."""
    types = _types(ws, args)
    archived = not args.flag("exclude_archived")
    wanted = [
        channel
        for channel in ws.store.channels.values()
        if _type(channel) in types and (archived or not channel.is_archived) and _known(ws, channel)
    ]
    found, cursor = paging.page(args, wanted, default=100)
    return {
        "channels": [channel_json(ws, channel, count=True) for channel in found],
        **paging.cursor_json(cursor),
    }


def users_conversations(ws: Core, args: Args) -> Json:
    """users.conversations: the ones somebody (the app by default) is in."""
    types = _types(ws, args)
    archived = not args.flag("exclude_archived")
    member = lookup.somebody(ws, args.text("user") or ws.bot_user_id).id
    theirs = [each for each in ws.store.channels_of(member) if archived or not each.is_archived]
    wanted = [each for each in theirs if _type(each) in types and _known(ws, each)]
    found, cursor = paging.page(args, wanted, default=100)
    return {"channels": [channel_json(ws, channel) for channel in found], **paging.cursor_json(cursor)}


def _types(ws: Core, args: Args) -> list[str]:
    """The kinds of conversations that are asked for. Raises SlackError invalid_types or missing_scope."""
    types = [each.strip() for each in (args.text("types") or "public_channel").split(",")]
    if not all(each in _TYPES for each in types):
        raise SlackError("invalid_types")
    for each in types:
        lookup.granted(ws, (f"{_TYPES[each]}:read",))
    return types


def _type(channel: Channel) -> str:
    return (
        "im"
        if channel.is_im
        else "mpim"
        if channel.is_mpim
        else "private_channel"
        if channel.is_private
        else "public_channel"
    )


def _known(ws: Core, channel: Channel) -> bool:
    return not (channel.is_private or channel.is_im) or ws.bot_user_id in channel.members


def members(ws: Core, args: Args) -> Json:
    """conversations.members."""
    channel = lookup.visible(ws, args.need("channel"))
    lookup.need_scope(ws, channel, "read")
    found, cursor = paging.page(args, list(channel.members), default=100)
    return {"members": found, **paging.cursor_json(cursor)}


def join(ws: Core, args: Args) -> Json:
    """conversations.join: public channels only."""
    channel = lookup.visible(ws, args.need("channel"))
    if channel.is_im or channel.is_private:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    joined = messages.join(ws, channel, ws.store.users[ws.bot_user_id])
    already: Json = {"warning": "already_in_channel", "response_metadata": {"warnings": ["already_in_channel"]}}
    return {"channel": channel_json(ws, channel), **({} if joined else already)}


def leave(ws: Core, args: Args) -> Json:
    """conversations.leave."""
    channel = lookup.visible(ws, args.need("channel"))
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    try:
        left = messages.leave(ws, channel, ws.store.users[ws.bot_user_id])
    except SandboxError:
        raise SlackError("cant_leave_general") from None
    return {} if left else {"not_in_channel": True}


def open_(ws: Core, args: Args) -> Json:
    """conversations.open: a DM with one person."""
    if args.has("channel"):
        return {"channel": {"id": lookup.visible(ws, args.need("channel")).id}}
    ids = [each.strip() for each in args.text("users").split(",") if each.strip()]
    if not ids:
        raise SlackError("users_list_not_supplied")
    if len(ids) > 8:
        raise SlackError("too_many_users")
    if len(ids) > 1:
        return _open_group(ws, args, ids)
    lookup.granted(ws, ("im:write",))
    user = lookup.somebody(ws, ids[0])
    if user.deleted:
        raise SlackError("user_disabled")
    if user.is_bot:
        raise SlackError("cannot_dm_bot")
    known = ws.store.im(ws.bot_user_id, user.id) is not None
    channel = ws.open_im(ws.bot_user_id, user.id)
    full = channel_json(ws, channel) if args.flag("return_im") else {"id": channel.id}
    return {"channel": full, **({"already_open": True, "no_op": True} if known else {})}


def _open_group(ws: Core, args: Args, ids: list[str]) -> Json:
    lookup.granted(ws, ("mpim:write",))
    users = [lookup.somebody(ws, each) for each in ids]
    if any(user.deleted for user in users):
        raise SlackError("user_disabled")
    channel = messages.open_mpim(ws, [ws.bot_user_id, *(user.id for user in users)])
    return {"channel": channel_json(ws, channel) if args.flag("return_im") else {"id": channel.id}}


def history(ws: Core, args: Args) -> Json:
    """conversations.history: newest first."""
    channel = lookup.visible(ws, args.need("channel"))
    lookup.need_scope(ws, channel, "history")
    if ws.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    stamps = _between(args, channel.top)
    stamps.reverse()
    found, cursor = paging.page(args, stamps, default=100, most=999)
    return {
        "messages": _shown(args, channel, found),
        "has_more": bool(cursor),
        "pin_count": len(channel.pins),
        "channel_actions_ts": None,
        "channel_actions_count": 0,
        **(paging.cursor_json(cursor) if cursor else {}),
    }


def replies(ws: Core, args: Args) -> Json:
    """conversations.replies: the parent and its replies, oldest first."""
    channel = lookup.visible(ws, args.need("channel"))
    lookup.need_scope(ws, channel, "history")
    if ws.bot_user_id not in channel.members:
        raise SlackError("not_in_channel")
    message = channel.messages.get(args.need("ts"))
    if message is None:
        raise SlackError("thread_not_found")
    parent_ts = str(message.get("thread_ts", message["ts"]))
    stamps = [parent_ts, *_between(args, channel.replies.get(parent_ts, []))]
    found, cursor = paging.page(args, stamps, default=1000)
    more = paging.cursor_json(cursor) if cursor else {}
    return {"messages": _shown(args, channel, found), "has_more": bool(cursor), **more}


def _between(args: Args, stamps: list[str]) -> list[str]:
    oldest, latest = args.text("oldest"), args.text("latest")
    for name, value in (("oldest", oldest), ("latest", latest)):
        if value and not _TS.fullmatch(value):
            raise SlackError(f"invalid_ts_{name}")
    # Timestamps stand in order, and compare as text.
    first, last = (bisect_left, bisect_right) if args.flag("inclusive") else (bisect_right, bisect_left)
    start = first(stamps, _ts(oldest)) if oldest else 0
    return stamps[start : last(stamps, _ts(latest)) if latest else len(stamps)]


def _ts(value: str) -> str:
    """A timestamp of any precision as a message ts, so that the two compare as text."""
    whole, _, rest = value.partition(".")
    return f"{int(whole or 0):010}.{rest[:6]:0<6}"


def _shown(args: Args, channel: Channel, stamps: list[str]) -> list[Json]:
    metadata = args.flag("include_all_metadata")
    return [messages.shown(channel.messages[ts], metadata=metadata) for ts in stamps if ts in channel.messages]


def set_topic(ws: Core, args: Args) -> Json:
    """conversations.setTopic."""
    channel = lookup.joined(ws, args.need("channel"))
    if channel.is_im:
        raise SlackError("method_not_supported_for_channel_type")
    if channel.is_archived:
        raise SlackError("is_archived")
    topic = args.text("topic")
    if len(topic) > 250:
        raise SlackError("too_long")
    channel.topic = topic
    ws.changed({"type": "channels"}, None)
    return {"channel": channel_json(ws, channel)}
