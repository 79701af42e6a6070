"""The people whom nobody looks at, and what they press: a script that is plain data."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from sandbox.people.person import Person
from sandbox.world.core import Core
from sandbox.world.errors import SandboxError
from sandbox.world.state import Button, choices
from sandbox.world.values import Json

RECENT = 5
"""How many of the app's messages in their conversation with it somebody reads, from the newest."""
VIEWS = 3
"""How many views somebody goes through after one press."""
ALL = "*"
"""In a field: every option that it offers, if there is any."""
ME = "{me}"
"""In a field, and in what a message must say: the name of who acts."""


@dataclass(frozen=True)
class Line:
    """One line of the script: who is shown a button, or a choice of a menu, with these words may press it.

    `share` is the chance that somebody does, for each message anew. `fields` fills what opens then, by block_id: a form
    is sent, and closed if it asks for more. With `each`, the button is pressed once in every block that has it; with `over`
    a choice only in a menu that shows one of these words at present.

    With `says` it is pressed in a channel instead of one's own conversation with the app: under a message that says this,
    and not `unless`. One person does for all; with `each`, everybody may, once for every button.
    """

    button: str
    share: float = 1.0
    fields: Mapping[str, Any] = field(default_factory=dict)
    each: bool = False
    says: str = ""
    unless: str = ""
    over: Sequence[str] = ()

    def fits(self, button: Button) -> bool:
        """Whether this is the button, or the choice, that the line is about."""
        return button.words == self.button and (not self.over or button.shown in self.over)

    def suits(self, text: str, name: str) -> bool:
        """Whether somebody of this name acts on a message of a channel."""
        return self.says.replace(ME, name) in text and not (self.unless and self.unless in text)


Press = tuple[Line, Button]


class Cast:
    """Plays the script. Chance is seeded, so that a run can be repeated; each button of a message is thought of once."""

    def __init__(self, seed: int = 0) -> None:
        self._random = Random(seed)  # noqa: S311 - no secret depends on it
        self._handled: set[tuple[str, str]] = set()
        self._played: Counter[int] = Counter()

    def play(self, ws: Core, lines: Sequence[Line]) -> int:
        """Let everybody act whom no open page shows; returns how often something was pressed.

        The first line that fits a message and whose chance comes up wins, and of those for the same button the one that
        was played least; lines with `each` share the blocks among them, and come before it. Raises SandboxError and AppFailed like any other act.
        """
        alone = [line for line in lines if not line.says]
        together = [line for line in lines if line.says]
        presses = 0
        for person in _unwatched(ws) if lines else ():
            for message in _recent(ws, person):
                presses += self._act(person, message, alone)
            for message in _in_channels(ws, person) if together else ():
                presses += self._act_together(person, message, together)
        return presses

    def _act(self, person: Person, message: Json, lines: Sequence[Line]) -> int:
        offered = list(choices(message))
        there = {button.words for button in offered}
        new = [line for line in lines if line.button in there and (message["ts"], line.button) not in self._handled]
        self._handled.update((message["ts"], line.button) for line in new)
        chosen = self._choose(offered, new)
        self._played.update(id(line) for line, _button in chosen)
        return sum(_press(person, message, line, button) for line, button in chosen)

    def _act_together(self, person: Person, message: Json, lines: Sequence[Line]) -> int:
        """Press what the lines say under a message of a channel, unless somebody did, or chose not to."""
        presses = 0
        for line in lines:
            if not line.suits(message.get("text") or "", person.user.shown):
                continue
            here = [each for each in choices(message) if line.fits(each)]
            for button in here if line.each else here[:1]:
                who = f"{person.user.id} {button.element['action_id']}" if line.each else ""
                once = (message["ts"], f"{line.button} {who}")
                if once not in self._handled:
                    self._handled.add(once)
                    presses += self._comes_up(line) and _press(person, message, line, button)
        return presses

    def _choose(self, offered: list[Button], lines: Sequence[Line]) -> list[Press]:
        """What to press of these buttons, and to choose in these menus."""
        marks: dict[str, Press] = {}
        single: list[Press] = []
        for line in self._in_turn(lines):
            matching = [button for button in offered if line.fits(button)]
            if line.each:
                free = [button for button in matching if button.block_id not in marks]
                marks |= {button.block_id: (line, button) for button in free if self._comes_up(line)}
            elif matching and not single and self._comes_up(line):
                single = [(line, matching[0])]
        return [*marks.values(), *single]

    def _in_turn(self, lines: Sequence[Line]) -> Iterator[Line]:
        """The lines, with those for one button in the order of how often each was played: people differ."""
        turns: dict[str, list[Line]] = {}
        for line in sorted(lines, key=lambda each: self._played[id(each)]):
            turns.setdefault(line.button, []).append(line)
        return (turns[line.button].pop(0) for line in lines)

    def _comes_up(self, line: Line) -> bool:
        return self._random.random() < line.share


def _unwatched(ws: Core) -> Iterator[Person]:
    with ws.lock:
        users = [each for each in ws.store.users.values() if not (each.is_bot or each.is_slackbot or each.deleted)]
        alone = [each for each in users if each.id not in ws.notices.listeners]
    return (Person(ws, each) for each in alone)


def _recent(ws: Core, person: Person) -> list[Json]:
    with ws.lock:
        channel = ws.store.im(ws.bot_user_id, person.id)
        newest = reversed(channel.top[-4 * RECENT :]) if channel else ()
        found = [channel.messages[ts] for ts in newest if channel]
    return [each for each in found if each.get("bot_id") == ws.bot_id][:RECENT]


def _in_channels(ws: Core, person: Person) -> list[Json]:
    with ws.lock:
        theirs = [each for each in ws.store.channels_of(person.id) if not each.is_im]
        found = [each.messages[ts] for each in theirs for ts in reversed(each.top[-4 * RECENT :])]
    return [each for each in found if each.get("bot_id") == ws.bot_id]


def _press(person: Person, message: Json, line: Line, button: Button) -> bool:
    """Press it, unless an earlier press has taken it away; an edit of the message may have moved it to another block."""
    with person.ws.lock:
        shown = (channel.messages.get(message["ts"]) for channel in person.ws.store.channels_of(person.id))
        now = next((each for each in shown if each is not None), {})
        still = next((each for each in choices(now) if _same(each, button)), None)
    if still is None:
        return False
    action_id, value = still.element["action_id"], still.element.get("value")
    person.click(action_id, value, message=now, block_id=still.block_id, select=still.choice)
    _answer(person, line.fields)
    return True


def _same(one: Button, other: Button) -> bool:
    same = all(one.element.get(key) == other.element.get(key) for key in ("action_id", "value", "text"))
    return same and one.choice == other.choice


def _answer(person: Person, fields: Mapping[str, Any]) -> None:
    """Fill and send what has opened, view after view; close what cannot be sent."""
    try:
        for _ in range(VIEWS):
            view = person.view
            if view is None or view["submit"] is None or _submit(person, view, fields):
                break
    finally:
        if person.view is not None:
            person.close_all()


def _submit(person: Person, view: Json, fields: Mapping[str, Any]) -> dict[str, str]:
    asked = {block["block_id"]: block["element"] for block in view["blocks"] if block["type"] == "input"}
    filled = {name: _meant(person, value, asked[name]) for name, value in fields.items() if name in asked}
    try:
        return person.submit(**filled)
    except SandboxError as error:
        raise SandboxError(f"The script has a line that {person.user.shown} cannot play: {error}") from error


def _meant(person: Person, value: Any, element: Json) -> Any:
    if value == ALL:
        return [option["value"] for option in element.get("options", [])]
    return value.replace(ME, person.user.shown) if isinstance(value, str) else value
