"""Blocks: what each type may hold (Slack: reference/block-kit/blocks)."""

from collections.abc import Callable
from typing import Any

from sandbox.blocks.checks import Check
from sandbox.blocks.elements import check_element
from sandbox.blocks.images import check_image, check_image_source
from sandbox.blocks.rich_text import check_rich_text
from sandbox.world.values import Json

KEYS: dict[str, tuple[str, ...]] = {
    "section": ("text", "fields", "accessory", "expand"),
    "divider": (),
    "header": ("text",),
    "context": ("elements",),
    "actions": ("elements",),
    "image": ("image_url", "slack_file", "alt_text", "title"),
    "input": ("label", "element", "dispatch_action", "hint", "optional"),
    "rich_text": ("elements",),
    "markdown": ("text",),
    "table": ("rows", "column_settings"),
    "video": (
        "video_url",
        "thumbnail_url",
        "alt_text",
        "title",
        "title_url",
        "description",
        "author_name",
        "provider_name",
        "provider_icon_url",
    ),
    "context_actions": ("elements",),
    "alert": ("text", "level"),
    "file": ("external_id", "source"),
}

ONLY_ON: dict[str, tuple[str, ...]] = {
    "markdown": ("message",),
    "table": ("message",),
    "context_actions": ("message",),
    "file": ("message",),
    "alert": ("modal",),
}


def check_block(check: Check, block: Any, at: str) -> None:
    """One block, wherever it stands."""
    if not isinstance(block, dict):
        check.wrong("must provide an object", at)
        return
    kind = block.get("type")
    if not isinstance(kind, str) or kind not in KEYS:
        check.wrong(f"unsupported type: {kind}" if kind else "missing required field: type", f"{at}/type")
        return
    if check.surface not in ONLY_ON.get(kind, (check.surface,)):
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.known(block, (*KEYS[kind], "type", "block_id"), at)
    check.block_id(block, at)
    if check.surface != "message":
        check.action_ids.clear()
    special = _SPECIAL.get(kind)
    if special is not None:
        special(check, block, at)


def _section(check: Check, block: Json, at: str) -> None:
    if block.get("text") is None and not block.get("fields"):
        check.wrong("must define one of: text, fields", at)
    check.text(block, "text", 3000, at)
    check.boolean(block, ("expand",), at)
    for each, place in check.objects(block, "fields", 1, 10, at):
        check.text_object(each, 2000, place)
    accessory = block.get("accessory")
    if isinstance(accessory, dict):
        check_element(check, accessory, "section", f"{at}/accessory")
    elif accessory is not None:
        check.wrong("must provide an object", f"{at}/accessory")


def _header(check: Check, block: Json, at: str) -> None:
    check.text(block, "text", 150, at, plain=True, required=True)


def _context(check: Check, block: Json, at: str) -> None:
    check.required(block, ("elements",), at)
    for element, place in check.objects(block, "elements", 1, 10, at):
        if element.get("type") == "image":
            check_image(check, element, place)
        elif element.get("type") in ("plain_text", "mrkdwn"):
            check.text_object(element, 3000, place)
        else:
            check.wrong(f"unsupported type: {element.get('type')}", f"{place}/type")


def _actions(check: Check, block: Json, at: str) -> None:
    check.required(block, ("elements",), at)
    for element, place in check.objects(block, "elements", 1, 25, at):
        check_element(check, element, "actions", place)


def _context_actions(check: Check, block: Json, at: str) -> None:
    check.required(block, ("elements",), at)
    for element, place in check.objects(block, "elements", 1, 5, at):
        check_element(check, element, "context_actions", place)


def _image(check: Check, block: Json, at: str) -> None:
    check.required(block, ("alt_text",), at)
    check_image_source(check, block, at)
    check.text(block, "title", 2000, at, plain=True)


def _input(check: Check, block: Json, at: str) -> None:
    check.has_input = True
    check.text(block, "label", 2000, at, plain=True, required=True)
    check.text(block, "hint", 2000, at, plain=True)
    check.boolean(block, ("optional", "dispatch_action"), at)
    element = block.get("element")
    if isinstance(element, dict):
        check_element(check, element, "input", f"{at}/element")
    else:
        check.wrong("missing required field: element", at)


def _markdown(check: Check, block: Json, at: str) -> None:
    check.required(block, ("text",), at)
    check.string(block, "text", 12_000, at, least=1)
    text = block.get("text")
    check.markdown_length += len(text) if isinstance(text, str) else 0
    if check.markdown_length > 12_000:
        check.wrong("must be less than 12001 characters in all markdown blocks", f"{at}/text")


def _table(check: Check, block: Json, at: str) -> None:
    check.required(block, ("rows",), at)
    check.tables += 1
    if check.tables > 1:
        check.wrong("only_one_table_allowed", at)
    for setting, place in check.objects(block, "column_settings", 0, 20, at):
        check.known(setting, ("align", "is_wrapped"), place)
        check.one_of(setting, "align", ("left", "center", "right"), place)
        check.boolean(setting, ("is_wrapped",), place)
    for index, row in enumerate(check.items(block, "rows", 1, 100, at)):
        cells = row if isinstance(row, list) else []
        if not 1 <= len(cells) <= 20:
            check.wrong("no more than 20 items allowed", f"{at}/rows/{index}")
        for number, cell in enumerate(cells):
            kind = cell.get("type") if isinstance(cell, dict) else None
            if kind not in ("raw_text", "rich_text", "raw_number"):
                check.wrong(f"unsupported type: {kind}", f"{at}/rows/{index}/{number}/type")
            else:
                _cell(check, cell, kind, f"{at}/rows/{index}/{number}")


def _cell(check: Check, cell: Json, kind: str, at: str) -> None:
    if kind == "rich_text":
        check.known(cell, ("type", "elements", "block_id"), at)
        check_rich_text(check, cell, at)
        return
    check.known(cell, ("type", "text", *(("value",) if kind == "raw_number" else ())), at)
    check.required(cell, ("text",) if kind == "raw_text" else ("value",), at)
    check.string(cell, "text", 12_000, at, least=1)
    value = cell.get("value")
    if value is not None and (isinstance(value, bool) or not isinstance(value, int | float)):
        check.wrong("must provide a number", f"{at}/value")


def _video(check: Check, block: Json, at: str) -> None:
    check.required(block, ("video_url", "thumbnail_url", "alt_text", "title"), at)
    check.text(block, "title", 200, at, plain=True)
    check.text(block, "description", 200, at, plain=True)
    check.string(block, "author_name", 50, at)
    for key in ("video_url", "thumbnail_url"):
        check.address(block, key, at)


def _alert(check: Check, block: Json, at: str) -> None:
    check.text(block, "text", 200, at, required=True)
    check.one_of(block, "level", ("default", "info", "warning", "error", "success"), at)


def _file(check: Check, _block: Json, at: str) -> None:
    check.wrong("unsupported type: file", f"{at}/type")


_SPECIAL: dict[str, Callable[[Check, Json, str], None]] = {
    "section": _section,
    "header": _header,
    "context": _context,
    "actions": _actions,
    "context_actions": _context_actions,
    "image": _image,
    "input": _input,
    "rich_text": check_rich_text,
    "markdown": _markdown,
    "table": _table,
    "video": _video,
    "alert": _alert,
    "file": _file,
}
