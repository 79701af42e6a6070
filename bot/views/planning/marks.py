"""Fields of the form "wrap up and plan": how far each item of earlier sprints is, and how it carries over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.planning.exports import MARKS, carried
from bot.domain.planning.wrapping_up import Marking
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from bot.views.sprints.sprints import MARK_NAMES
from models.sprints import NOTE_LENGTH, UNFINISHED, Item, Mark, Priority

MARK = "mark"
OLD_FATE = "fate"  # a form that was opened under an older version
CARRY = "carry"
AGAIN = "again"  # in the form's metadata: how each item would carry over, by its id
OLD_HIGH, OLD_DROP = "high_again", "drop_carried"  # two lists of boxes of an older version
DROP = "drop"
CARRIES_AS = {Priority.HIGH: "High priority", Priority.SIDE: "Side quest", DROP: "Not at all: drop it"}


@dataclass(frozen=True)
class Carried:
    """What carries over, by the ids of the items: all that was asked about, what of it has high priority, what is dropped."""

    asked: list[int]
    high: list[int]
    dropped: list[int]


def with_fields(view: Mapping[str, Any]) -> View:
    """The same form as somebody has marked their items: under each what that asks for, and nothing else.

    An item that won't be finished needs a reason. One that is unfinished carries over.
    """
    fields, carries = Fields(view), keys.stored(view).get(AGAIN)
    blocks: list[Block] = []
    for block in view["blocks"]:
        block_id = block.get("block_id", "")
        if block_id.startswith(("because_", f"{CARRY}_")):
            continue
        blocks.append(block)
        if block_id.startswith(f"{MARK}_"):
            # What was so when the form opened is not asked about again.
            was = (block.get("element", {}).get("initial_option") or {}).get("value")
            blocks += _below(
                fields, block_id.removeprefix(f"{MARK}_"), was, carries if isinstance(carries, dict) else {}
            )
    return kit.rewritten(view, blocks)


def _below(fields: Fields, number: str, was: str | None, carries: Mapping[str, Any]) -> Iterator[Block]:
    marked = fields.choice(f"{MARK}_{number}")
    if marked == Mark.WONT_FINISH != was:
        yield _because_field(number, fields.text(f"because_{number}"))
    if number in carries and marked in UNFINISHED:
        yield carry_field(number, fields.choice(f"{CARRY}_{number}") or str(carries[number]))


def carry_field(number: int | str, chosen: str) -> Block:
    """One choice: how an unfinished item carries over."""
    choices = [kit.option(words, value) for value, words in CARRIES_AS.items()]
    name = f"{CARRY}_{number}"
    return kit.field(name, "Carries over as", kit.select(name, choices, chosen))


def read_carried(fields: Fields, listed: list[int]) -> Carried:
    """What was chosen; `listed` is what an older version's form asked about, with two lists of boxes."""
    if fields.starting_with(OLD_HIGH) or fields.starting_with(OLD_DROP):
        return Carried(listed, _ticked(fields, OLD_HIGH), _ticked(fields, OLD_DROP))
    chosen = {
        keys.number(each.removeprefix(f"{CARRY}_")): fields.choice(each) for each in fields.starting_with(f"{CARRY}_")
    }
    return Carried(
        [number for number, to in chosen.items() if to is not None],
        [number for number, to in chosen.items() if to == Priority.HIGH],
        [number for number, to in chosen.items() if to == DROP],
    )


def _ticked(fields: Fields, name: str) -> list[int]:
    return [keys.number(value) for block_id in fields.starting_with(f"{name}_") for value in fields.choices(block_id)]


def mark_field(item: Item) -> Block:
    choices = [kit.option(f"{MARKS[mark]} {name}", mark) for mark, name in MARK_NAMES.items()]
    often = f" ({carried(item.carried)})" if item.carried else ""
    return kit.field(
        f"{MARK}_{item.id}",
        f"{item.title}{often}",
        kit.select(f"{MARK}_{item.id}", choices, item.mark),
        tells=True,
    )


def _because_field(item_id: str, typed: str) -> Block:
    return kit.field(
        f"because_{item_id}",
        "Because…",
        kit.text_input(f"because_{item_id}", initial=typed, most=NOTE_LENGTH, placeholder="One line for the others"),
    )


def read_marks(fields: Fields) -> dict[int, Marking]:
    marks = {}
    for block_id in fields.starting_with(f"{MARK}_"):
        number = block_id.removeprefix(f"{MARK}_")
        chosen = fields.choice(block_id)
        if chosen is not None:
            marks[keys.number(number)] = Marking(keys.word(Mark, chosen), fields.text(f"because_{number}"))
    for block_id in fields.starting_with(f"{OLD_FATE}_"):
        number = block_id.removeprefix(f"{OLD_FATE}_")
        meant = {"done": Mark.FINISHED, "drop": Mark.WONT_FINISH}.get(fields.choice(block_id) or "")
        if meant is not None:
            marks[keys.number(number)] = Marking(meant, fields.text(f"because_{number}"))
    return marks
