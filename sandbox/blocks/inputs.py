"""Fields to type in, and pickers of dates and times."""

import re
import zoneinfo
from datetime import datetime
from functools import lru_cache
from typing import Any

from sandbox.blocks.checks import Check
from sandbox.blocks.rich_text import check_rich_text
from sandbox.world.values import Json

_NUMBER = re.compile(r"-?\d+(\.\d+)?")
_DISPATCHES = ("on_enter_pressed", "on_character_entered")


def date(check: Check, element: Json, at: str) -> None:
    """A datepicker."""
    initial = element.get("initial_date")
    if initial is not None and not is_in_form(initial, "%Y-%m-%d"):
        check.wrong("must be a valid date in the format YYYY-MM-DD", f"{at}/initial_date")


def time(check: Check, element: Json, at: str) -> None:
    """A timepicker."""
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


def moment(check: Check, element: Json, at: str) -> None:
    """A datetimepicker."""
    check.integer(element, "initial_date_time", 1_000_000_000, 9_999_999_999, at)


def dispatch(check: Check, element: Json, at: str) -> None:
    """When an input tells the app before the form is sent."""
    config = element.get("dispatch_action_config")
    place = f"{at}/dispatch_action_config"
    if config is not None and not isinstance(config, dict):
        check.wrong("must provide an object", place)
    elif config is not None:
        check.subset(config.get("trigger_actions_on"), _DISPATCHES, f"{place}/trigger_actions_on")


def address(check: Check, element: Json, at: str) -> None:
    """A field for an e-mail address or a link."""
    check.string(element, "initial_value", 3000, at)
    dispatch(check, element, at)


def rich(check: Check, element: Json, at: str) -> None:
    """A field for formatted text, which begins with a rich_text block."""
    initial = element.get("initial_value")
    place = f"{at}/initial_value"
    if isinstance(initial, dict) and initial.get("type") == "rich_text":
        check_rich_text(check, initial, place)
    elif initial is not None:
        check.wrong("must provide an object of type rich_text", place)
    dispatch(check, element, at)


def typed(check: Check, element: Json, at: str) -> None:
    """A text field."""
    check.integer(element, "min_length", 0, 3000, at)
    check.integer(element, "max_length", 1, 3000, at)
    longest = element.get("max_length", 3000)
    check.string(element, "initial_value", longest if isinstance(longest, int) else 3000, at)
    check.boolean(element, ("multiline",), at)
    dispatch(check, element, at)
    if isinstance(element.get("min_length"), int) and isinstance(longest, int) and element["min_length"] > longest:
        check.wrong("min_length must not be greater than max_length", f"{at}/min_length")


def number(check: Check, element: Json, at: str) -> None:
    """A number field."""
    check.required(element, ("is_decimal_allowed",), at)
    check.boolean(element, ("is_decimal_allowed",), at)
    for key in ("initial_value", "min_value", "max_value"):
        check.string(element, key, 255, at)
        if isinstance(element.get(key), str) and not _NUMBER.fullmatch(element[key]):
            check.wrong("must be a number", f"{at}/{key}")
    dispatch(check, element, at)


def file(check: Check, element: Json, at: str) -> None:
    """A field for files."""
    if check.surface == "message":
        check.wrong("unsupported type: file_input", f"{at}/type")
    check.integer(element, "max_files", 1, 10, at)
    check.strings(element, "filetypes", 1, 1000, at)
