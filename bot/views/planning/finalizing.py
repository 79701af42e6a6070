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
from bot.views import kit
from bot.views.heroes import heroes as hero_views
from bot.views.kit import Block, Fields, View, keys
from bot.views.planning import comments
from models.retros import Retro
from models.sprints import TITLE_LENGTH, Item, Priority, Sprint

FINAL = "finalize"
DIRECTION = 1_000
NOT_SET_UP = "It will stand in your team's channel. Ask a Slack admin to run `/prickle setup`, so that it stands in the company's too."
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
    metadata = {
        "team": sprint.team_id,
        "starts_on": sprint.starts_on.isoformat(),
        "revision": sprint.revision,
        "high": [item.id for item in active(sprint) if item.priority == Priority.HIGH],
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
            *_order_field(active(sprint)),
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
    then = "Finalizing now reveals the notes, too." if hidden else "They can add their plan when it is final, too."
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
            hint="What most people stand behind is suggested. Anybody in the team can take it.",
        )
    ]


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
    """What was filled in."""
    fields = Fields(view)
    metadata = keys.stored(view)
    return Final(
        team_id=keys.number(metadata["team"]),
        starts_on=keys.day(metadata["starts_on"]),
        revision=keys.number(metadata["revision"]),
        shown_high=metadata["high"],
        direction=fields.text("direction"),
        impacted=fields.text("impacted"),
        high=[keys.number(value) for value in fields.choices("high")],
        improvement=fields.text("improvement"),
    )


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
