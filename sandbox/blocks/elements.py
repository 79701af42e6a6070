"""Interactive elements: buttons, menus, pickers, inputs (Slack: reference/block-kit/block-elements)."""

from collections.abc import Callable

from sandbox.blocks import inputs, menus
from sandbox.blocks.checks import Check
from sandbox.blocks.images import check_image
from sandbox.world.values import Json

_MENU = ("type", "action_id", "placeholder", "confirm", "focus_on_load")
_INPUT = ("type", "action_id", "placeholder", "focus_on_load", "dispatch_action_config", "initial_value")

KEYS: dict[str, tuple[str, ...]] = {
    "button": ("type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label"),
    "overflow": ("type", "action_id", "options", "confirm"),
    "static_select": (*_MENU, "options", "option_groups", "initial_option"),
    "external_select": (*_MENU, "initial_option", "min_query_length"),
    "users_select": (*_MENU, "initial_user"),
    "channels_select": (*_MENU, "initial_channel", "response_url_enabled"),
    "conversations_select": (
        *_MENU,
        "initial_conversation",
        "default_to_current_conversation",
        "response_url_enabled",
        "filter",
    ),
    "multi_static_select": (*_MENU, "options", "option_groups", "initial_options", "max_selected_items"),
    "multi_external_select": (*_MENU, "initial_options", "min_query_length", "max_selected_items"),
    "multi_users_select": (*_MENU, "initial_users", "max_selected_items"),
    "multi_channels_select": (*_MENU, "initial_channels", "max_selected_items"),
    "multi_conversations_select": (
        *_MENU,
        "initial_conversations",
        "default_to_current_conversation",
        "filter",
        "max_selected_items",
    ),
    "datepicker": (*_MENU, "initial_date"),
    "timepicker": (*_MENU, "initial_time", "timezone"),
    "datetimepicker": ("type", "action_id", "confirm", "focus_on_load", "initial_date_time"),
    "checkboxes": ("type", "action_id", "options", "initial_options", "confirm", "focus_on_load"),
    "radio_buttons": ("type", "action_id", "options", "initial_option", "confirm", "focus_on_load"),
    "plain_text_input": (*_INPUT, "multiline", "min_length", "max_length"),
    "number_input": (*_INPUT, "is_decimal_allowed", "min_value", "max_value"),
    "email_text_input": _INPUT,
    "url_text_input": _INPUT,
    "rich_text_input": _INPUT,
    "file_input": ("type", "action_id", "filetypes", "max_files"),
    "feedback_buttons": ("type", "action_id", "positive_button", "negative_button"),
    "icon_button": (
        "type",
        "action_id",
        "icon",
        "text",
        "value",
        "confirm",
        "accessibility_label",
        "visible_to_user_ids",
    ),
}

_SWITCHES = ("focus_on_load", "response_url_enabled", "default_to_current_conversation")
_MULTI_SELECTS = frozenset(kind for kind in KEYS if kind.startswith("multi_"))
_SELECTS = frozenset(kind for kind in KEYS if kind.endswith("_select")) - _MULTI_SELECTS
_TYPED = frozenset(kind for kind in KEYS if kind.endswith("_input"))
_CHOICES = frozenset(("checkboxes", "radio_buttons", "datepicker", "timepicker"))

ALLOWED_IN: dict[str, frozenset[str]] = {
    "section": _SELECTS | _MULTI_SELECTS | _CHOICES | {"button", "overflow", "image"},
    "actions": _SELECTS | _CHOICES | {"button", "overflow", "datetimepicker"},
    "input": _SELECTS | _MULTI_SELECTS | _CHOICES | _TYPED | {"datetimepicker"},
    "context_actions": frozenset(("feedback_buttons", "icon_button")),
}
"""Slack: reference/block-kit/block-elements, "Works with block types" on each page."""


def check_element(check: Check, element: Json, block: str, at: str) -> None:
    """An element inside a block of type `block`."""
    kind = element.get("type")
    if kind == "image" and block == "section":
        check_image(check, element, at)
        return
    if not isinstance(kind, str) or kind not in KEYS:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    if kind not in ALLOWED_IN[block]:
        check.wrong(f"unsupported type: {kind}", f"{at}/type")
        return
    check.known(element, KEYS[kind], at)
    check.action_id(element, at)
    check.text(element, "placeholder", 150, at, plain=True)
    _confirm(check, element, at)
    check.boolean(element, _SWITCHES, at)
    if element.get("response_url_enabled") and (block != "input" or check.surface != "modal"):
        check.wrong("response_url_enabled is for input blocks of modals only", f"{at}/response_url_enabled")
    if element.get("focus_on_load"):
        check.focused += 1
        if check.focused > 1:
            check.wrong("only one element can have focus_on_load", f"{at}/focus_on_load")
    special = _SPECIAL.get(kind)
    if special is not None:
        special(check, element, at)


def _confirm(check: Check, element: Json, at: str) -> None:
    confirm = element.get("confirm")
    if confirm is None:
        return
    place = f"{at}/confirm"
    if not isinstance(confirm, dict):
        check.wrong("must provide an object", place)
        return
    check.known(confirm, ("title", "text", "confirm", "deny", "style"), place)
    check.text(confirm, "title", 100, place, plain=True, required=True)
    check.text(confirm, "text", 300, place, required=True)
    check.text(confirm, "confirm", 30, place, plain=True, required=True)
    check.text(confirm, "deny", 30, place, plain=True, required=True)
    check.one_of(confirm, "style", ("primary", "danger"), place)


def _button(check: Check, button: Json, at: str) -> None:
    check.text(button, "text", 75, at, plain=True, required=True)
    check.string(button, "value", 2000, at)
    check.string(button, "url", 3000, at)
    check.string(button, "accessibility_label", 75, at)
    check.one_of(button, "style", ("primary", "danger"), at)
    url = button.get("url")
    if isinstance(url, str) and "://" not in url and not url.startswith("mailto:"):
        check.wrong("invalid url", f"{at}/url")


_SPECIAL: dict[str, Callable[[Check, Json, str], None]] = {
    "button": _button,
    "overflow": menus.overflow,
    "static_select": menus.static,
    "multi_static_select": menus.static,
    "checkboxes": menus.few_choices,
    "radio_buttons": menus.few_choices,
    "external_select": menus.external,
    "multi_external_select": menus.external,
    "users_select": menus.many_ids,
    "channels_select": menus.many_ids,
    "multi_users_select": menus.many_ids,
    "multi_channels_select": menus.many_ids,
    "conversations_select": menus.conversations,
    "multi_conversations_select": menus.conversations,
    "datepicker": inputs.date,
    "timepicker": inputs.time,
    "datetimepicker": inputs.moment,
    "plain_text_input": inputs.typed,
    "number_input": inputs.number,
    "email_text_input": inputs.address,
    "url_text_input": inputs.address,
    "rich_text_input": inputs.rich,
    "file_input": inputs.file,
}
