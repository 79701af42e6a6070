"""What people see of the product team's checklist."""

from collections.abc import Collection

from bot.domain.intake.checklists import LINES
from bot.views import kit
from bot.views.kit import Block, View, keys
from models.intake.requests import Request

CHECKLIST = "decision_checklist"
TICK = "decision_tick"
UNTICK = "decision_untick"
START_SMALL = "Start small: ship one workflow that works reliably."
LABELS = dict(
    zip(LINES, ("Features can be found", "Tool logic", "Front-end parts", "Workflows defined"), strict=True),
)


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
