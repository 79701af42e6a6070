"""How the lists in a form were read, shown in the form before it is sent."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.planning import exports
from bot.domain.planning.readings import Lists
from bot.domain.planning.wrapping_up import TypedItem
from bot.domain.text.structure import Kind
from bot.views import kit
from bot.views.kit import Block, View, keys

READ = "as_read"
AS_SHOWN = "Send as shown"
NAMES = {"high": "*High priority*", "side": "*Side quests*"}
LEFT_OUT = {  # one, and several
    Kind.HEADING: ("a heading with no item", "headings with no item"),
    Kind.TABLE: ("a table", "tables"),
    Kind.IMAGE: ("an image", "images"),
    Kind.FOLDED: ("a folded part", "folded parts"),
    Kind.COMMENT: ("a hidden comment", "hidden comments"),
    Kind.CODE: ("a block of code", "blocks of code"),
    Kind.WHY: ("a line that says why", "lines that say why"),
}


def unseen(view: Mapping[str, Any], lists: Lists) -> View | None:
    """The form once more with how its lists were read; None when this person has seen that, or need not."""
    metadata = keys.stored(view)
    if not lists.sign or lists.sign == metadata.get("seen") or len(view["blocks"]) >= kit.VIEW_BLOCKS:
        return None
    kept = [block for block in view["blocks"] if block.get("block_id") != READ]
    # It goes right below the field: the window keeps its scroll position, so people are looking there.
    typed = [name for name, items in lists.items.items() if items] or list(lists.items)[:1]
    below = 1 + max(index for index, block in enumerate(kept) if block.get("block_id") in typed)
    rewritten = kit.rewritten(view, [*kept[:below], _block(lists), *kept[below:]])
    carried = json.dumps({**metadata, "seen": lists.sign})
    return {**rewritten, "submit": kit.plain(AS_SHOWN), "private_metadata": carried}


def _block(lists: Lists) -> Block:
    gone = [_some(number, *LEFT_OUT[kind]) for kind, number in lists.left_out.items()]
    lines = [
        f"*This is how your list reads.* Press *{AS_SHOWN}*, or change it above.",
        *([f"*Left out:* {kit.names(gone)}."] if gone else []),
        *(line for name, items in lists.items.items() for line in _list(NAMES.get(name, ""), items)),
    ]
    return {**kit.section(kit.clip("\n".join(lines), kit.SECTION_TEXT)), "block_id": READ}


def _some(number: int, one: str, several: str) -> str:
    return one if number == 1 else f"{number} {several}"


def _list(name: str, items: Sequence[TypedItem]) -> list[str]:
    lines = [name] if name and items else []
    heading = ""
    for item in items:
        if item.heading != heading:
            heading = item.heading
            lines.append(f"_{kit.escape(heading or exports.ALSO)}_")
        whom = kit.escape(exports.with_whom("\n".join(item.others)).removeprefix(", "))
        lines.append(f"• {kit.linked(item.title)}{f' _({whom})_' if whom else ''}{kit.points(item.points)}")
    return lines
