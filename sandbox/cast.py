"""The people whom nobody looks at, and what they press: a script that is plain data."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import TYPE_CHECKING, Any

from sandbox.errors import SandboxError
from sandbox.state import Button, buttons
from sandbox.values import Json

if TYPE_CHECKING:
    from sandbox.person import Person
    from sandbox.workspace import Workspace

RECENT = 5
"""How many of the app's messages in their conversation with it somebody reads, from the newest."""
VIEWS = 3
"""How many views somebody goes through after one press."""


@dataclass(frozen=True)
class Line:
    """One line of the script: who is shown a button with these words may press it.

    `share` is the chance that somebody does, for each message anew. `fields` fills what opens then, by block_id: a form
    is sent, and closed if it asks for more. With `each`, the button is pressed once in every block that has it.
    """

    button: str
    share: float = 1.0
    fields: Mapping[str, Any] = field(default_factory=dict)
    each: bool = False


Press = tuple[Line, Button]


class Cast:
    """Plays the script. Chance is seeded, so that a run can be repeated; a message is acted on once."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret depends on it
        self._handled: set[str] = set()

    def play(self, ws: "Workspace", lines: Sequence[Line]) -> int:
        """Let everybody act whom no open page shows; returns how often something was pressed.

        The first line that fits a message and whose chance comes up wins; lines with `each` share the blocks among them.
        Raises SandboxError and AppFailed like any other act.
        """
        presses = 0
        for person in _unwatched(ws) if lines else ():
            for message in _recent(ws, person):
                presses += self._act(person, message, lines)
        return presses

    def _act(self, person: "Person", message: Json, lines: Sequence[Line]) -> int:
        if message["ts"] in self._handled:
            return 0
        chosen = self._choose(list(buttons(message)), lines)
        if chosen is None:
            return 0
        self._handled.add(message["ts"])
        return sum(_press(person, message["ts"], line, button) for line, button in chosen)

    def _choose(self, offered: list[Button], lines: Sequence[Line]) -> list[Press] | None:
        """What to press; None when the script has no word for any of these buttons."""
        marks: dict[str, Press] = {}
        fits = False
        for line in lines:
            matching = [button for button in offered if button.words == line.button]
            fits = fits or bool(matching)
            if line.each:
                free = [button for button in matching if button.block_id not in marks]
                marks |= {button.block_id: (line, button) for button in free if self._comes_up(line)}
            elif matching and not marks and self._comes_up(line):
                return [(line, matching[0])]
        return list(marks.values()) if fits else None

    def _comes_up(self, line: Line) -> bool:
        return self._random.random() < line.share


def _unwatched(ws: "Workspace") -> Iterator["Person"]:
    with ws.lock:
        users = [each for each in ws.store.users.values() if not (each.is_bot or each.deleted)]
        ids = [each.id for each in users if each.id not in ws.notices.listeners]
    return map(ws.person, ids)


def _recent(ws: "Workspace", person: "Person") -> list[Json]:
    with ws.lock:
        channel = ws.store.im(ws.bot_user_id, person.id)
        newest = reversed(channel.top[-4 * RECENT :]) if channel else ()
        found = [channel.messages[ts] for ts in newest if channel]
    return [each for each in found if each.get("bot_id") == ws.bot_id][:RECENT]


def _press(person: "Person", ts: str, line: Line, button: Button) -> bool:
    """Press it, unless an earlier press has taken it away; an edit of the message may have moved it to another block."""
    with person.ws.lock:
        channel = person.ws.store.im(person.ws.bot_user_id, person.id)
        message = channel.messages.get(ts) if channel else None
        still = next((each for each in buttons(message or {}) if _same(each, button)), None)
    if still is None:
        return False
    person.click(still.element["action_id"], still.element.get("value"), message=message, block_id=still.block_id)
    _answer(person, line.fields)
    return True


def _same(one: Button, other: Button) -> bool:
    return all(one.element.get(key) == other.element.get(key) for key in ("action_id", "value", "text"))


def _answer(person: "Person", fields: Mapping[str, Any]) -> None:
    """Fill and send what has opened, view after view; close what cannot be sent."""
    try:
        for _ in range(VIEWS):
            view = person.view
            if view is None or view["submit"] is None or _submit(person, view, fields):
                break
    finally:
        if person.view is not None:
            person.close_all()


def _submit(person: "Person", view: Json, fields: Mapping[str, Any]) -> dict[str, str]:
    asked = {block["block_id"] for block in view["blocks"] if block["type"] == "input"}
    try:
        return person.submit(**{name: value for name, value in fields.items() if name in asked})
    except SandboxError as error:
        raise SandboxError(f"The script has a line that {person.user.real_name} cannot play: {error}") from error
