"""Slack's methods for pins."""

from sandbox.api import lookup
from sandbox.api.args import Args
from sandbox.world.core import Core
from sandbox.world.errors import SlackError
from sandbox.world.values import Json


def pins_add(ws: Core, args: Args) -> Json:
    """pins.add."""
    ts = args.text("timestamp")
    if not ts:
        raise SlackError("no_item_specified")
    channel = lookup.joined(ws, args.need("channel"))
    message = lookup.message(channel, ts)
    if str(message.get("subtype", "")).startswith("channel_"):
        raise SlackError("not_pinnable")
    if message["ts"] in channel.pins:
        raise SlackError("already_pinned")
    if len(channel.pins) >= 100:
        raise SlackError("too_many_pins")
    channel.pins.append(message["ts"])
    return {}


def pins_remove(ws: Core, args: Args) -> Json:
    """pins.remove (Slack: reference/methods/pins.remove)."""
    channel = lookup.joined(ws, args.need("channel"))
    ts = args.text("timestamp")
    if not ts:
        raise SlackError("no_item_specified")
    message = lookup.message(channel, ts)
    if message["ts"] not in channel.pins:
        raise SlackError("no_pin")
    channel.pins.remove(message["ts"])
    return {}
