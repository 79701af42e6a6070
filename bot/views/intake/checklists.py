"""What people see of the product team's checklist."""

from collections.abc import Collection, Mapping
from typing import Any

from bot.domain.intake.card_contents import CardContent
from bot.domain.intake.checklists import LINES
from bot.platform.errors import Outdated
from bot.views import kit
from bot.views.kit import Block, View, keys
from models.intake.requests import Request, State

BOXES = "decision_boxes"
CHECKLIST = "decision_checklist"  # in an older version's messages, and what its window holds
TICK = "decision_tick"
UNTICK = "decision_untick"
START_SMALL = "Start small: ship one workflow that works reliably."
LABELS = dict(
    zip(LINES, ("Features can be found", "Tool logic", "Front-end parts", "Workflows defined"), strict=True),
)


def card_blocks(shown: CardContent) -> list[Block]:
    """The boxes on the card, once work has begun; what was ticked, once it is done."""
    request = shown.request
    ticked = [each for each in LINES if each in shown.ticks]
    if request.state == State.DONE and ticked:
        return [kit.context(" · ".join(f"{'☑' if each in ticked else '☐'} {LABELS[each]}" for each in LINES))]
    if not shown.has_begun:
        return []
    boxes = kit.checkboxes(BOXES, [kit.option(LABELS[each], each) for each in LINES], ticked)
    # What is shown is part of the id: a press says what its person saw, and Slack draws the boxes anew after an edit.
    block = {**kit.actions(boxes), "block_id": f"{BOXES}:{request.id}:{','.join(ticked)}"}
    return [kit.context(START_SMALL), block]


def read_boxes(action: Mapping[str, Any]) -> tuple[int, list[str], list[str]]:
    """The request's id, and which lines somebody has ticked and unticked of those that they saw."""
    parts = str(action.get("block_id") or "").split(":")
    if len(parts) != 3 or parts[0] != BOXES:
        raise Outdated
    chosen = {str(each.get("value")) for each in action.get("selected_options") or []}
    seen = set(filter(None, parts[2].split(",")))
    return keys.number(parts[1]), sorted(chosen - seen), sorted(seen - chosen)


def checklist_view(request: Request, ticks: Collection[str]) -> View:
    """The product team's own checklist, each line to be ticked or unticked by either side."""
    head = kit.section(f"*{kit.escape(request.title)}*\n{START_SMALL} Both sides tick; the card shows it to everybody.")
    lines = [_checklist_line(request, each, each in ticks) for each in LINES]
    return kit.modal(CHECKLIST, "Checklist", [head, *lines], metadata=str(request.id))


def _checklist_line(request: Request, name: str, is_ticked: bool) -> Block:
    verb, words = (UNTICK, "Not yet") if is_ticked else (TICK, "Tick")
    button = kit.button(words, f"{verb}_{name}", f"{request.id}:{name}")
    return kit.section(f"{'☑' if is_ticked else '☐'} {LABELS[name]}", button)


def read_line(value: str) -> tuple[int, str]:
    """The request's id, and the line of its checklist."""
    request_id, _, name = value.partition(":")
    return keys.number(request_id), name
