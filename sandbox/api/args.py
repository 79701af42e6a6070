"""The arguments of one call, however they were sent."""

import json
from typing import Any

from sandbox.world.errors import SlackError
from sandbox.world.values import Json

_TRUE = (True, 1, "1", "true", "True", "TRUE")


class Args:
    """Typed access to a call's arguments. An empty string counts as absent, as it does at Slack."""

    def __init__(self, raw: Json) -> None:
        self.raw = raw

    def has(self, name: str) -> bool:
        """True when the argument was sent at all."""
        return self.raw.get(name) is not None

    def text(self, name: str) -> str:
        """A string, empty when absent."""
        value = self.raw.get(name)
        if value is None:
            return ""
        if isinstance(value, bool | int | float):
            return str(value)
        if not isinstance(value, str):
            raise invalid(f"must provide a string [json-pointer:/{name}]")
        return value

    def need(self, name: str) -> str:
        """A string that must be there. Raises SlackError invalid_arguments."""
        value = self.text(name)
        if not value:
            raise invalid(f"missing required field: {name}")
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """A boolean in any of the ways that clients send one."""
        value = self.raw.get(name)
        return default if value is None or value == "" else value in _TRUE

    def number(self, name: str, default: int) -> int:
        """A whole number. Raises SlackError invalid_arguments."""
        value = self.raw.get(name)
        if value is None or value == "":
            return default
        try:
            return int(value)
        except (TypeError, ValueError):
            raise invalid(f"must provide an integer [json-pointer:/{name}]") from None

    def json(self, name: str, code: str) -> Any:
        """An object or list, itself or as a JSON string; None when absent. Raises SlackError `code`."""
        value = self.raw.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(code) from None


def invalid(problem: str) -> SlackError:
    """Slack's invalid_arguments, with the reason where Slack puts it."""
    return SlackError("invalid_arguments", response_metadata={"messages": [f"[ERROR] {problem}"]})
