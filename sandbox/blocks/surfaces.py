"""Whole surfaces: a message's blocks, a modal, a Home tab."""

import json
from typing import Any

from sandbox.blocks.checks import Check, FileCheck, any_file
from sandbox.blocks.layout import check_block
from sandbox.world.errors import SlackError
from sandbox.world.values import Json

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MESSAGE_TEXT = 12_000
"""All text in a message's blocks together. Slack's maintainers name it in bolt-js#2509; no page does."""
VIEW_BYTES = 250_000
"""Slack: reference/methods/views.open, `view_too_large`."""

_MODAL_KEYS = (
    "type",
    "title",
    "blocks",
    "close",
    "submit",
    "private_metadata",
    "callback_id",
    "clear_on_close",
    "notify_on_close",
    "external_id",
)
_HOME_KEYS = ("type", "blocks", "private_metadata", "callback_id", "external_id")


def check_message(blocks: Any, can_show: FileCheck = any_file) -> list[Json]:
    """The blocks of a message, as a list.

    Raises SlackError with Slack's code: invalid_blocks_format, invalid_blocks or msg_blocks_too_long.
    """
    if not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    check = Check("message", can_show)
    if len(blocks) > MESSAGE_BLOCKS:
        check.wrong(f"no more than {MESSAGE_BLOCKS} items allowed", "/blocks")
    for index, block in enumerate(blocks):
        check_block(check, block, f"/blocks/{index}")
    if check.problems:
        raise SlackError(
            "invalid_blocks",
            errors=check.problems,
            response_metadata={"messages": [f"[ERROR] {problem}" for problem in check.problems]},
        )
    if check.text_length + check.markdown_length > MESSAGE_TEXT:
        raise SlackError("msg_blocks_too_long")
    return blocks


def check_view(view: Any, kinds: tuple[str, ...] = ("modal",), can_show: FileCheck = any_file) -> Json:
    """A view of one of `kinds`.

    Raises SlackError with Slack's code: invalid_arguments (with messages that name the place) or view_too_large.
    """
    if not isinstance(view, dict):
        raise _invalid(["must provide an object [json-pointer:/view]"])
    kind = view.get("type")
    check = Check(str(kind), can_show)
    if kind not in kinds:
        raise _invalid([f"unsupported type: {kind} [json-pointer:/view/type]"])
    if len(json.dumps(view)) > VIEW_BYTES:
        raise SlackError("view_too_large")
    check.known(view, _MODAL_KEYS if kind == "modal" else _HOME_KEYS, "/view")
    check.string(view, "private_metadata", 3000, "/view")
    check.string(view, "callback_id", 255, "/view")
    check.string(view, "external_id", 255, "/view")
    check.required(view, ("blocks",), "/view")
    for index, block in enumerate(check.items(view, "blocks", 0, VIEW_BLOCKS, "/view")):
        check_block(check, block, f"/view/blocks/{index}")
    if kind == "modal":
        _modal(check, view)
    if check.problems:
        raise _invalid(check.problems)
    return view


def _modal(check: Check, view: Json) -> None:
    check.text(view, "title", 24, "/view", plain=True, required=True)
    title = view.get("title")
    if isinstance(title, dict) and isinstance(title.get("text"), str) and title["text"].isspace():
        check.wrong("must be more than 0 characters", "/view/title/text")
    check.text(view, "submit", 24, "/view", plain=True)
    check.text(view, "close", 24, "/view", plain=True)
    check.boolean(view, ("clear_on_close", "notify_on_close"), "/view")
    if check.has_input and view.get("submit") is None:
        check.wrong("`submit` is required when an input block is within the blocks", "/view")


def _invalid(problems: list[str]) -> SlackError:
    return SlackError(
        "invalid_arguments",
        response_metadata={"messages": [f"[ERROR] {problem}" for problem in problems]},
    )


def input_ids(view: Json) -> frozenset[str]:
    """The block_ids of a view's input blocks: the places where an error can stand."""
    return frozenset(block["block_id"] for block in view["blocks"] if block["type"] == "input")
