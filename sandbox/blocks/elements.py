"""Interactive elements: buttons, menus, pickers, inputs (Slack: reference/block-kit/block-elements)."""

import re
import zoneinfo
from collections.abc import Callable
from datetime import datetime
from functools import lru_cache
from typing import Any

from sandbox.blocks.checks import Check
from sandbox.world.values import Json

_MENU = ("type", "action_id", "placeholder", "confirm", "focus_on_load")
_INPUT = ("type", "action_id", "placeholder", "focus_on_load", "dispatch_action_config", "initial_value")
_FILE_ID = re.compile(r"[F][A-Z0-9]{8,}")
_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DISPATCHES = ("on_enter_pressed", "on_character_entered")
_CONVERSATIONS = ("im", "mpim", "private", "public")

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
    if element.get("focus_on_load"):
        check.focused += 1
        if check.focused > 1:
            check.wrong("only one element can have focus_on_load", f"{at}/focus_on_load")
    special = _SPECIAL.get(kind)
    if special is not None:
        special(check, element, at)


def check_image(check: Check, image: Json, at: str) -> None:
    """An image element; the block of the same name adds a title."""
    check.known(image, ("type", "image_url", "alt_text", "slack_file"), at)
    check.required(image, ("alt_text",), at)
    check_image_source(check, image, at)


def check_image_source(check: Check, image: Json, at: str) -> None:
    """Where the picture comes from, and what stands in for it."""
    check.address(image, "image_url", at)
    check.string(image, "alt_text", 2000, at, least=1)
    if (image.get("image_url") is None) == (image.get("slack_file") is None):
        check.wrong("must define one of: image_url, slack_file", at)
    slack_file = image.get("slack_file")
    if isinstance(slack_file, dict):
        _slack_file(check, slack_file, f"{at}/slack_file")
    elif slack_file is not None:
        check.wrong("must provide an object", f"{at}/slack_file")


def _slack_file(check: Check, slack_file: Json, at: str) -> None:
    """A file by its id or its address (Slack: reference/block-kit/composition-objects/slack-file-object)."""
    before = len(check.problems)
    check.known(slack_file, ("id", "url"), at)
    if (slack_file.get("id") is None) == (slack_file.get("url") is None):
        check.wrong("must define one of: id, url", at)
    check.address(slack_file, "url", at)
    file_id = slack_file.get("id")
    if file_id is not None and not (isinstance(file_id, str) and _FILE_ID.fullmatch(file_id)):
        check.wrong(f"input must match regex pattern: ^{_FILE_ID.pattern}$", f"{at}/id")
    if len(check.problems) == before and not check.can_show(slack_file):
        check.wrong("invalid slack file", at)


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


def _options(check: Check, element: Json, at: str, most: int, *, mrkdwn: bool = False, url: bool = False) -> None:
    values: set[Any] = set()
    for option, place in check.objects(element, "options", 1, most, at):
        _option(check, option, place, mrkdwn=mrkdwn, url=url)
        if most == 10 and option.get("value") in values:
            check.wrong("option values must be unique", f"{place}/value")
        values.add(str(option.get("value")))


def _option(check: Check, option: Json, at: str, *, mrkdwn: bool = False, url: bool = False) -> None:
    check.known(option, ("text", "value", "description", *(("url",) if url else ())), at)
    check.text(option, "text", 75, at, plain=not mrkdwn, required=True)
    check.required(option, ("value",), at)
    check.string(option, "value", 150, at)
    check.text(option, "description", 75, at, plain=not mrkdwn)
    check.string(option, "url", 3000, at)


def _overflow(check: Check, element: Json, at: str) -> None:
    check.required(element, ("options",), at)
    _options(check, element, at, 5, url=True)


def _static(check: Check, element: Json, at: str) -> None:
    if ("options" in element) == ("option_groups" in element):
        check.wrong("must define exactly one of: options, option_groups", at)
    _options(check, element, at, 100)
    for group, place in check.objects(element, "option_groups", 1, 100, at):
        check.known(group, ("label", "options"), place)
        check.text(group, "label", 75, place, plain=True, required=True)
        check.required(group, ("options",), place)
        _options(check, group, place, 100)
    _initial(check, element, at)
    check.integer(element, "max_selected_items", 1, 1_000_000, at)


def _initial(check: Check, element: Json, at: str) -> None:
    offered = offered_options(element)
    initial = element.get("initial_option")
    if initial is not None and not _offers(offered, initial):
        check.wrong("initial_option was not found in the options", f"{at}/initial_option")
    for index, each in enumerate(check.items(element, "initial_options", 1, 100, at)):
        if not _offers(offered, each):
            check.wrong("initial_options were not found in the options", f"{at}/initial_options/{index}")


def _offers(offered: list[Json], wanted: Any) -> bool:
    return isinstance(wanted, dict) and any(_same(option, wanted) for option in offered)


def _same(option: Json, wanted: Json) -> bool:
    return option.get("value") == wanted.get("value") and _words(option) == _words(wanted)


def _words(option: Json) -> Any:
    text = option.get("text")
    return text.get("text") if isinstance(text, dict) else None


def offered_options(element: Json) -> list[Json]:
    """All options of a static element, those in groups included."""
    groups = element.get("option_groups")
    lists = [element.get("options")]
    if isinstance(groups, list):
        lists += [group.get("options") for group in groups if isinstance(group, dict)]
    return [each for options in lists if isinstance(options, list) for each in options if isinstance(each, dict)]


def _few_choices(check: Check, element: Json, at: str) -> None:
    check.required(element, ("options",), at)
    _options(check, element, at, 10, mrkdwn=True)
    _initial(check, element, at)


def _external(check: Check, element: Json, at: str) -> None:
    check.integer(element, "min_query_length", 0, 1_000_000, at)
    check.integer(element, "max_selected_items", 1, 1_000_000, at)
    initial = element.get("initial_option")
    if isinstance(initial, dict):
        _option(check, initial, f"{at}/initial_option")
    elif initial is not None:
        check.wrong("must provide an object", f"{at}/initial_option")
    for option, place in check.objects(element, "initial_options", 1, 100, at):
        _option(check, option, place)


def _many_ids(check: Check, element: Json, at: str) -> None:
    check.integer(element, "max_selected_items", 1, 1_000_000, at)
    for key in ("initial_users", "initial_channels", "initial_conversations"):
        check.items(element, key, 0, 1000, at)


def _conversations(check: Check, element: Json, at: str) -> None:
    _many_ids(check, element, at)
    wanted = element.get("filter")
    if wanted is None:
        return
    place = f"{at}/filter"
    if not isinstance(wanted, dict):
        check.wrong("must provide an object", place)
        return
    check.known(wanted, ("include", "exclude_external_shared_channels", "exclude_bot_users"), place)
    check.boolean(wanted, ("exclude_external_shared_channels", "exclude_bot_users"), place)
    if "include" in wanted:
        _subset(check, wanted["include"], _CONVERSATIONS, f"{place}/include")


def _date(check: Check, element: Json, at: str) -> None:
    initial = element.get("initial_date")
    if initial is not None and not is_in_form(initial, "%Y-%m-%d"):
        check.wrong("must be a valid date in the format YYYY-MM-DD", f"{at}/initial_date")


def _time(check: Check, element: Json, at: str) -> None:
    initial = element.get("initial_time")
    if initial is not None and not is_in_form(initial, "%H:%M"):
        check.wrong("must be a valid time in the format HH:mm", f"{at}/initial_time")
    zone = element.get("timezone")
    if zone is not None and zone not in _zones():
        check.wrong("must be a valid IANA time zone", f"{at}/timezone")


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def is_in_form(text: Any, form: str) -> bool:
    """True for a date or time as Slack's pickers give it, every digit there: 09:05, never 9:05."""
    try:
        return isinstance(text, str) and datetime.strptime(text, form).strftime(form) == text  # noqa: DTZ007
    except ValueError:
        return False


def _moment(check: Check, element: Json, at: str) -> None:
    check.integer(element, "initial_date_time", 1_000_000_000, 9_999_999_999, at)


def _dispatch(check: Check, element: Json, at: str) -> None:
    config = element.get("dispatch_action_config")
    place = f"{at}/dispatch_action_config"
    if config is not None and not isinstance(config, dict):
        check.wrong("must provide an object", place)
    elif config is not None:
        _subset(check, config.get("trigger_actions_on"), _DISPATCHES, f"{place}/trigger_actions_on")


def _subset(check: Check, wanted: Any, allowed: tuple[str, ...], at: str) -> None:
    if not isinstance(wanted, list) or not wanted or not all(each in allowed for each in wanted):
        check.wrong("must be a valid enum value", at)


def _typed(check: Check, element: Json, at: str) -> None:
    check.integer(element, "min_length", 0, 3000, at)
    check.integer(element, "max_length", 1, 3000, at)
    longest = element.get("max_length", 3000)
    check.string(element, "initial_value", longest if isinstance(longest, int) else 3000, at)
    check.boolean(element, ("multiline",), at)
    _dispatch(check, element, at)
    if isinstance(element.get("min_length"), int) and isinstance(longest, int) and element["min_length"] > longest:
        check.wrong("min_length must not be greater than max_length", f"{at}/min_length")


def _number(check: Check, element: Json, at: str) -> None:
    check.required(element, ("is_decimal_allowed",), at)
    check.boolean(element, ("is_decimal_allowed",), at)
    for key in ("initial_value", "min_value", "max_value"):
        check.string(element, key, 255, at)
        if isinstance(element.get(key), str) and not _NUMBER.fullmatch(element[key]):
            check.wrong("must be a number", f"{at}/{key}")
    _dispatch(check, element, at)


def _file(check: Check, element: Json, at: str) -> None:
    if check.surface == "message":
        check.wrong("unsupported type: file_input", f"{at}/type")
    check.integer(element, "max_files", 1, 10, at)


_SPECIAL: dict[str, Callable[[Check, Json, str], None]] = {
    "button": _button,
    "overflow": _overflow,
    "static_select": _static,
    "multi_static_select": _static,
    "checkboxes": _few_choices,
    "radio_buttons": _few_choices,
    "external_select": _external,
    "multi_external_select": _external,
    "multi_users_select": _many_ids,
    "multi_channels_select": _many_ids,
    "conversations_select": _conversations,
    "multi_conversations_select": _conversations,
    "datepicker": _date,
    "timepicker": _time,
    "datetimepicker": _moment,
    "plain_text_input": _typed,
    "number_input": _number,
    "email_text_input": _dispatch,
    "url_text_input": _dispatch,
    "rich_text_input": _dispatch,
    "file_input": _file,
}
