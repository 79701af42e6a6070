"""How far each item of earlier sprints is, as fields of the form "wrap up and plan"."""

from collections.abc import Mapping
from typing import Any

from bot.domain.planning.exports import MARKS, carried
from bot.domain.planning.wrapping_up import Marking
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from bot.views.sprints.sprints import MARK_NAMES
from models.sprints import NOTE_LENGTH, Item, Mark

MARK = "mark"
OLD_FATE = "fate"  # a form that was opened under an older version


def with_reasons(view: Mapping[str, Any]) -> View:
    """The same form, with a field for the reason under each item that won't be finished, and under no other."""
    fields = Fields(view)
    blocks: list[Block] = []
    for block in view["blocks"]:
        block_id = block.get("block_id", "")
        if block_id.startswith("because_"):
            continue
        blocks.append(block)
        # What was so when the form opened is not asked about again.
        was = (block.get("element", {}).get("initial_option") or {}).get("value")
        if block_id.startswith(f"{MARK}_") and fields.choice(block_id) == Mark.WONT_FINISH != was:
            number = block_id.removeprefix(f"{MARK}_")
            blocks.append(_because_field(number, fields.text(f"because_{number}")))
    return kit.rewritten(view, blocks)


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
