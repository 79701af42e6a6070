"""What Slack's message field makes of typed words: links, emoji, and the `rich_text` block beside the text."""

import re
from collections.abc import Iterator
from functools import lru_cache
from html import unescape

import emoji

from sandbox.world.emoji_names import short_names
from sandbox.world.values import Json

_URL = re.compile(r"(?<![\w<|@/])https?://[^\s<>|]+[^\s<>|.,:;!?)*_~`]")
_ADDRESS = re.compile(r"(?<![\w<|:@/.])[\w.+-]+@[\w-]+(?:\.[\w-]+)*\.[a-z]{2,}\b")
_DOMAIN = re.compile(r"(?<![\w<|@/.-])(?:[\w-]+\.)+(?:com|org|net|io|dev|app|co)\b(?:/[^\s<>|]*)?(?![\w@|>])")
_WIRE = re.compile(r"<([^<>]+)>|:([a-z0-9_+'-]+(?:::skin-tone-\d)?):")


def with_links(text: str) -> str:
    """Escaped text, its addresses as Slack links them by itself."""
    linked = _URL.sub(lambda match: f"<{match.group()}>", text)
    linked = _ADDRESS.sub(lambda match: f"<mailto:{match.group()}|{match.group()}>", linked)
    return "".join(
        part if part.startswith("<") else _DOMAIN.sub(lambda match: f"<http://{match.group()}|{match.group()}>", part)
        for part in re.split(r"(<[^<>]*>)", linked)
    )


def with_names(text: str) -> str:
    """Text with the emoji that were typed or picked by their names."""
    return text if text.isascii() else emoji.replace_emoji(text, lambda found, _data: _named(found))


def _named(found: str) -> str:
    name = _names().get(found) or _names().get(found + "\N{VARIATION SELECTOR-16}")
    return f":{name}:" if name else found


@lru_cache(maxsize=1)
def _names() -> dict[str, str]:
    """The first name of every emoji, by its character."""
    names: dict[str, str] = {}
    for name, character in short_names().items():
        names.setdefault(character, name)
    return names


def block(text: str, block_id: str) -> Json:
    """The `rich_text` block that carries the same words (Slack: reference/block-kit/blocks/rich-text-block)."""
    section = {"type": "rich_text_section", "elements": list(_elements(text))}
    return {"type": "rich_text", "block_id": block_id, "elements": [section]}


def _elements(text: str) -> Iterator[Json]:
    place = 0
    for match in _WIRE.finditer(text):
        yield from _words(text[place : match.start()])
        yield _reference(match[1]) if match[1] else {"type": "emoji", "name": match[2]}
        place = match.end()
    yield from _words(text[place:])


def _words(text: str) -> Iterator[Json]:
    if text:
        yield {"type": "text", "text": unescape(text)}


def _reference(inside: str) -> Json:
    target, _, label = inside.partition("|")
    if target.startswith("@"):
        return {"type": "user", "user_id": target[1:]}
    if target.startswith("#"):
        return {"type": "channel", "channel_id": target[1:]}
    if target.startswith("!subteam^"):
        return {"type": "usergroup", "usergroup_id": target.removeprefix("!subteam^")}
    if target.startswith("!"):
        return {"type": "broadcast", "range": target[1:]}
    return {"type": "link", "url": unescape(target), **({"text": unescape(label)} if label else {})}
