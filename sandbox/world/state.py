"""`state.values`: what is typed and picked in a view or a message."""

from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sandbox.world.values import Json, StateValues

_ONE = {
    "plain_text_input": ("value", "initial_value"),
    "number_input": ("value", "initial_value"),
    "email_text_input": ("value", "initial_value"),
    "url_text_input": ("value", "initial_value"),
    "rich_text_input": ("rich_text_value", "initial_value"),
    "static_select": ("selected_option", "initial_option"),
    "external_select": ("selected_option", "initial_option"),
    "radio_buttons": ("selected_option", "initial_option"),
    "users_select": ("selected_user", "initial_user"),
    "channels_select": ("selected_channel", "initial_channel"),
    "conversations_select": ("selected_conversation", "initial_conversation"),
    "datepicker": ("selected_date", "initial_date"),
    "timepicker": ("selected_time", "initial_time"),
    "datetimepicker": ("selected_date_time", "initial_date_time"),
}
_MANY = {
    "multi_static_select": ("selected_options", "initial_options"),
    "multi_external_select": ("selected_options", "initial_options"),
    "checkboxes": ("selected_options", "initial_options"),
    "multi_users_select": ("selected_users", "initial_users"),
    "multi_channels_select": ("selected_channels", "initial_channels"),
    "multi_conversations_select": ("selected_conversations", "initial_conversations"),
    "file_input": ("files", "initial_files"),
}


def key_of(kind: str) -> str | None:
    """Where a stateful element of that type keeps its value: `value`, `selected_option`…; None for a button."""
    found = _ONE.get(kind) or _MANY.get(kind)
    return found[0] if found else None


def is_many(kind: str) -> bool:
    """True when the element takes a list."""
    return kind in _MANY


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of one block."""
    found = [block.get("accessory"), block.get("element")]
    if block["type"] in ("actions", "context_actions"):
        found += block["elements"]
    return [each for each in found if isinstance(each, dict) and each.get("type") != "image"]


@dataclass(frozen=True)
class Button:
    """A button, or one choice of the menu behind three dots by its value; and the block in which it stands."""

    block_id: str
    element: Json
    choice: str | None = None

    @property
    def words(self) -> str:
        """What stands on it."""
        options = {option["value"]: option for option in self.element.get("options", [])}
        return str(options.get(self.choice, self.element)["text"]["text"])

    @property
    def shown(self) -> str:
        """What its menu shows at present; "" for a button, and where nothing is chosen."""
        chosen = self.element.get("initial_option")
        return str(chosen["text"]["text"]) if chosen else ""


def buttons(message: Json) -> Iterator[Button]:
    """The buttons of a message, from the top."""
    for block in message.get("blocks", []):
        for element in elements_of(block):
            if element["type"] == "button":
                yield Button(block["block_id"], element)


def choices(message: Json) -> Iterator[Button]:
    """The buttons of a message, and what its menus offer, behind three dots or to choose from, from the top."""
    yield from buttons(message)
    for block in message.get("blocks", []):
        for element in elements_of(block):
            if element["type"] in ("overflow", "static_select"):
                for option in element["options"]:
                    yield Button(block["block_id"], element, option["value"])


def stateful_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every element that has a value, with its block."""
    for block in blocks:
        for element in elements_of(block):
            if key_of(element["type"]) is not None:
                yield block, element


def initial_value(element: Json) -> Json:
    """The element's value before anybody touched it: null for one that was never filled, as Slack sends it."""
    kind = element["type"]
    if kind in _ONE:
        key, initial = _ONE[kind]
        return {"type": kind, key: deepcopy(element.get(initial))}
    key, initial = _MANY[kind]
    return {"type": kind, key: deepcopy(element.get(initial)) or []}


def current_values(blocks: list[Json], typed: StateValues) -> StateValues:
    """Slack's `state.values`: every stateful element, typed or not."""
    values: StateValues = {}
    for block, element in stateful_elements(blocks):
        block_id, action_id = block["block_id"], element["action_id"]
        value = typed.get(block_id, {}).get(action_id)
        if value is None or value.get("type") != element["type"]:
            value = initial_value(element)
        values.setdefault(block_id, {})[action_id] = value | zone_of(element)
    return values


def zone_of(element: Json) -> Json:
    """What a time picker that names its zone says beside the time."""
    return {"timezone": element["timezone"]} if element["type"] == "timepicker" and "timezone" in element else {}


def bare(value: Json) -> Any:
    """What an element holds, without its type."""
    return value.get(key_of(value["type"]) or "")
