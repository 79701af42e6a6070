"""The one reader of what a payload carries of ours: ids, days and words that an older version wrote, or that were forged."""

import json
import re
from collections.abc import Mapping
from datetime import date, datetime, time
from enum import StrEnum
from typing import Any, NoReturn, TypeVar

from bot.platform.errors import Outdated

SOURCE_LENGTH = 80  # of the shortest column that keeps it
V = TypeVar("V")
W = TypeVar("W", bound=StrEnum)
LARGEST = 2**31 - 1  # what a row's number can be in either database
YEARS = range(2000, 2200)
NUMBER = re.compile(r"[0-9]{1,10}")


class Carried(dict[str, Any]):
    """A payload, or what a form carries in its `private_metadata`. What is missing is an older version's, or was forged."""

    def __missing__(self, key: str) -> NoReturn:
        raise Outdated


def number(text: Any) -> int:
    """The number of a row, or how many. Raises Outdated for anything else."""
    if not isinstance(text, str | int) or isinstance(text, bool) or not NUMBER.fullmatch(str(text)):
        raise Outdated
    found = int(text)
    if found > LARGEST:
        raise Outdated
    return found


def optional(text: Any) -> int | None:
    """The same; None for an empty text."""
    return number(text) if text not in ("", None) else None


def stored(view: Mapping[str, Any]) -> Carried:
    """What a form carries in its `private_metadata`. Raises Outdated for what is no JSON object."""
    found = _json(view)
    if not isinstance(found, dict):
        raise Outdated
    return Carried(found)


def carries(view: Mapping[str, Any], name: str) -> bool:
    """Whether a form says this of itself. One of an older version carries no object, and says nothing."""
    found = _json(view)
    return isinstance(found, dict) and bool(found.get(name))


def parts(view: Mapping[str, Any], count: int) -> list[Any]:
    """The same where it is a list of so many."""
    found = _json(view)
    if not isinstance(found, list) or len(found) != count:
        raise Outdated
    return found


def _json(view: Mapping[str, Any]) -> Any:
    try:
        return json.loads(view.get("private_metadata") or "")
    except ValueError:
        raise Outdated from None


def listed(found: Any) -> list[Any]:
    """A list. Raises Outdated for anything else."""
    if not isinstance(found, list):
        raise Outdated
    return found


def day(text: Any) -> date:
    """A day. Raises Outdated for anything else, and for one on which nobody of us lives: no rhythm can be counted there."""
    found = any_day(text)
    if found.year not in YEARS:
        raise Outdated
    return found


def any_day(text: Any) -> date:
    """The same of any year that a person may have picked."""
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        raise Outdated from None


def instant(text: Any) -> datetime:
    """An instant with its zone. Raises Outdated for anything else."""
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise Outdated from None
    if found.tzinfo is None:
        raise Outdated
    return found


def clock(text: Any) -> time:
    """A time of day. Raises Outdated for anything else."""
    try:
        return time.fromisoformat(text)
    except (TypeError, ValueError):
        raise Outdated from None


def one_of(choices: Mapping[str, V], text: str) -> V:
    """What one of these words stands for. Raises Outdated for any other word."""
    if text not in choices:
        raise Outdated
    return choices[text]


def word(kind: type[W], text: Any) -> W:
    """One of a few words. Raises Outdated for any other."""
    try:
        return kind(text)
    except ValueError:
        raise Outdated from None


def sent(view: Mapping[str, Any]) -> str:
    """By what a form that somebody sent is known, so that it is acted on once.

    The hash changes whenever another form is shown in the same window, as the menu and tabs do.
    """
    return f"view:{view['id']}:{view.get('hash') or ''}"[:SOURCE_LENGTH]


def commanded(body: Mapping[str, Any]) -> str:
    """The same of a command."""
    return f"command:{body['trigger_id']}"[:SOURCE_LENGTH]
