"""Cursors (Slack: apis/web-api/pagination)."""

import base64
import binascii
from typing import TypeVar

from sandbox.api.args import Args, invalid
from sandbox.world.errors import SlackError
from sandbox.world.values import Json

T = TypeVar("T")


def page(args: Args, everything: list[T], default: int, most: int = 1000) -> tuple[list[T], str]:
    """One page of a list, and the cursor of the next ("" at the end).

    Raises SlackError invalid_cursor, or invalid_arguments for a limit out of range.
    """
    limit = args.number("limit", default)
    if limit < 0 or limit > most:
        raise invalid(f"must be less than {most + 1} [json-pointer:/limit]")
    start = _offset(args.text("cursor"))
    end = start + (limit or default)
    return everything[start:end], _cursor(end) if end < len(everything) else ""


def cursor_json(cursor: str) -> Json:
    """Where Slack puts it."""
    return {"response_metadata": {"next_cursor": cursor}}


def _cursor(offset: int) -> str:
    return base64.b64encode(f"next:{offset}".encode()).decode()


def _offset(cursor: str) -> int:
    if not cursor:
        return 0
    try:
        kind, _, offset = base64.b64decode(cursor, validate=True).decode().partition(":")
        if kind == "next":
            return int(offset)
    except (ValueError, binascii.Error):
        pass
    raise SlackError("invalid_cursor")
