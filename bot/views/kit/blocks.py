"""Blocks, and as many of them as a message or a window holds."""

import json
from collections.abc import Iterable, Sequence

from bot.views.kit.elements import mrkdwn, plain
from bot.views.kit.limits import (
    ALT_TEXT,
    HEADER_TEXT,
    MESSAGE_BLOCKS,
    MESSAGE_JSON,
    MESSAGE_TEXT,
    SECTION_TEXT,
    VIEW_BLOCKS,
    VIEW_JSON,
    Block,
    Element,
)
from bot.views.kit.text import clip, shorten


def header(text: str) -> Block:
    """A heading."""
    return {"type": "header", "text": plain(shorten(text, HEADER_TEXT))}


def section(text: str, accessory: Element | None = None, *, block_id: str | None = None) -> Block:
    """A paragraph of mrkdwn, with an element at its right."""
    block: Block = {"type": "section", "text": mrkdwn(text)}
    if block_id is not None:
        block["block_id"] = block_id
    if accessory is not None:
        block["accessory"] = accessory
    return block


def context(text: str) -> Block:
    """A small grey line of mrkdwn."""
    return {"type": "context", "elements": [mrkdwn(text)]}


def image(file_id: str, alt: str) -> Block:
    """A picture that was uploaded to Slack, with what it says in words."""
    return {"type": "image", "slack_file": {"id": file_id}, "alt_text": shorten(alt, ALT_TEXT)}


def divider() -> Block:
    """A line."""
    return {"type": "divider"}


def actions(*elements: Element | None) -> Block:
    """A row of buttons; None is left out."""
    return {"type": "actions", "elements": [element for element in elements if element is not None]}


def preformatted(text: str) -> Block:
    """Text exactly as it is, in one box to copy from."""
    return {
        "type": "rich_text",
        "elements": [{"type": "rich_text_preformatted", "elements": [{"type": "text", "text": text}]}],
    }


def paragraphs(lines: Iterable[str], *, limit: int = SECTION_TEXT) -> list[Block]:
    """Lines of mrkdwn in as few sections as hold them; no line is torn apart."""
    texts: list[str] = []
    for line in lines:
        if texts and len(texts[-1]) + 1 + len(line) <= limit:
            texts[-1] += f"\n{line}"
        else:
            texts.append(line)
    return [section(text) for text in texts]


def fit_message(blocks: Sequence[Block], foot: Sequence[Block], more: str) -> list[Block]:
    """The blocks of a message, with `foot` whatever comes, and the line `more` where something had to go."""
    return _fit(blocks, foot, more, MESSAGE_BLOCKS, MESSAGE_JSON, is_escaped=False)


def fit_view(blocks: Sequence[Block], foot: Sequence[Block], more: str) -> list[Block]:
    """The blocks of a view, with `foot` whatever comes, and the line `more` where something had to go."""
    return _fit(blocks, foot, more, VIEW_BLOCKS, VIEW_JSON, is_escaped=True)


def _fit(
    blocks: Sequence[Block], foot: Sequence[Block], more: str, most: int, budget: int, *, is_escaped: bool
) -> list[Block]:
    """`is_escaped` where Slack counts what is sent, in which a letter beyond ASCII takes six."""
    end = [context(more), *foot]
    kept: list[Block] = []
    left = budget - _size(end, is_escaped)
    for block in blocks:
        left -= _size([block], is_escaped)
        if left < 0 or len(kept) + len(end) > most:
            return [*kept[: most - len(end)], *end]
        kept.append(block)
    return [*kept, *foot]


def _size(blocks: Sequence[Block], is_escaped: bool) -> int:
    return len(json.dumps(blocks, ensure_ascii=is_escaped))


def in_short(
    lines: Iterable[str], *, limit: int = MESSAGE_TEXT - 200, more: str = "… and more: `/sprint show` shows all of it."
) -> str:
    """The top-level text of a message: these lines, cut where `chat.update` would refuse it."""
    text = "\n".join(line for line in lines if line)
    if len(text) <= limit:
        return text
    cut = text[:limit].rpartition("\n")[0] or clip(text, limit)
    return f"{cut}\n{more}"
