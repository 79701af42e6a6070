"""The small questions: is it there, is it text, is it short enough. Each problem names its place."""

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Any

from sandbox.world.values import Json

FileCheck = Callable[[Json], bool]


def any_file(_slack_file: Json) -> bool:
    """For blocks that are looked at without a workspace, where nothing is known of files."""
    return True


@dataclass
class Check:
    """One pass over a payload. Problems read like Slack's, with a JSON pointer.

    `can_show` knows which files of Slack an image may show.
    """

    surface: str
    can_show: FileCheck = any_file
    problems: list[str] = field(default_factory=list)
    block_ids: set[str] = field(default_factory=set)
    action_ids: set[str] = field(default_factory=set)
    text_length: int = 0
    markdown_length: int = 0
    has_input: bool = False
    tables: int = 0
    focused: int = 0

    def wrong(self, problem: str, at: str) -> None:
        """Note a problem at a place such as /blocks/0/text."""
        self.problems.append(f"{problem} [json-pointer:{at}]")

    def known(self, value: Json, keys: Collection[str], at: str) -> None:
        """Refuse properties that Slack's schema does not have."""
        for key in value:
            if key not in keys:
                self.wrong(f"invalid additional property: {key}", at)

    def required(self, value: Json, keys: tuple[str, ...], at: str) -> bool:
        """Refuse a missing property; True when all are there."""
        missing = [key for key in keys if value.get(key) is None]
        for key in missing:
            self.wrong(f"missing required field: {key}", at)
        return not missing

    def string(self, value: Json, key: str, limit: int, at: str, least: int = 0) -> None:
        """A string of `least` to `limit` characters, when it is there."""
        text = value.get(key)
        if text is None:
            return
        if not isinstance(text, str):
            self.wrong("must provide a string", f"{at}/{key}")
        elif len(text) > limit:
            self.wrong(f"must be less than {limit + 1} characters", f"{at}/{key}")
        elif len(text) < least:
            self.wrong(f"must be more than {least - 1} characters", f"{at}/{key}")

    def address(self, value: Json, key: str, at: str) -> None:
        """A web address of at most 3000 characters, when it is there."""
        self.string(value, key, 3000, at, least=1)
        url = value.get(key)
        if isinstance(url, str) and not url.startswith(("http://", "https://")):
            self.wrong("invalid url", f"{at}/{key}")

    def boolean(self, value: Json, keys: tuple[str, ...], at: str) -> None:
        """Real booleans, when they are there."""
        for key in keys:
            if key in value and not isinstance(value[key], bool):
                self.wrong("must provide a boolean", f"{at}/{key}")

    def one_of(self, value: Json, key: str, allowed: tuple[Any, ...], at: str) -> None:
        """A value of a short list, when it is there."""
        if key in value and value[key] not in allowed:
            self.wrong("must be a valid enum value", f"{at}/{key}")

    def subset(self, wanted: Any, allowed: tuple[str, ...], at: str) -> None:
        """A list with at least one value, all of them from a short list."""
        if not isinstance(wanted, list) or not wanted or not all(each in allowed for each in wanted):
            self.wrong("must be a valid enum value", at)

    def integer(self, value: Json, key: str, low: int, high: int, at: str) -> None:
        """A whole number between `low` and `high`, when it is there."""
        number = value.get(key)
        if number is None:
            return
        if not isinstance(number, int) or isinstance(number, bool):
            self.wrong("must provide an integer", f"{at}/{key}")
        elif number < low:
            self.wrong(f"must be greater than {low - 1}", f"{at}/{key}")
        elif number > high:
            self.wrong(f"must be less than {high + 1}", f"{at}/{key}")

    def strings(self, value: Json, key: str, low: int, high: int, at: str) -> None:
        """A list of texts, when it is there."""
        for index, each in enumerate(self.items(value, key, low, high, at)):
            if not isinstance(each, str) or not each:
                self.wrong("must provide a string", f"{at}/{key}/{index}")

    def items(self, value: Json, key: str, low: int, high: int, at: str) -> list[Any]:
        """The list under `key`, refused when it is too short or too long; empty when it is absent or no list."""
        found = value.get(key)
        if found is None:
            return []
        if not isinstance(found, list):
            self.wrong("must provide an array", f"{at}/{key}")
            return []
        if len(found) > high:
            self.wrong(f"no more than {high} items allowed", f"{at}/{key}")
        if len(found) < low:
            self.wrong(f"no fewer than {low} items required", f"{at}/{key}")
        return found

    def objects(self, value: Json, key: str, low: int, high: int, at: str) -> list[tuple[Json, str]]:
        """Like `items`, of objects only, each with its place."""
        pairs = []
        for index, each in enumerate(self.items(value, key, low, high, at)):
            place = f"{at}/{key}/{index}"
            if isinstance(each, dict):
                pairs.append((each, place))
            else:
                self.wrong("must provide an object", place)
        return pairs

    def text(
        self,
        value: Json,
        key: str,
        limit: int,
        at: str,
        *,
        plain: bool = False,
        required: bool = False,
    ) -> None:
        """A text object (Slack: reference/block-kit/composition-objects/text-object)."""
        found = value.get(key)
        place = f"{at}/{key}"
        if found is None:
            if required:
                self.wrong(f"missing required field: {key}", at)
        elif not isinstance(found, dict):
            self.wrong("must provide an object", place)
        else:
            self.text_object(found, limit, place, plain=plain)

    def text_object(self, found: Json, limit: int, place: str, *, plain: bool = False) -> None:
        """The text object itself."""
        kind = found.get("type")
        if kind not in ("plain_text", "mrkdwn"):
            self.wrong("must be one of: plain_text, mrkdwn", f"{place}/type")
            return
        if plain and kind != "plain_text":
            self.wrong("must be a valid enum value: plain_text", f"{place}/type")
        self.known(found, _TEXT_KEYS[kind], place)
        self.boolean(found, ("emoji", "verbatim"), place)
        if self.required(found, ("text",), place):
            self.string(found, "text", limit, place, least=1)
            self.text_length += len(found["text"]) if isinstance(found["text"], str) else 0

    def action_id(self, element: Json, at: str) -> None:
        """An action_id of at most 255 characters, unique within its message, or within its block of a view.

        Slack's page asks for uniqueness in the block; messages with one id in two blocks are refused whole.
        """
        self.string(element, "action_id", 255, at, least=1)
        action_id = element.get("action_id")
        if not isinstance(action_id, str):
            return
        if action_id in self.action_ids:
            self.wrong(f'`action_id` "{action_id}" already exists', f"{at}/action_id")
        self.action_ids.add(action_id)

    def block_id(self, block: Json, at: str) -> None:
        """A block_id of at most 255 characters, unique within its surface."""
        self.string(block, "block_id", 255, at)
        block_id = block.get("block_id")
        if not isinstance(block_id, str) or not block_id:
            return
        if block_id in self.block_ids:
            self.wrong(f'`block_id` "{block_id}" already exists', f"{at}/block_id")
        self.block_ids.add(block_id)


_TEXT_KEYS = {"plain_text": ("type", "text", "emoji"), "mrkdwn": ("type", "text", "verbatim")}
