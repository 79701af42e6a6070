"""The forms for one's items during a sprint: change the plan with a reason, write a note."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.calendar.wording import period
from bot.domain.outbox.posts import Message
from bot.domain.planning import items, readings
from bot.domain.planning.items import REASON_LENGTH, ItemsChanged, Swap
from bot.views import kit
from bot.views.kit import Fields, View, keys
from bot.views.planning.plans import read_lines
from models.sprints import NOTE_LENGTH, Item, Mark, Priority, Sprint

CHANGE = "change_plan"
NOTE = "item_note"


def change_form(sprint: Sprint, viewer: str, *, on_screen: bool) -> View:
    """The form "change my plan"; it ends with a receipt unless what is behind it shows the plan, `on_screen`."""
    mine = items.for_person(sprint, viewer)
    priorities = [kit.option("High priority", Priority.HIGH), kit.option("Side quest", Priority.SIDE)]
    droppable = [kit.option(item.title, str(item.id)) for item in mine]
    about = f"Team {kit.escape(sprint.team.name)} · {period(sprint.starts_on, sprint.ends_on)}"
    return kit.modal(
        CHANGE,
        "Change my plan",
        [
            kit.context(
                f"{about}\nThe plan is final, and changing it is fine. The others read the reason in its thread."
            ),
            kit.field("add", "Add", kit.text_input("add", multiline=True), optional=True, hint="One item a line."),
            kit.field("priority", "Add it as", kit.radio("priority", priorities, Priority.SIDE)),
            *([kit.field("drop", "Drop", kit.multi_select("drop", droppable), optional=True)] if droppable else []),
            kit.field("reason", "Because…", kit.text_input("reason", most=REASON_LENGTH)),
        ],
        submit="Change",
        close="Cancel",
        metadata=json.dumps({"sprint": sprint.id, "team": sprint.team_id, **kit.seen_behind(on_screen)}),
    )


def read_change(view: Mapping[str, Any]) -> tuple[Swap, int | None]:
    """What was filled in, and whose plan it is. A form of an older version knows its sprint and not its team."""
    fields = Fields(view)
    is_old = view["private_metadata"].isdecimal()
    metadata = {"sprint": view["private_metadata"]} if is_old else keys.stored(view)
    swap = Swap(
        sprint_id=keys.number(metadata["sprint"]),
        add=read_lines(fields.typed("add")),
        priority=keys.word(Priority, fields.choice("priority") or Priority.SIDE),
        drop=[keys.number(value) for value in fields.choices("drop")],
        reason=fields.text("reason"),
        left_out=readings.left_out({"add": fields.typed("add")}),
    )
    return swap, None if is_old else keys.number(metadata["team"])


def note_form(item: Item) -> View:
    """The form for the one line of why under an item."""
    return kit.modal(
        NOTE,
        "Write a note",
        [
            kit.section(kit.escape(item.title)),
            kit.field(
                "note",
                "Note",
                kit.text_input(
                    "note", initial=item.note or "", most=NOTE_LENGTH, placeholder="One line of why, or a link"
                ),
                optional=True,
            ),
        ],
        submit="Save",
        close="Cancel",
        metadata=str(item.id),
    )


def read_note(view: Mapping[str, Any]) -> tuple[int, str]:
    """The item's id and the note that was written."""
    return keys.number(view["private_metadata"]), Fields(view).text("note")


def read_mark(value: str) -> tuple[int, Mark | None]:
    """The item's id and the mark that was chosen; no mark when the choice was to write a note."""
    item_id, _, choice = value.partition(":")
    return keys.number(item_id), keys.word(Mark, choice) if choice in set(Mark) else None


def read_pressed_mark(value: str) -> tuple[int, Mark]:
    """The item's id and the mark of the button that was pressed."""
    item_id, _, choice = value.partition(":")
    return keys.number(item_id), keys.word(Mark, choice)


def changed_message(swapped: ItemsChanged) -> Message:
    """What the card's thread reads when somebody changed their plan."""
    lines = [f"{kit.escape(swapped.person.name)} changed the plan, because {kit.escape(swapped.reason)}"]
    lines += [f"+ {kit.escape(item.title)}" for item in swapped.added]
    lines += [f"– ~{kit.escape(item.title)}~" for item in swapped.dropped]
    return Message(kit.in_short(lines))
