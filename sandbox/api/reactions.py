"""Slack's methods for reactions."""

from sandbox.api import lookup
from sandbox.api.args import Args
from sandbox.world import messages
from sandbox.world.core import Core
from sandbox.world.emoji_names import is_known
from sandbox.world.errors import SlackError
from sandbox.world.values import Json


def reactions_add(ws: Core, args: Args) -> Json:
    """reactions.add."""
    return _react(ws, args, add=True)


def reactions_remove(ws: Core, args: Args) -> Json:
    """reactions.remove."""
    return _react(ws, args, add=False)


def _react(ws: Core, args: Args, *, add: bool) -> Json:
    name = args.need("name").strip(":")
    if not args.text("channel") or not args.text("timestamp"):
        raise SlackError("no_item_specified")
    channel = lookup.joined(ws, args.need("channel"))
    message = lookup.message(channel, args.need("timestamp"))
    if not is_known(name, ws.store.emoji):
        raise SlackError("invalid_name")
    if channel.is_archived:
        raise SlackError("is_archived")
    if not messages.react(ws, channel, message["ts"], name, ws.bot_user_id, add=add):
        raise SlackError("already_reacted" if add else "no_reaction")
    return {}
