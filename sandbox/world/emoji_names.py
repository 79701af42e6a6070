"""Slack's short names of emoji, and those that a workspace adds."""

import re
from collections.abc import Collection
from functools import lru_cache
from typing import Any

import emoji

TONES = {"2": "🏻", "3": "🏼", "4": "🏽", "5": "🏾", "6": "🏿"}
CUSTOM = re.compile(r"[a-z0-9_-]{1,100}")
"""What a workspace may call an emoji of its own (Slack: help, add custom emoji)."""


@lru_cache(maxsize=1)
def short_names() -> dict[str, str]:
    """The names without colons, from the emoji package's aliases, with their characters."""
    names: dict[str, str] = {}
    data: dict[str, dict[str, Any]] = emoji.EMOJI_DATA
    for character, about in data.items():
        if about["status"] != emoji.STATUS["fully_qualified"]:
            continue
        for name in [*about.get("alias", ()), about["en"]]:
            names.setdefault(name.strip(":"), character)
    return names


def is_known(name: str, custom: Collection[str]) -> bool:
    """True for a name without colons that Slack knows, or that is among the workspace's own.

    Slack's own may name a skin tone: `+1::skin-tone-3` (Slack: reference/methods/reactions.add).
    """
    base, mark, tone = name.partition("::skin-tone-")
    if mark:
        return tone in TONES and _has_tones(base)
    return name in custom or name in short_names()


def _has_tones(name: str) -> bool:
    character = short_names().get(name, " ")
    rest = character[1:].removeprefix("\N{VARIATION SELECTOR-16}")
    return character[0] + TONES["2"] + rest in emoji.EMOJI_DATA
