"""What becomes of text that somebody types into Slack's message field or after a command."""

import re

from sandbox.world.core import Core

_MENTION = re.compile(r"(?<![\w&;])([@#])(\w(?:[\w.-]*\w)?)")
_WIRE = re.compile(r"&lt;([@#])([UWC][A-Z0-9]+)(?:\|[^&]*)?&gt;")
_BROADCAST = ("channel", "here", "everyone")


def wire(ws: Core, text: str) -> str:
    """A typed message as Slack sends it: `&`, `<` and `>` escaped, known @names and #channels as references."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    named = _MENTION.sub(lambda match: _reference(ws, match, labels=False), escaped)
    return _WIRE.sub(lambda match: _picked(ws, match), named)


def command_text(ws: Core, text: str, *, escape: bool) -> str:
    """The text after a command; references only if the manifest says should_escape."""
    if not escape:
        return text
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(lambda match: _reference(ws, match, labels=True), escaped)


def _reference(ws: Core, match: re.Match[str], *, labels: bool) -> str:
    sign, name = match.groups()
    if sign == "@" and name in _BROADCAST:
        return f"<!{name}>"
    if sign == "@":
        user = ws.store.user_named(name)
        user = user or next((each for each in ws.store.users.values() if each.real_name == name), None)
        label = f"|{user.name}" if user and labels else ""
        return f"<@{user.id}{label}>" if user else match.group()
    channel = ws.store.channel_named(name)
    return f"<#{channel.id}|{channel.name}>" if channel else match.group()


def _picked(ws: Core, match: re.Match[str]) -> str:
    """A mention chosen from the page's menu arrives as <@U…>; one that names nobody stays text."""
    sign, id_ = match.groups()
    known = id_ in ws.store.users if sign == "@" else id_ in ws.store.channels
    return f"<{sign}{id_}>" if known else match.group()
