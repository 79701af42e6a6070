"""Whole surfaces: a message's blocks, a modal, a Home tab."""

import json
from typing import TYPE_CHECKING, Any

from sandbox.blocks.checks import Check, FileCheck, any_file
from sandbox.blocks.layout import check_block
from sandbox.world.errors import SlackError
from sandbox.world.values import Json

if TYPE_CHECKING:
    from sandbox.world.workspace import Workspace

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


class IdMaker:
    """Ids that differ within one surface: short, counted, and the same in every run."""

    def __init__(self, prefix: str) -> None:
        self._prefix = prefix
        self._count = 0

    def __call__(self) -> str:
        """The next one."""
        self._count += 1
        return f"{self._prefix}{self._count}"


def fill_ids(blocks: list[Json], new: IdMaker) -> list[Json]:
    """The blocks with the block_ids and action_ids that Slack adds where the app gave none."""
    return [_with_ids(block, new) for block in blocks]


def with_fresh_ids(ws: "Workspace", blocks: list[Json]) -> list[Json]:
    """`fill_ids`, with ids that no other surface of the workspace has."""
    return fill_ids(blocks, IdMaker(ws.store.next_id("")[-5:]))


def _with_ids(block: Json, new: IdMaker) -> Json:
    filled = dict(block)
    if not filled.get("block_id"):
        filled["block_id"] = new()
    for key in ("accessory", "element"):
        if isinstance(filled.get(key), dict):
            filled[key] = _with_action_id(filled[key], new)
    if filled["type"] in ("actions", "context_actions"):
        filled["elements"] = [_with_action_id(element, new) for element in filled["elements"]]
    return filled


def _with_action_id(element: Json, new: IdMaker) -> Json:
    if element.get("action_id") or element.get("type") == "image":
        return element
    return {**element, "action_id": new()}


def input_ids(view: Json) -> frozenset[str]:
    """The block_ids of a view's input blocks: the places where an error can stand."""
    return frozenset(block["block_id"] for block in view["blocks"] if block["type"] == "input")
