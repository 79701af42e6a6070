"""What Slack's own client refuses before a form is sent."""

import re
from collections.abc import Callable
from typing import Any

from sandbox.world.state import bare
from sandbox.world.values import Json, StateValues

REQUIRED = "Please complete this required field."
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")
_URL = re.compile(r"[a-zA-Z][a-zA-Z0-9+.-]*://\S+")


def errors(blocks: list[Json], values: StateValues) -> dict[str, str]:
    """What stands in the way of sending the form, by block_id."""
    found = {}
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        value = bare(values[block["block_id"]][element["action_id"]])
        problem = _problem(block, element, value)
        if problem:
            found[block["block_id"]] = problem
    return found


def _problem(block: Json, element: Json, value: Any) -> str | None:
    # A text of spaces goes through: whether Slack's client stops it is not documented, so the app has to.
    if value in (None, "", []):
        return None if block.get("optional") else REQUIRED
    check = _CHECKS.get(element["type"])
    if check is not None:
        return check(element, value)
    most = element.get("max_selected_items")
    if most is not None and len(value) > most:
        return f"Please select at most {most} items."
    return None


def _length(element: Json, value: Any) -> str | None:
    least, most = element.get("min_length", 0), element.get("max_length", 3000)
    if len(value) < least:
        return f"Please enter at least {least} characters."
    if len(value) > most:
        return f"Please enter at most {most} characters."
    return None


def _number(element: Json, value: Any) -> str | None:
    try:
        number = float(value) if element.get("is_decimal_allowed") else int(value)
    except ValueError:
        return "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < float(low):
        return f"Please enter a number of at least {low}."
    if high is not None and number > float(high):
        return f"Please enter a number of at most {high}."
    return None


def _email(_element: Json, value: Any) -> str | None:
    return None if _EMAIL.fullmatch(value) else "Please enter a valid email address."


def _url(_element: Json, value: Any) -> str | None:
    return None if _URL.fullmatch(value) else "Please enter a valid URL."


_CHECKS: dict[str, Callable[[Json, Any], str | None]] = {
    "plain_text_input": _length,
    "number_input": _number,
    "email_text_input": _email,
    "url_text_input": _url,
}
