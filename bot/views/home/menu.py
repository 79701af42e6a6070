"""The menu of `/prickle`: what I owe, what is often wanted, and the rest by part. And help, from the same entries."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from bot.domain.company.parts import Part
from bot.domain.home.menu import Menu, Who
from bot.domain.outbox.posts import Message
from bot.views import kit, routes
from bot.views.home import due as due_views
from bot.views.kit import Block, View

MENU, PART = "menu", "menu_part"
MOST = 12  # entries at a time: more is a list to read, and not a menu
OWED = 4
HELP_LINES = 5
NAMES: Mapping[Part, str] = {
    Part.SPRINTS: "Sprint",
    Part.RETROS: "Retro",
    Part.TEAMS: "Team",
    Part.ROTA: "Hero rota",
    Part.INTAKE: "AI team",
    Part.FEEDBACK: "Feedback",
    Part.COMPANY: "Set up",
}
WHAT_IT_IS = (
    "Prickle keeps small teams in rhythm: plan a sprint together, look back on it, and give each other feedback."
)


class Entry(Protocol):
    """What the menu shows of a feature's entry."""

    @property
    def command(self) -> str: ...
    @property
    def words(self) -> Sequence[str]: ...
    @property
    def label(self) -> str: ...
    @property
    def verb(self) -> str: ...
    @property
    def part(self) -> Part: ...
    @property
    def who(self) -> frozenset[Who]: ...
    @property
    def often(self) -> bool: ...
    @property
    def setting(self) -> bool: ...


def menu_view(menu: Menu, entries: Sequence[Entry]) -> View:
    """The first page."""
    mine = _mine(menu, entries)
    owed = due_views.lines(menu.home)[:OWED]
    parts = [part for part in Part if any(each.part is part for each in mine)]
    often = [each for each in mine if each.often][: MOST - len(owed) - len(parts)]
    blocks = [
        *([] if menu.home.overview else [kit.section(WHAT_IT_IS)]),
        *([kit.section("*For you now*"), *owed] if owed else []),
        *_group("This week" if menu.home.overview else "Begin here", often),
        kit.section("*Everything else*"),
        kit.actions(*(_part_button(part) for part in parts)),
    ]
    return kit.modal(MENU, "Menu", blocks)


def part_view(menu: Menu, part: Part, entries: Sequence[Entry]) -> View:
    """Every verb of a part that is this person's, its settings last."""
    mine = [each for each in _mine(menu, entries) if each.part is part]
    blocks = [
        *_group("", [each for each in mine if not each.setting]),
        *_group("⚙ Settings", sorted((each for each in mine if each.setting), key=lambda each: each.label)),
        kit.divider(),
        kit.actions(routes.MENU.button("‹ Menu")),
    ]
    return kit.modal(PART, NAMES[part], blocks)


def _mine(menu: Menu, entries: Sequence[Entry]) -> list[Entry]:
    return [each for each in entries if each.part in menu.parts and each.who <= menu.who]


def _group(title: str, entries: Sequence[Entry]) -> list[Block]:
    head = [kit.section(f"*{title}*")] if title else []
    return [*head, kit.actions(*map(_button, entries))] if entries else []


def _button(entry: Entry) -> kit.Element:
    return kit.button(entry.label, entry.verb)


def _part_button(part: Part) -> kit.Element:
    return kit.button(NAMES[part], f"{routes.MENU_PART.verb}_{part}", part.value)


def help_message(title: str, entries: Sequence[Entry], unknown: str = "") -> Message:
    """A command's help: five lines at most, and the menu for the rest. `unknown` says which word it did not know."""
    lines = [f"• `{' '.join([each.command, each.words[0]]).strip()}` – {each.label}" for each in entries[:HELP_LINES]]
    text = "\n".join([*([kit.escape(unknown), ""] if unknown else []), f"*{title}*", *lines])
    return Message(text, [kit.section(text), kit.actions(routes.MENU.button("Menu"))])
