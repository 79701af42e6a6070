"""Turning what somebody picks into the values that Slack keeps and sends."""

from collections.abc import Callable
from typing import Any

from sandbox.blocks.inputs import is_in_form
from sandbox.blocks.menus import offered_options
from sandbox.world.core import Core
from sandbox.world.errors import SandboxError
from sandbox.world.state import elements_of, is_many, key_of, zone_of
from sandbox.world.values import Json

Suggest = Callable[[str], list[Json]]


def find(
    blocks: list[Json], action_id: str, block_id: str | None = None, value: str | None = None
) -> tuple[Json, Json]:
    """The element with that action_id, and its block; `value` tells buttons of one action_id apart.

    Raises SandboxError when there is none: nobody can press what is not on the screen.
    """
    for block in blocks:
        if block_id is not None and block["block_id"] != block_id:
            continue
        for element in elements_of(block):
            if element.get("action_id") == action_id and (value is None or element.get("value") == value):
                return block, element
    there = sorted({str(each.get("action_id")) for block in blocks for each in elements_of(block)})
    wanted = action_id if value is None else f"{action_id} with value {value}"
    raise SandboxError(f"There is nothing called {wanted} here; there is {', '.join(there) or 'nothing to press'}.")


def value_of(ws: Core, element: Json, picked: Any, suggest: Suggest) -> Json:
    """`picked` (text, option value, id or name, date, list of them, None) as the element's value."""
    kind = element["type"]
    key = key_of(kind)
    if key is None:
        raise SandboxError(f"A {kind} holds no value.")
    if not is_many(kind):
        if isinstance(picked, list | tuple):
            raise SandboxError(f"A {kind} takes one value, not a list.")
        return {"type": kind, key: None if picked is None or picked == "" else _one(ws, element, picked, suggest)}
    several = [] if picked is None else [picked] if isinstance(picked, str | dict) else list(picked)
    most = element.get("max_selected_items")
    if most is not None and len(several) > most:
        raise SandboxError(f"Slack lets nobody pick more than {most} here.")
    return {"type": kind, key: [_one(ws, element, each, suggest) for each in several]}


def _one(ws: Core, element: Json, picked: Any, suggest: Suggest) -> Any:
    kind = element["type"].removeprefix("multi_")
    if kind in ("static_select", "radio_buttons", "checkboxes"):
        return option(offered_options(element), picked)
    if kind == "external_select":
        return picked if isinstance(picked, dict) else option(suggest(str(picked)) or suggest(""), picked)
    if kind == "users_select":
        return ws.user(str(picked)).id
    if kind == "channels_select":
        found = ws.channel(str(picked))
        if found.is_private or found.is_im:
            raise SandboxError("This menu offers public channels only.")
        return found.id
    if kind == "conversations_select":
        return ws.channel(str(picked)).id
    if kind == "datetimepicker":
        return int(picked)
    if kind in _FORMS:
        return _in_form(str(picked), *_FORMS[kind])
    if kind == "rich_text_input":
        return picked if isinstance(picked, dict) else _rich(str(picked))
    return str(picked)


_FORMS = {"datepicker": ("%Y-%m-%d", "YYYY-MM-DD"), "timepicker": ("%H:%M", "HH:mm")}


def _in_form(picked: str, form: str, words: str) -> str:
    """What the client's picker gives, so that nobody picks a 25th hour."""
    if not is_in_form(picked, form):
        raise SandboxError(f"{picked} is not of the form {words}.")
    return picked


def _rich(text: str) -> Json:
    section = {"type": "rich_text_section", "elements": [{"type": "text", "text": text}]}
    return {"type": "rich_text", "elements": [section]}


def option(offered: list[Json], picked: Any) -> Json:
    """The offered option with that value, or with that text. Raises SandboxError when it is not offered."""
    wanted = picked.get("value") if isinstance(picked, dict) else str(picked)
    for each in offered:
        if each.get("value") == wanted:
            return each
    for each in offered:
        if each["text"]["text"] == wanted:
            return each
    there = ", ".join(str(each.get("value")) for each in offered)
    raise SandboxError(f"The option {wanted} is not offered; there is {there or 'none'}.")


def action(element: Json, block: Json, ts: str, value: Json | None, picked: Any) -> Json:
    """An entry of `actions` in block_actions."""
    kind = element["type"]
    found: Json = {"type": kind, "action_id": element["action_id"], "block_id": block["block_id"], "action_ts": ts}
    if kind in ("button", "icon_button"):
        kept = {key: element[key] for key in ("text", "value", "style", "url") if key in element}
        return found | kept
    if kind == "overflow":
        return found | {"selected_option": option(element["options"], picked)}
    if value is not None:
        found |= value | zone_of(element)
    if "placeholder" in element:
        found["placeholder"] = element["placeholder"]
    return found
