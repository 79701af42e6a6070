"""What every screen and every message is held against: Slack's limits, and that nothing typed stands there unescaped."""

import inspect
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from bot.domain.outbox.posts import Message
from bot.views import kit
from sandbox import blocks

BUTTONS = 3
MARKS = {"item_mark", "prompt_mark", "mark"}
WORST = "&<>"  # each takes up to five characters once it is escaped


def is_taken_by_slack(drawn: dict[str, Any] | Message) -> None:
    """Assert that Slack would take this screen or message."""
    if isinstance(drawn, Message):
        blocks.check_message(json.loads(json.dumps(drawn.blocks)))
        assert 0 < len(drawn.text) <= kit.MESSAGE_TEXT
        return
    blocks.check_view(json.loads(json.dumps(drawn)), kinds=("modal", "home"))
    assert len(json.dumps(drawn)) < 250_000


def why_heavy(drawn: Message) -> list[str]:
    """What of a message is more than three buttons and an overflow.

    A row of a list has one control beside it, and an item's mark is one select.
    """
    foot = [element for block in drawn.blocks if block["type"] == "actions" for element in block["elements"]]
    every = [element for block in drawn.blocks for element in controls(block)]
    no_select = [each["action_id"] for each in every if is_a_mark(each) and each["type"] != "static_select"]
    return [*_too_many(foot), *(f"no single select: {each}" for each in no_select)]


def controls(block: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Everything in a block that can be pressed, chosen or filled in."""
    found = [*block.get("elements", []), block.get("accessory"), block.get("element")]
    return [each for each in found if each and "action_id" in each]


def _too_many(foot: Sequence[dict[str, Any]]) -> Iterator[str]:
    buttons = [_verb(each["action_id"]) for each in foot if each["type"] == "button"]
    menus = [each for each in foot if each["type"] == "overflow"]
    if len(buttons) > BUTTONS:
        yield f"{len(buttons)} buttons: {buttons}"
    if len(menus) > 1:
        yield f"{len(menus)} menus"
    yield from (f"two buttons for {verb}" for verb, number in Counter(buttons).items() if number > 1)


def _verb(action_id: str) -> str:
    """The verb of a press, without the row that stands behind it."""
    return re.sub(r"(_-?\d+)+$", "", action_id)


def is_a_mark(element: Mapping[str, Any]) -> bool:
    """Whether somebody says with it how far an item is."""
    return _verb(element["action_id"]) in MARKS


def is_escaped(drawn: Any) -> bool:
    """Whether no mrkdwn in it holds what somebody typed as they typed it."""
    return not any(WORST in text for text in _mrkdwn(drawn))


def drawing(module: Any) -> Iterator[str]:
    """The functions of a module of `bot.views` that draw a whole screen or message, by name."""
    short = module.__name__.removeprefix("bot.views.")
    for name, function in inspect.getmembers(module, inspect.isfunction):
        mine = (
            function.__module__ == module.__name__
            and not name.startswith(("_", "with_"))
            and not name.endswith("_field")
        )
        if mine and function.__annotations__.get("return") in (kit.View, Message):
            yield f"{short}.{name}"


def _mrkdwn(drawn: Any) -> Iterator[str]:
    if isinstance(drawn, Message):
        yield drawn.text
        yield from _mrkdwn(drawn.blocks)
    elif isinstance(drawn, list):
        for each in drawn:
            yield from _mrkdwn(each)
    elif isinstance(drawn, dict):
        if drawn.get("type") == "mrkdwn":
            yield drawn["text"]
        for each in drawn.values():
            yield from _mrkdwn(each)
