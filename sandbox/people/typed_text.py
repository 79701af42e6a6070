"""What becomes of text that somebody types into Slack's message field or after a command."""

import re

from sandbox.people.rich_text import block, with_links, with_names
from sandbox.world.core import Core
from sandbox.world.values import Json

_MENTION = re.compile(r"(?<![\w&;<|/:.])([@#])(\w(?:[\w.-]*\w)?)")
_WIRE = re.compile(r"&lt;([@#])([UWC][A-Z0-9]+)(?:\|[^&]*)?&gt;")
_BROADCAST = ("channel", "here", "everyone")


def wire(ws: Core, text: str) -> str:
    """A typed message as Slack sends it: `&`, `<` and `>` escaped, known @names and #channels as references."""
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    linked = with_links(with_names(escaped))
    named = _MENTION.sub(lambda match: _reference(ws, match, labels=False), linked)
    return _WIRE.sub(lambda match: _picked(ws, match), named)


def fields(ws: Core, text: str) -> Json:
    """What a message of a person carries: its text, and the same as blocks."""
    sent = wire(ws, text)
    return {"text": sent, "blocks": [block(sent, ws.store.next_id("")[-5:])]} if sent.strip() else {"text": sent}


def command_text(ws: Core, text: str, *, escape: bool) -> str:
    """The text after a command: references only if the manifest says should_escape, else people by their handles."""
    if not escape:
        return _MENTION.sub(lambda match: _raw(ws, match), text)
    escaped = text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return _MENTION.sub(lambda match: _reference(ws, match, labels=True), escaped)


def _reference(ws: Core, match: re.Match[str], *, labels: bool) -> str:
    sign, name = match.groups()
    if sign == "@" and name in _BROADCAST:
        return f"<!{name}>"
    if sign == "@":
        user = ws.store.user_named(name) or ws.store.user_called(name)
        label = f"|{user.handle}" if user and labels else ""
        return f"<@{user.id}{label}>" if user else match.group()
    channel = ws.store.channel_named(name)
    return f"<#{channel.id}|{channel.name}>" if channel else match.group()


def _raw(ws: Core, match: re.Match[str]) -> str:
    """Whoever is chosen from the menu that opens at @ stands in the command's text by their handle."""
    sign, name = match.groups()
    user = ws.store.user_named(name) or ws.store.user_called(name) if sign == "@" else None
    return f"@{user.handle}" if user else match.group()


def _picked(ws: Core, match: re.Match[str]) -> str:
    """A mention chosen from the page's menu arrives as <@U…>; one that names nobody stays text."""
    sign, id_ = match.groups()
    known = id_ in ws.store.users if sign == "@" else id_ in ws.store.channels
    return f"<{sign}{id_}>" if known else match.group()
