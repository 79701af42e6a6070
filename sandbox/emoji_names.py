"""Slack's short names of emoji."""

from functools import lru_cache
from typing import Any

import emoji


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
