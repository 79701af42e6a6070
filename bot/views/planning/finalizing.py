"""The form that makes a plan final, with what touches other teams."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import period
from bot.domain.company import absences
from bot.domain.heroes import heroes
from bot.domain.planning import exports
from bot.domain.planning.contents import active
from bot.domain.planning.finalizing import Final
from bot.domain.planning.overlaps import Overlap
from bot.domain.retros import closings
from bot.views import kit
from bot.views.heroes import heroes as hero_views
from bot.views.kit import Block, Fields, View, keys
from bot.views.planning import comments
from models.retros import Retro
from models.sprints import TITLE_LENGTH, Item, Priority, Sprint

FINAL = "finalize"
DIRECTION = 1_000
NOT_SET_UP = "It will be posted in your team's channel. Ask a Slack admin to run `/prickle setup`, so that it's in the company's too."
PLACE = "place"
SIDE = "side"
ROWS = 75  # with what else the form holds they fit into a window's 100 blocks
PLACES = 15  # more choices in every row would not fit into one window
ROW_TEXT = 1_000
PROPOSALS, PROPOSAL = 3, 80  # of what the notes propose, how many are named, and in how many characters
TITLE_SHOWN = 80  # of an item, where two stand in a line


def finalize_form(
    sprint: Sprint,
    now: datetime,
    open_comments: int = 0,
    overlaps: Sequence[Overlap] = (),
    *,
    retro: Retro | None = None,
    improvement: str = "",
    waiting: Sequence[str] = (),
    hidden: bool = False,
    is_set_up: bool = True,
) -> View:
    """Direction, order, other teams impacted and one improvement. Heroes and days off are shown as people entered them, with what others plan.

    `waiting` names who has not answered. Where notes are still `hidden`, they are revealed with this.
    """
    high = [item.id for item in active(sprint) if item.priority == Priority.HIGH]
    metadata = {
        "team": sprint.team_id,
        "starts_on": sprint.starts_on.isoformat(),
        "revision": sprint.revision,
        "high": high,
        "order": high,
        "turn": 0,
    }
    about = [f"Team {kit.escape(sprint.team.name)} · {period(sprint.starts_on, sprint.ends_on)}", *_who(sprint, now)]
    return kit.modal(
        FINAL,
        "Finalize the plan",
        [
            kit.context(kit.clip("\n".join(about), kit.SECTION_TEXT)),
            *_waiting_block(waiting, hidden=hidden),
            *([] if is_set_up else [kit.context(NOT_SET_UP)]),
            *([kit.context(comments.open_line(open_comments))] if open_comments else []),
            kit.field(
                "direction",
                "Direction",
                kit.text_input("direction", initial=sprint.direction, multiline=True, most=DIRECTION),
                hint="What matters most this sprint, and why? One sentence is enough.",
            ),
            *_overlaps_block(overlaps),
            *_order_blocks(active(sprint)),
            *_improvement_field(retro, improvement),
            kit.field(
                "impacted",
                "Other teams impacted",
                kit.text_input("impacted", initial=sprint.impacted, multiline=True, most=DIRECTION),
                optional=True,
                hint="One a line: the team, and what changes for it.",
            ),
        ],
        submit="Finalize",
        close="Cancel",
        metadata=json.dumps(metadata, separators=(",", ":")),
    )


def _waiting_block(waiting: Sequence[str], *, hidden: bool) -> list[Block]:
    if not waiting:
        return []
    names = kit.names([kit.escape(name) for name in waiting])
    then = "Finalizing now reveals the notes, too." if hidden else "They can still add theirs when the plan is final."
    return [kit.section(f"No answer from {names} yet. {then}")]


def _who(sprint: Sprint, now: datetime) -> list[str]:
    """Who is hero and who is off, as people said: that is theirs to say."""
    hero = hero_views.facts(heroes.of(sprint), cadence.local_date(now, sprint.team.zone))
    off = [kit.escape(exports.off(each, sprint)) for each in absences.in_sprint(sprint)]
    return [*hero, *([f"🌴 Off: {', '.join(off)}"] if off else [])]


def _improvement_field(retro: Retro | None, improvement: str) -> list[Block]:
    if retro is None:
        return []
    return [
        kit.field(
            "improvement",
            "One improvement from the retro",
            kit.text_input("improvement", initial=improvement, most=TITLE_LENGTH),
            optional=True,
            hint=_hint(retro),
        )
    ]


def _hint(retro: Retro) -> str:
    """With what the notes propose: most retros close by themselves, and the form that offers it is then not seen."""
    if retro.revealed_at is None:
        return "You see the notes once you finalize. You can pick an improvement later, too, when you close the retro."
    proposed = [each.text for each in closings.proposed(retro)]
    quoted = [f"“{kit.shorten(text, PROPOSAL)}”" for text in proposed[:PROPOSALS]]
    also = f" The notes propose: {', '.join(quoted)}." if quoted else ""
    return f"Prickle suggests what most people agree with. Anybody in the team can take it.{also}"


def _overlaps_block(overlaps: Sequence[Overlap]) -> list[Block]:
    lines = overlap_lines(overlaps)
    return [kit.context(kit.clip("\n".join(lines), kit.SECTION_TEXT))] if lines else []


def overlap_lines(overlaps: Sequence[Overlap]) -> list[str]:
    """What other teams plan that looks like something of ours, each with whom to talk to."""
    if not overlaps:
        return []
    return ["Another team plans something alike. Talk to each other:", *(f"• {_overlap(each)}" for each in overlaps)]


def _overlap(overlap: Overlap) -> str:
    theirs = f"{kit.escape(overlap.team)}: “{_at_a_glance(overlap.title)}” ({kit.name(overlap.owner)})"
    return f"{theirs}. Yours: “{_at_a_glance(overlap.ours.title)}” ({kit.name(overlap.ours.owner.name)})"


def _at_a_glance(title: str) -> str:
    return kit.escape(kit.shorten(kit.unlinked(title), TITLE_SHOWN))


def read_final(view: Mapping[str, Any]) -> Final:
    """What was filled in."""
    fields = Fields(view)
    metadata = keys.stored(view)
    return Final(
        team_id=keys.number(metadata["team"]),
        starts_on=keys.day(metadata["starts_on"]),
        revision=keys.number(metadata["revision"]),
        shown_high=[keys.number(each) for each in keys.listed(metadata["high"])],
        direction=fields.text("direction"),
        impacted=fields.text("impacted"),
        # A form of an older version has a field.
        high=[keys.number(each) for each in keys.listed(metadata.get("order", fields.choices("high")))],
        improvement=fields.text("improvement"),
    )


# --- what matters most, in order --------------------------------------------------------------------------------


def _order_blocks(listed: Sequence[Item]) -> list[Block]:
    """Each item with its place in a menu, so that it is moved by one choice; what has no place is a side quest."""
    if not listed:
        return [kit.context("Nobody has written a plan yet. You can finalize it as it is.")]
    rows = {
        item.id: kit.escape(f"{kit.shorten(kit.unlinked(item.title), TITLE_SHOWN)} — {exports.whose(item)}")
        for item in listed[:ROWS]
    }
    high = [item.id for item in listed if item.priority == Priority.HIGH]
    more = [kit.context(f"… and {len(listed) - ROWS} more, as they stand.")] if len(listed) > ROWS else []
    return [kit.section("*What matters most, in order*"), *_rows(rows, high, turn=0), *more]


def _rows(rows: Mapping[int, str], high: Sequence[int], *, turn: int) -> list[Block]:
    placed = [item_id for item_id in high if item_id in rows]
    others = [item_id for item_id in rows if item_id not in high]
    return [
        # A choice stays in a window as long as the block's id does, so each turn has its own.
        kit.section(
            kit.clip(rows[item_id], ROW_TEXT),
            kit.select(f"{PLACE}_{item_id}", _places(placed, item_id), _place(placed, item_id)),
            block_id=f"{PLACE}_{item_id}_{turn}",
        )
        for item_id in [*placed, *others]
    ]


def _places(placed: Sequence[int], item_id: int) -> list[kit.Element]:
    """Where it may go: to one of the first places, or to the side quests. It may stay where it is."""
    last = len(placed) + (0 if item_id in placed else 1)
    numbers = [str(each) for each in range(1, min(last, PLACES) + 1)]
    names = dict.fromkeys([*numbers, _place(placed, item_id), SIDE])
    return [kit.option("Side quest" if each == SIDE else each, each) for each in names]


def _place(placed: Sequence[int], item_id: int) -> str:
    return str(placed.index(item_id) + 1) if item_id in placed else SIDE


def with_order(view: Mapping[str, Any], pressed: str) -> View:
    """The same form, reordered after a person chose a place for an item. `pressed` is the id of that item's select.

    After two quick choices the second payload carries both, and both are applied.
    """
    metadata = keys.stored(view)
    fields = Fields(view)
    blocks = {block["block_id"]: block for block in view["blocks"] if block.get("block_id", "").startswith(f"{PLACE}_")}
    rows = {_row(block_id): block["text"]["text"] for block_id, block in blocks.items()}
    shown = [keys.number(each) for each in keys.listed(metadata["order"])]
    placed = [item_id for item_id in shown if item_id in rows]
    chosen = {_row(block_id): fields.choice(block_id) for block_id in blocks}
    changed = [each for each, place in chosen.items() if place is not None and place != _place(placed, each)]
    for item_id in sorted(changed, key=lambda each: f"{PLACE}_{each}" == pressed):
        placed = [each for each in placed if each != item_id]
        if chosen[item_id] != SIDE:
            placed.insert(keys.number(chosen[item_id]) - 1, item_id)
    turn = keys.number(metadata["turn"]) + 1
    order = [*placed, *(item_id for item_id in shown if item_id not in rows)]
    metadata |= {"order": order, "turn": turn}
    first = next((index for index, block in enumerate(view["blocks"]) if block.get("block_id") in blocks), 0)
    others = [block for block in view["blocks"] if block.get("block_id") not in blocks]
    form = kit.rewritten(view, [*others[:first], *_rows(rows, placed, turn=turn), *others[first:]])
    return {**form, "private_metadata": json.dumps(metadata, separators=(",", ":"))}


def _row(block_id: str) -> int:
    return keys.number(block_id.removeprefix(f"{PLACE}_").partition("_")[0])
