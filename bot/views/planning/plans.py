"""The form "wrap up and plan"."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.domain.calendar.wording import count, days, period
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning import partners, readings
from bot.domain.planning.contents import active
from bot.domain.planning.plans import Sent
from bot.domain.planning.readings import Lists
from bot.domain.planning.wrapping_up import MyPlan, PlanDraft, TypedItem
from bot.domain.retros import typed
from bot.domain.text import pasted
from bot.domain.text.pasted import Line
from bot.views import kit
from bot.views.heroes import heroes as hero_views
from bot.views.kit import CHECKBOXES, Block, Fields, View, keys
from bot.views.planning import marks as mark_views
from bot.views.sprints.sprints import FINALIZE, SHOW, WRITE, key
from models.intake.requests import Request, State
from models.retros import Action, Side
from models.sprints import UNFINISHED, Item, Mark, Priority, Sprint

MINE = "my_plan"
SAID = {Side.WELL: "What went well?", Side.BETTER: "What could be better?"}
SAID_SHOWN, MOST_SAID = 100, 5  # of one's own notes, in a form that is filled in at a glance
PRIORITIES = {  # by the headings of a sprint page
    "high priority": "high",
    "low priority / side quests": "side",
    "low priority": "side",
    "side quests": "side",
}
NO_GROUPS = {"plan", "my plan", "next sprint", "this sprint", "sprint", "tasks", "to do", "todo", "items"}
TYPED = 3_000  # what one field takes; Slack's own limit


def form(draft: PlanDraft, viewer: str, beside: Sequence[str] = (), *, on_screen: bool = False) -> View:
    """One form for the whole turn: how far my items are, what I learned, what comes next, and when I am hero or off.

    `beside` is what else there is to know, for which the message had no room. What is behind the form shows the plan
    if it is `on_screen`; otherwise the form ends with a receipt.
    """
    high = [item for item in draft.written if item.priority == Priority.HIGH]
    side = [item for item in draft.written if item.priority == Priority.SIDE]
    is_whole = all(len(_typed(listed, whole=True)) <= TYPED for listed in (high, side))
    dates = draft.planning.dates
    about = f"Team {kit.escape(draft.team.name)} · {period(dates.starts_on, dates.ends_on)}"
    final = ["The plan is final. What you add is posted in its thread."] if draft.planning.late else []
    theirs = [day.isoformat() for day in hero_views.theirs(draft.hero_weeks, viewer)]
    carries = {str(item.id): _carries_as(item, draft.again) for item in draft.earlier if item.mark in UNFINISHED}
    metadata = {
        "team": draft.team.id,
        "starts_on": dates.starts_on.isoformat(),
        "notes": is_whole,
        mark_views.AGAIN: carries,
        "seen": Lists({"high": [_as_typed(item) for item in draft.written]}, {}).sign,
        **({"hero": theirs} if theirs else {}),
        **kit.seen_behind(on_screen),
    }
    wraps_up = draft.looks_back or bool(draft.earlier)
    return kit.modal(
        MINE,
        "Wrap up and plan" if wraps_up else "My plan",
        [
            kit.context(kit.clip("\n".join([about, *_elsewhere(draft), *beside, *final]), kit.SECTION_TEXT)),
            *_earlier_blocks(draft.earlier, carries),
            *_said_fields(draft),
            *([kit.section("*What comes next?*")] if wraps_up else []),
            *_actions_field(draft.actions),
            *_requests_field(draft.requests),
            _lines_field("high", "High priority", _typed(high, whole=is_whole), "What must happen this sprint?"),
            _lines_field("side", "Side quests", _typed(side, whole=is_whole), "What else, if there is time?"),
            *hero_views.field(draft.hero_weeks, viewer),
            *_off_fields(draft),
        ],
        submit="Send",
        close="Cancel",
        metadata=json.dumps(metadata),
    )


def read_form(view: Mapping[str, Any]) -> MyPlan:
    """What was filled in."""
    fields = Fields(view)
    metadata = keys.stored(view)
    listed = [keys.number(each) for each in keys.listed(metadata.get("carries", []))]
    carried = mark_views.read_carried(fields, listed)
    return MyPlan(
        team_id=keys.number(metadata["team"]),
        starts_on=keys.day(metadata["starts_on"]),
        marks=mark_views.read_marks(fields),
        **read_priorities(fields),
        left_out=readings.left_out({name: fields.typed(name) for name in ("high", "side")}),
        off_from=fields.date("off_from"),
        off_until=fields.date("off_until"),
        keep_points=not metadata["notes"],
        actions=[keys.number(value) for value in fields.choices("actions")],
        requests=[keys.number(value) for value in fields.choices("requests")],
        said={side: _read_said(fields, side) for side in SAID},
        carries=carried.asked,
        high_again=carried.high,
        dropped=carried.dropped,
        heroes=hero_views.read_field(fields, metadata),
    )


def read_lines(text: str) -> list[TypedItem]:
    """One item a line, without the signs before it; what is indented below it are its points."""
    return [TypedItem(line.words, line.mark, line.points, line.group) for line in pasted.read(text)]


def read_priorities(fields: Fields) -> dict[str, list[TypedItem]]:
    """What was typed into both fields. A heading that names the other field's priority, as the export has, moves its items."""
    found: dict[str, list[TypedItem]] = {"high": [], "side": []}
    for name in ("high", "side"):
        for line in read_lines(fields.typed(name)):
            heading = line.heading.casefold()
            is_group = heading not in PRIORITIES and heading not in NO_GROUPS
            found[PRIORITIES.get(heading, name)].append(line if is_group else replace(line, heading=""))
    return found


def _earlier_blocks(earlier: Sequence[Item], carries: Mapping[str, str]) -> list[Block]:
    """Each item with how far it is and, if it is unfinished, how it carries over."""
    if not earlier:
        return []
    blocks = [kit.section("*How far did you get?* What is unfinished carries over by itself.")]
    for item in earlier:
        blocks.append(mark_views.mark_field(item))
        if (chosen := carries.get(str(item.id))) is not None:
            blocks.append(mark_views.carry_field(item.id, chosen))
    return [*blocks, kit.divider()]


def _carries_as(item: Item, again: Mapping[int, Item]) -> str:
    """How an item carries over unless its owner chooses otherwise."""
    standing = again.get(item.id, item)
    return mark_views.DROP if item.id in again and standing.dropped_at is not None else standing.priority


def _said_fields(draft: PlanDraft) -> list[Block]:
    """What this person says in the retro, beside what they wrote during the sprint."""
    if not draft.looks_back:
        return []
    written = [f"• {kit.escape(kit.shorten(typed.headline(note.text), SAID_SHOWN))}" for note in draft.said[:MOST_SAID]]
    so_far = kit.paragraphs(["*Your notes so far*", *written]) if written else []
    return [*so_far, *(_said_field(side, label) for side, label in SAID.items()), kit.divider()]


def _said_field(side: Side, label: str) -> Block:
    hint = (
        "One note a line; a line with → proposes an action. Your team reads it at the reveal. People who have sent their own notes can read it now."
        if side is Side.WELL
        else ""
    )
    return kit.field(f"said_{side}", label, kit.text_input(f"said_{side}", multiline=True), optional=True, hint=hint)


def _read_said(fields: Fields, side: Side) -> Sequence[str]:
    return typed.read(fields.typed(f"said_{side}")).notes


def _actions_field(candidates: Sequence[Action]) -> list[Block]:
    """What the retro led to, to pick from."""
    if not candidates:
        return []
    choices = [
        kit.option(f"🔁 {action.text}{' (nobody took it)' if action.wants_taker else ''}", str(action.id))
        for action in candidates[:CHECKBOXES]
    ]
    return [
        kit.field(
            "actions",
            "From the retro",
            kit.checkboxes("actions", choices),
            optional=True,
            hint="What you pick becomes a high-priority item of yours. When you finish it, the action is done.",
        )
    ]


def _requests_field(candidates: Sequence[Request]) -> list[Block]:
    """What was asked of the team's desk, to take up."""
    if not candidates:
        return []
    choices = [
        kit.option(f"{'📥' if each.state == State.OPEN else '🤝'} {each.title}", str(each.id)) for each in candidates
    ]
    return [
        kit.field(
            "requests",
            "Requests to take up",
            kit.multi_select("requests", choices[: kit.OPTIONS]),
            optional=True,
            hint="What you pick becomes a high-priority item of yours. If nobody is on the request, you are.",
        )
    ]


def _elsewhere(draft: PlanDraft) -> list[str]:
    """With whom this person is in these days."""
    return [f"🤝 {kit.escape(embeds.yours(each))}" for each in draft.embeds]


def _lines_field(block_id: str, label: str, typed: str, placeholder: str) -> Block:
    element = kit.text_input(block_id, initial=typed, multiline=True, placeholder=placeholder)
    hint = "One item a line. Indented lines are points of the item above them." if block_id == "high" else ""
    return kit.field(block_id, label, element, optional=True, hint=hint)


def _off_fields(draft: PlanDraft) -> list[Block]:
    first = draft.absence.starts_on if draft.absence else None
    last = draft.absence.ends_on if draft.absence else None
    return [
        kit.field("off_from", "My first day off", kit.date_input("off_from", first), optional=True),
        kit.field(
            "off_until",
            "My last day off",
            kit.date_input("off_until", last),
            optional=True,
            hint="For one day leave it empty.",
        ),
    ]


def _as_typed(item: Item) -> TypedItem:
    return TypedItem(item.title, heading=item.heading, others=tuple(item.others.splitlines()))


def _typed(listed: Sequence[Item], *, whole: bool) -> str:
    """What somebody would type to get these items, or their titles alone."""
    if not whole:
        return pasted.typed(Line(item.title) for item in listed)
    return pasted.typed(
        Line(partners.typed(item.title, item.others), points=tuple(item.points.splitlines()), group=item.heading)
        for item in listed
    )


def sent_view(sprint: Sprint, person_id: str, read: Sequence[str] = (), *, finalizes: bool = False) -> View:
    """The receipt for a plan that was sent from where nothing shows it, and for a lead who was the last to answer.

    `read` says how their notes were read.
    """
    mine = [item for item in active(sprint) if item.owner_id == person_id]
    high = sum(item.priority == Priority.HIGH for item in mine)
    where = f", in {kit.channel(sprint.team.channel_id)}" if sprint.team.channel_lost is None else ""
    what = f"{count(high, 'high-priority item')} and {count(len(mine) - high, 'side quest')}" if mine else "Nothing"
    words = f"{what} for {days(sprint.starts_on, sprint.ends_on)}{where}."
    here = key(sprint.team_id, sprint.starts_on)
    buttons = kit.actions(
        kit.button("Finalize", FINALIZE, here, style="primary") if finalizes else None,
        kit.button("Change my plan", WRITE, here),
        kit.button("Show the plan", SHOW, here),
    )
    next_step = " The others have answered: now you can finalize the plan." if finalizes else ""
    return kit.done("Your plan is in", [kit.section(f"{words}{next_step}"), buttons, *kit.paragraphs(read)])


def added_message(sent: Sent, name: str) -> Message:
    """What the card's thread reads when somebody answered after the plan was final."""
    lines = [f"• {kit.escape(item.title)}" for item in sent.added]
    return Message(kit.in_short([f"{kit.escape(name)} added their plan:", *(lines or ["nothing new"])]))


def meanwhile(item: Item) -> Message:
    """What the thread of a final plan reads when an item that was carried into it is settled after all, or open again."""
    words = {Mark.FINISHED: "Finished meanwhile", Mark.WONT_FINISH: "Won't be finished"}
    said = words.get(Mark(item.mark), "Back in the plan")
    return Message(f"{said}: {kit.escape(item.title)} — {kit.escape(item.owner.name)}")
