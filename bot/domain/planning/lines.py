"""The lines that somebody typed become items of their plan."""

from collections.abc import Sequence
from dataclasses import replace

from sqlalchemy.orm import Session

from bot.domain.planning import contents
from bot.domain.planning.wrapping_up import MyPlan, TypedItem
from bot.platform.errors import Refusal
from models.sprints import (
    TITLE_LENGTH,
    Item,
    Mark,
    Priority,
    Sprint,
)

MOST_ITEMS = 15  # a person and sprint; the handbook sees 3 to 6, and six people's plans must fit on one card


def write(session: Session, sprint: Sprint, plan: MyPlan, kept: Sequence[Item], person_id: str) -> list[Item]:
    total = len(kept) + len(plan.high) + len(plan.side)
    if total > MOST_ITEMS:
        raise Refusal(
            f"That is {total} items; a plan takes {MOST_ITEMS} a person, and most people pick 3 to 6. "
            "Take out what can wait: your lines are still here.",
            field="high" if len(plan.high) >= len(plan.side) else "side",
        )
    mine = [item for item in sprint.items if item.owner_id == person_id and item.carried_from_id is None]
    before = {contents.title_key(item.title): item for item in mine if item.dropped_at is None}
    seen = {contents.title_key(item.title) for item in kept}
    written = []
    for priority, lines, place in ((Priority.HIGH, plan.high, "high"), (Priority.SIDE, plan.side, "side")):
        for line in lines:
            check_line(line, seen, place)
            seen.add(contents.title_key(line.title))
            item = before.pop(contents.title_key(line.title), None) or _new_item(sprint, person_id)
            item.title, item.priority = line.title, priority
            say(item, line, keeps_points=plan.keep_points)
            session.add(item)
            written.append(item)
    for item in before.values():
        session.delete(item)
    _keep_their_order(sprint, written)
    return written


def check_line(line: TypedItem, seen: set[str], field: str) -> None:
    """Raise Refusal when this line can't be an item; `seen` holds the keys of the titles that are in the plan."""
    shown = line.title if len(line.title) <= 40 else f"{line.title[:39]}…"
    if len(line.title) > TITLE_LENGTH:
        raise Refusal(
            f"“{shown}” is {len(line.title)} characters long; a title takes {TITLE_LENGTH}. "
            "Shorten it, or put the rest in an indented line below it.",
            field=field,
        )
    if contents.title_key(line.title) in seen:
        raise Refusal(f"“{shown}” is in your plan twice. Keep one of them.", field=field)


def say(item: Item, line: TypedItem, *, keeps_points: bool = False) -> None:
    """Have an item say what was typed: its points, its heading, who else does it, and how far it is where a mark was typed."""
    # A form of an older version has the note indented below, which is no point.
    points = [point for point in line.points if point != item.note]
    if points or not keeps_points:
        item.points = "\n".join(points)
    if line.heading or not keeps_points:
        item.heading = line.heading
    if line.others or not keeps_points:
        item.others = "\n".join(line.others)
    item.mark = line.mark or item.mark


def with_lines(plan: MyPlan, picked: Sequence[TypedItem]) -> MyPlan:
    """The plan with what was picked as lines of high priority, where the same line is not there already."""
    there = {contents.title_key(line.title): line for line in [*plan.high, *plan.side]}
    new = {contents.title_key(line.title): line for line in picked if contents.title_key(line.title) not in there}
    return replace(plan, high=[*plan.high, *new.values()])


def _new_item(sprint: Sprint, person_id: str) -> Item:
    item = Item(
        sprint_id=sprint.id,
        owner_id=person_id,
        mark=Mark.NOT_STARTED,
        carried=0,
        position=contents.next_position(sprint),
    )
    sprint.items.append(item)
    return item


def _keep_their_order(sprint: Sprint, written: Sequence[Item]) -> None:
    # My lines keep the places that they have among the others', and take my new order in those places.
    places = sorted(item.position for item in written)
    for item, position in zip(written, places, strict=True):
        item.position = position
