"""Windows and forms, and the reader of what was typed into one."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from typing import Any

from bot.platform.errors import Refusal
from bot.views.kit import keys
from bot.views.kit.blocks import section
from bot.views.kit.elements import plain
from bot.views.kit.limits import SECTION_TEXT, TITLE_TEXT, VIEW_BLOCKS, Block, View
from bot.views.kit.text import escape, shorten

SEARCH = "Search"  # what sends a window in which one only looks for something, so that nothing typed is lost


def modal(
    callback_id: str,
    title: str,
    blocks: Sequence[Block],
    *,
    submit: str | None = None,
    close: str = "Close",
    metadata: str = "",
    clear_on_close: bool = False,
) -> View:
    """A window. Its `metadata` carries ids only."""
    view: View = {
        "type": "modal",
        "callback_id": callback_id,
        "title": plain(shorten(title, TITLE_TEXT)),
        "close": plain(close),
        "blocks": list(blocks)[:VIEW_BLOCKS],
    }
    if submit is not None:
        view["submit"] = plain(submit)
    if metadata:
        view["private_metadata"] = metadata
    if clear_on_close:
        view["clear_on_close"] = True
    return view


def done(title: str, blocks: Sequence[Block], *, keep_below: bool = False) -> View:
    """A window that says what was done, and what comes next: a button, or a sentence.

    A form closes where a screen or a message shows its change, so few are left. `tests/views/test_windows.py` names them.
    """
    return modal("notice", title, blocks, clear_on_close=not keep_below)


def notice(title: str, text: str, *, keep_below: bool = False) -> View:
    """A window with one thing to say. Closing it closes the windows below as well, unless they are to be kept."""
    return modal("notice", title, [section(text)], clear_on_close=not keep_below)


def rewritten(view: Mapping[str, Any], blocks: Sequence[Block]) -> View:
    """The view of a payload with other blocks, the way Slack takes it back. What was typed stays where the ids stay."""
    kept = ("type", "callback_id", "title", "submit", "close", "private_metadata", "clear_on_close")
    return {**{name: view[name] for name in kept if view.get(name)}, "blocks": list(blocks)}


def seen_behind(on_screen: bool) -> dict[str, bool]:
    """For a form's metadata: whether what is behind it shows what it changes, so that it closes without a receipt."""
    return {"behind": True} if on_screen else {}


def is_seen_behind(view: Mapping[str, Any]) -> bool:
    """Whether the form was opened from where its change is on screen. A form of an older version does not know."""
    return keys.carries(view, "behind")


def prose(text: str) -> list[Block]:
    """A text that a person wrote, in as few sections as hold it."""
    safe = escape(text)
    if len(safe) <= SECTION_TEXT:
        return [section(safe)]
    # An escaped character takes up to five, so a fifth of the limit always fits.
    step = SECTION_TEXT // 5
    return [section(escape(text[start : start + step])) for start in range(0, len(text), step)]


class Fields:
    """What a person put into a form, by block id. Every form's input has the action id of its block."""

    def __init__(self, view: Mapping[str, Any]) -> None:
        self._values: Mapping[str, Mapping[str, Any]] = view["state"]["values"]

    def _element(self, block_id: str) -> Mapping[str, Any]:
        return next(iter(self._values.get(block_id, {}).values()), {})

    def text(self, block_id: str) -> str:
        """What was typed, without white space around it."""
        return (self._element(block_id).get("value") or "").strip()

    def typed(self, block_id: str) -> str:
        """What was typed, with all its white space."""
        return self._element(block_id).get("value") or ""

    def lines(self, block_id: str) -> list[str]:
        """The lines that were typed, with their indentation; empty ones are left out."""
        return [line.rstrip() for line in (self._element(block_id).get("value") or "").splitlines() if line.strip()]

    def choice(self, block_id: str) -> str | None:
        """The value that was chosen in a menu."""
        chosen = self._element(block_id).get("selected_option")
        return chosen["value"] if chosen else None

    def choices(self, block_id: str) -> list[str]:
        """The values that were chosen, in the order in which they were picked."""
        return [chosen["value"] for chosen in self._element(block_id).get("selected_options") or []]

    def person(self, block_id: str) -> str | None:
        """The id of the person who was picked."""
        return self._element(block_id).get("selected_user")

    def people(self, block_id: str) -> list[str]:
        """The ids of the people who were picked."""
        return list(self._element(block_id).get("selected_users") or [])

    def channel(self, block_id: str) -> str | None:
        """The id of the channel that was picked."""
        return self._element(block_id).get("selected_channel")

    def date(self, block_id: str) -> date | None:
        """The day that was picked. Raises Refusal for one thousands of years away."""
        chosen = self._element(block_id).get("selected_date")
        found = keys.any_day(chosen) if chosen else None
        if found is not None and found.year not in keys.YEARS:
            raise Refusal(f"That is in the year {found.year}. Is the year right?", field=block_id)
        return found

    def time(self, block_id: str) -> time | None:
        """The time that was picked."""
        chosen = self._element(block_id).get("selected_time")
        return keys.clock(chosen) if chosen else None

    def starting_with(self, prefix: str) -> list[str]:
        """The block ids that begin with `prefix`."""
        return [block_id for block_id in self._values if block_id.startswith(prefix)]
