"""The form "my plan", and the lead's form that makes a plan final."""

import json
import re
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar.wording import count, days, period
from bot.domain.company import absences
from bot.domain.desks import embeds
from bot.domain.outbox.posts import Message
from bot.domain.planning import exports
from bot.domain.planning.exports import MARKS, carried
from bot.domain.planning.finalizing import Final
from bot.domain.planning.overlaps import Overlap
from bot.domain.planning.plans import (
    CarryOver,
    DaysOffEntry,
    Decision,
    MyPlan,
    PlanDraft,
    Sent,
    TypedItem,
    UnfinishedItem,
    active,
)
from bot.views import kit
from bot.views.kit import Block, Fields, View, keys
from bot.views.planning import comments
from models.company import Person
from models.intake.requests import Request, State
from models.retros import Action
from models.sprints import NOTE_LENGTH, Item, Mark, Priority, Sprint

MINE = "my_plan"
FINAL = "finalize"
FATE = "fate"
OFF = "off"
TYPED = 3_000  # what one field takes; Slack's own limit
DIRECTION = 1_000
TITLE_SHOWN = 80  # of an item, where two stand in a line
CHECKBOXES = 10  # Slack's limit
INDENT = re.compile(r"^(?:\t| {2,})")


# --- my plan ----------------------------------------------------------------------------------------------------


def form(draft: PlanDraft) -> View:
    """The form "my plan": first what is unfinished, then two fields, one item a line."""
    high = [item for item in draft.written if item.priority == Priority.HIGH]
    side = [item for item in draft.written if item.priority == Priority.SIDE]
    with_notes = all(len(_typed(listed, notes=True)) <= TYPED for listed in (high, side))
    dates = draft.planning.dates
    about = f"Team {kit.escape(draft.team.name)} · {period(dates.starts_on, dates.ends_on)}"
    late = ["The plan is final already: yours is taken as a late answer."] if draft.planning.late else []
    metadata = {"team": draft.team.id, "starts_on": dates.starts_on.isoformat(), "notes": with_notes}
    return kit.modal(
        MINE,
        "My plan",
        [
            kit.context(kit.clip("\n".join([about, *_elsewhere(draft), *late]), kit.SECTION_TEXT)),
            *_earlier_blocks(draft.earlier),
            *_actions_field(draft.actions),
            *_requests_field(draft.requests),
            _lines_field("high", "High priority", _typed(high, notes=with_notes), "What must happen this sprint?"),
            _lines_field("side", "Side quests", _typed(side, notes=with_notes), "What else, if there is time?"),
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
    return MyPlan(
        team_id=keys.number(metadata["team"]),
        starts_on=keys.day(metadata["starts_on"]),
        unfinished=_read_decisions(fields),
        high=read_lines(fields.lines("high")),
        side=read_lines(fields.lines("side")),
        off_from=fields.date("off_from"),
        off_until=fields.date("off_until"),
        keep_notes=not metadata["notes"],
        actions=[keys.number(value) for value in fields.choices("actions")],
        requests=[keys.number(value) for value in fields.choices("requests")],
    )


def read_lines(typed: Sequence[str]) -> list[TypedItem]:
    """One item a line, without its bullet; an indented line is the note of the item above it."""
    lines: list[TypedItem] = []
    for text in typed:
        words = " ".join(kit.BULLET.sub("", text).split())
        if not words:
            continue
        if lines and INDENT.match(text):
            note = f"{lines[-1].note} {words}" if lines[-1].note else words
            lines[-1] = TypedItem(lines[-1].title, note)
        else:
            lines.append(TypedItem(words))
    return lines


def with_reasons(view: Mapping[str, Any]) -> View:
    """The same form, with a field for the reason under each item that is to be dropped, and under no other."""
    fields = Fields(view)
    blocks: list[Block] = []
    for block in view["blocks"]:
        block_id = block.get("block_id", "")
        if block_id.startswith("because_"):
            continue
        blocks.append(block)
        if block_id.startswith(f"{FATE}_") and fields.choice(block_id) == CarryOver.DROP:
            number = block_id.removeprefix(f"{FATE}_")
            blocks.append(_because_field(number, fields.text(f"because_{number}")))
    return kit.rewritten(view, blocks)


def _earlier_blocks(earlier: Sequence[UnfinishedItem]) -> list[Block]:
    if not earlier:
        return []
    return [kit.section("*Unfinished from last time*"), *map(_fate_field, earlier), kit.divider()]


def _actions_field(candidates: Sequence[Action]) -> list[Block]:
    """What the retro led to, to pick from."""
    if not candidates:
        return []
    choices = [kit.option(f"🔁 {action.text}", str(action.id)) for action in candidates[:CHECKBOXES]]
    return [
        kit.field(
            "actions",
            "From the retro",
            kit.checkboxes("actions", choices),
            optional=True,
            hint="What you pick becomes an item of high priority. Finished, it settles the action.",
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
            hint="What you pick becomes an item of high priority, and is yours if nobody claimed it.",
        )
    ]


def _elsewhere(draft: PlanDraft) -> list[str]:
    """With whom this person is in these days."""
    return [f"🤝 {kit.escape(embeds.yours(each))}" for each in draft.embeds]


def _fate_field(earlier: UnfinishedItem) -> Block:
    item = earlier.item
    other = "as a side quest" if item.priority == Priority.HIGH else "as high priority"
    choices = [
        kit.option("🟢 Done", CarryOver.DONE),
        kit.option("🔁 Again", CarryOver.AGAIN),
        kit.option(f"🔁 Again, {other}", CarryOver.OTHER),
        kit.option("🔴 Drop, because…", CarryOver.DROP),
    ]
    often = f" ({carried(item.carried)})" if item.carried else ""
    return kit.field(
        f"{FATE}_{item.id}",
        f"{MARKS[Mark(item.mark)]} {item.title}{often}",
        kit.select(f"{FATE}_{item.id}", choices, earlier.fate),
        tells=True,
    )


def _because_field(item_id: str, typed: str) -> Block:
    return kit.field(
        f"because_{item_id}",
        "Because…",
        kit.text_input(f"because_{item_id}", initial=typed, most=NOTE_LENGTH, placeholder="One line for the others"),
    )


def _read_decisions(fields: Fields) -> dict[int, Decision]:
    decisions = {}
    for block_id in fields.starting_with(f"{FATE}_"):
        number = block_id.removeprefix(f"{FATE}_")
        decisions[keys.number(number)] = Decision(
            CarryOver(fields.choice(block_id) or CarryOver.AGAIN), fields.text(f"because_{number}")
        )
    return decisions


def _lines_field(block_id: str, label: str, typed: str, placeholder: str) -> Block:
    element = kit.text_input(block_id, initial=typed, multiline=True, placeholder=placeholder)
    hint = "One item a line. An indented line is the note of the item above it." if block_id == "high" else ""
    return kit.field(block_id, label, element, optional=True, hint=hint)


def _off_fields(draft: PlanDraft) -> list[Block]:
    first = draft.absence.starts_on if draft.absence else None
    last = draft.absence.ends_on if draft.absence else None
    return [
        kit.field("off_from", "My first day off", kit.date_input("off_from", first), optional=True),
        kit.field("off_until", "My last day off", kit.date_input("off_until", last), optional=True),
    ]


def _typed(listed: Sequence[Item], *, notes: bool) -> str:
    return "\n".join(_as_typed(item, item.note if notes else None) for item in listed)


def _as_typed(item: Item, note: str | None) -> str:
    # A title that itself begins like a bullet gets one, which is what is taken off again.
    title = f"- {item.title}" if kit.BULLET.match(item.title) else item.title
    return f"{title}\n  {note}" if note else title


def sent_view(sent: Sent, person_id: str) -> View:
    """The receipt of a plan."""
    mine = [item for item in active(sent.sprint) if item.owner_id == person_id]
    high = sum(item.priority == Priority.HIGH for item in mine)
    where = kit.channel(sent.sprint.team.channel_id)
    what = f"{count(high, 'high priority item')} and {count(len(mine) - high, 'side quest')}" if mine else "Nothing"
    late = " It came late, and is marked so." if sent.late else ""
    return kit.notice(
        "Your plan is in", f"{what} for {days(sent.sprint.starts_on, sent.sprint.ends_on)}, in {where}.{late}"
    )


def late_message(sent: Sent, name: str) -> Message:
    """What the card's thread reads when a plan came after the plan was final."""
    lines = [f"• {kit.escape(item.title)}" for item in sent.added]
    return Message(kit.in_short([f"{kit.escape(name)}'s plan came late:", *(lines or ["nothing to add"])]))


# --- the lead ---------------------------------------------------------------------------------------------------


def finalize_form(sprint: Sprint, open_comments: int = 0, overlaps: Sequence[Overlap] = ()) -> View:
    """The lead's form: direction, hero, who is off, whom it touches, and the order; and what others plan alike."""
    metadata = {
        "team": sprint.team_id,
        "starts_on": sprint.starts_on.isoformat(),
        "revision": sprint.revision,
        "high": [item.id for item in active(sprint) if item.priority == Priority.HIGH],
        "absent": [absence.person_id for absence in sprint.absences],
    }
    about = f"Team {kit.escape(sprint.team.name)} · {period(sprint.starts_on, sprint.ends_on)}"
    return kit.modal(
        FINAL,
        "Finalize the plan",
        [
            kit.context(about),
            *([kit.context(comments.open_line(open_comments))] if open_comments else []),
            kit.field(
                "direction",
                "Direction",
                kit.text_input("direction", initial=sprint.direction, multiline=True, most=DIRECTION),
                hint="What matters most this sprint, and why? One sentence is enough.",
            ),
            *_overlaps_block(overlaps),
            *_order_field(active(sprint)),
            *_hero_field(sprint),
            *_absence_fields(sprint),
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


def _overlaps_block(overlaps: Sequence[Overlap]) -> list[Block]:
    lines = overlap_lines(overlaps)
    return [kit.context(kit.clip("\n".join(lines), kit.SECTION_TEXT))] if lines else []


def overlap_lines(overlaps: Sequence[Overlap]) -> list[str]:
    """What other teams plan that looks like something of ours, each with whom to talk to."""
    if not overlaps:
        return []
    return ["Looks alike in another plan:", *(f"• {_overlap(each)}" for each in overlaps)]


def _overlap(overlap: Overlap) -> str:
    theirs = f"{kit.escape(overlap.team)}: {_at_a_glance(overlap.title)} ({kit.name(overlap.owner)})"
    return f"{theirs} ~ yours: {_at_a_glance(overlap.ours.title)} ({kit.name(overlap.ours.owner.name)})"


def _at_a_glance(title: str) -> str:
    return kit.escape(kit.shorten(title, TITLE_SHOWN))


def read_final(view: Mapping[str, Any]) -> Final:
    """What the lead filled in."""
    fields = Fields(view)
    metadata = keys.stored(view)
    away = fields.choices(OFF)
    return Final(
        team_id=keys.number(metadata["team"]),
        starts_on=keys.day(metadata["starts_on"]),
        revision=keys.number(metadata["revision"]),
        shown_high=metadata["high"],
        absent=metadata["absent"],
        direction=fields.text("direction"),
        hero=fields.choice("hero"),
        off={
            person: DaysOffEntry(fields.date(f"off_from_{person}"), fields.date(f"off_until_{person}"))
            for person in away
        },
        impacted=fields.text("impacted"),
        high=[keys.number(value) for value in fields.choices("high")],
    )


def with_days(view: Mapping[str, Any]) -> View:
    """The same form, with two days for each person who is off, and for nobody else."""
    fields = Fields(view)
    chosen = set(fields.choices(OFF))
    blocks: list[Block] = []
    for block in view["blocks"]:
        if block.get("block_id", "").startswith(("off_from_", "off_until_")):
            continue
        blocks.append(block)
        if block.get("block_id") == OFF:
            for option in block["element"]["options"]:
                person = option["value"]
                if person in chosen:
                    first, last = fields.date(f"off_from_{person}"), fields.date(f"off_until_{person}")
                    blocks += _day_fields(person, option["text"]["text"], first, last)
    return kit.rewritten(view, blocks)


def _order_field(listed: Sequence[Item]) -> list[Block]:
    if not listed:
        return [kit.context("Nobody has written a plan yet. You can finalize it as it is.")]
    choices = [kit.option(f"{kit.shorten(item.title, 60)} — {item.owner.name}", str(item.id)) for item in listed]
    high = [str(item.id) for item in listed if item.priority == Priority.HIGH]
    return [
        kit.field(
            "high",
            "High priority, in order",
            kit.multi_select("high", choices[: kit.OPTIONS], high),
            optional=True,
            hint="To move an item to the end, take it out and add it again. What you leave out is a side quest.",
        )
    ]


def _hero_field(sprint: Sprint) -> list[Block]:
    people = [member.person for member in sprint.team.members]
    choices = [kit.option(person.name, person.id) for person in people]
    return [kit.field("hero", "Support hero", kit.select("hero", choices, sprint.hero_id), optional=True)]


def _absence_fields(sprint: Sprint) -> list[Block]:
    by_id: dict[str, Person] = {member.person_id: member.person for member in sprint.team.members}
    by_id.update({absence.person_id: absence.person for absence in sprint.absences})
    choices = [kit.option(person.name, person.id) for person in by_id.values()]
    away = [absence.person_id for absence in sprint.absences]
    blocks = [kit.field(OFF, "Off during the sprint", kit.multi_select(OFF, choices, away), optional=True, tells=True)]
    for absence in sprint.absences:
        blocks += _day_fields(absence.person_id, absence.person.name, absence.starts_on, absence.ends_on)
    return [*blocks, *_away_lines(sprint)]


def _away_lines(sprint: Sprint) -> list[Block]:
    """Who is away anyway: no field, since that is not the lead's to say."""
    away = [kit.escape(exports.off(each, sprint)) for each in absences.away_in_sprint(sprint)]
    return [kit.context(f"🌴 Away anyway: {', '.join(away)}")] if away else []


def _day_fields(person_id: str, name: str, first: date | None, last: date | None) -> list[Block]:
    start, end = f"off_from_{person_id}", f"off_until_{person_id}"
    hint = "Leave both empty for the whole sprint."
    return [
        kit.field(start, f"{name}’s first day off", kit.date_input(start, first), optional=True),
        kit.field(end, f"{name}’s last day off", kit.date_input(end, last), optional=True, hint=hint),
    ]


def finalized_view(sprint: Sprint, company_channel: str | None) -> View:
    """The receipt of a final plan."""
    where = kit.channel(sprint.team.channel_id)
    if company_channel is None:
        return kit.notice(
            "The plan is final",
            f"It stands in {where}. Ask a Slack admin to run `/prickle setup`, so that it stands in the company's channel too.",
        )
    return kit.notice("The plan is final", f"It stands in {where} and in {kit.channel(company_channel)}.")
