"""What every screen and every message is held against: Slack's limits, and that nothing typed stands there unescaped."""

import inspect
import json
from collections.abc import Iterator
from typing import Any

from bot.domain.outbox.posts import Message
from bot.views import kit
from sandbox import blocks

WORST = "&<>"  # each takes up to five characters once it is escaped


def is_taken_by_slack(drawn: dict[str, Any] | Message) -> None:
    """Assert that Slack would take this screen or message."""
    if isinstance(drawn, Message):
        blocks.check_message(json.loads(json.dumps(drawn.blocks)))
        assert 0 < len(drawn.text) <= kit.MESSAGE_TEXT
        return
    blocks.check_view(json.loads(json.dumps(drawn)), kinds=("modal", "home"))
    assert len(json.dumps(drawn)) < 250_000


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
