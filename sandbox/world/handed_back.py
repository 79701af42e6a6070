"""Blocks as Slack gives them back: what it adds to text objects, and what it escapes in them."""

import re
from typing import Any

_BARE = re.compile(r"&(?!(?:amp|lt|gt);)")


def escaped(text: str) -> str:
    """Plain text with `&`, `<` and `>` as entities (Slack: messaging/formatting-message-text)."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def handed_back(value: Any) -> Any:
    """A copy in which every text object stands as Slack keeps it; metadata is given back as it came."""
    if isinstance(value, list):
        return [handed_back(each) for each in value]
    if not isinstance(value, dict):
        return value
    kind, text = value.get("type"), value.get("text")
    if kind == "plain_text" and isinstance(text, str):
        return {"emoji": True, **value, "text": escaped(text)}
    if kind == "mrkdwn" and isinstance(text, str):
        return {"verbatim": False, **value, "text": _BARE.sub("&amp;", text)}
    return {key: each if key == "metadata" else handed_back(each) for key, each in value.items()}
