"""What `/sprint` opens: the sprint that runs with one's items, the one to plan, and what to do next."""

from collections.abc import Sequence

from bot.domain.calendar.wording import days, period, weekday
from bot.domain.planning import exports, partners
from bot.domain.planning.exports import MARKS
from bot.domain.sprints.overviews import ItemLine, Overview, SprintLine
from bot.views import kit, routes
from bot.views.heroes import heroes
from bot.views.kit import Block, View
from bot.views.sprints import closings as closing_views
from bot.views.sprints import sprints as sprint_views
from bot.views.teams import channels
from bot.views.teams import teams as team_views
from models.sprints import Mark

MARK = "item_mark"
BACK = "away_back"
UNDO_AWAY = "away_undo"
NOTE = "note"


def overview_view(overview: Overview) -> View:
    """What `/sprint` opens."""
    bar = routes.bar(routes.SPRINT_TABS, "Now")
    return kit.modal("sprint", f"Team {overview.team_name}", [bar, *overview_blocks(overview)])


def overview_blocks(overview: Overview) -> list[Block]:
    """The running sprint with my items, the one to plan, and what I can do next."""
    return [
        *_still_blocks(overview),
        *_running_blocks(overview),
        *_planning_blocks(overview),
        *hero_rows(overview),
    ]


def hero_rows(overview: Overview) -> list[Block]:
    """The viewer's weeks as support hero, and the next one that nobody has; none is offered where nobody is asked anything."""
    return heroes.rows(
        overview.heroes, overview.viewer, overview.today, offers=not overview.still.stops, ends=overview.hands_over
    )


def _still_blocks(overview: Overview) -> list[Block]:
    """Why nobody is asked anything: the viewer is away, or the team is paused, forming or without a channel."""
    return [*away_blocks(overview), *team_still_blocks(overview)]


def away_blocks(overview: Overview) -> list[Block]:
    """That the viewer is away, and the way back; nothing while they are here."""
    if overview.away is None:
        return []
    until = f" until {weekday(overview.away.last)}" if overview.away.last else ""
    words = f"🌴 You are away{until}. Nobody waits for your plan."
    undo = kit.button("Undo", UNDO_AWAY) if overview.away.can_undo else None
    back = kit.button("I'm back", BACK)
    return [kit.section(words), kit.actions(undo, back)] if undo else [kit.section(words, back)]


def team_still_blocks(overview: Overview) -> list[Block]:
    """Why nobody of the team is asked anything: it is paused, forming or without a channel."""
    blocks = []
    still = overview.still
    if still.paused:
        blocks.append(kit.context(f"⏸️ The team is {team_views.paused_words(still.paused_until, still.paused_because)}"))
    if still.channel_lost is not None:
        blocks.append(kit.context(f"⚠️ {channels.lost_words(still.channel_id, still.channel_lost)}"))
    if still.is_forming:
        blocks.append(kit.context(team_views.FORMING))
    return blocks


def _running_blocks(overview: Overview) -> list[Block]:
    sprint = overview.running
    if sprint is None:
        return [kit.context("No sprint is running.")]
    dates = f"*{period(sprint.starts_on, sprint.ends_on)}* · {sprint_views.tally(overview.items)}"
    this, mine = str(sprint.id), overview.mine()
    here = sprint_views.key(overview.team_id, sprint.starts_on)
    return [
        kit.section(dates),
        *(kit.prose(sprint.direction) if sprint.direction else []),
        *my_items(mine),
        *beside_others(overview, overview.items),
        *([] if mine else [kit.context("None of its items is yours.")]),
        kit.actions(
            _running_plan_button(overview, sprint),
            kit.button("Show the plan", sprint_views.SHOW, here),
            kit.button("Close the sprint", closing_views.CLOSE, this, confirm=closing_views.confirm_field())
            if overview.leads
            else None,
        ),
        kit.divider(),
    ]


def plan_buttons(overview: Overview) -> list[kit.Element]:
    """What the viewer can do with their plans for the sprint to plan and for the one that runs."""
    # A sprint that runs as people wrote it is the one to plan, too: its plan is one plan, with one button.
    running = overview.running
    if overview.plans_what_runs or (running is not None and running.id == overview.planning.sprint_id):
        running = None
    now = _running_plan_button(overview, running) if running is not None else None
    if now is None or running is None:
        return [_plan_button(overview)]
    # Two plans can be changed: each button says which one.
    dates = overview.planning.dates
    named = ((_plan_button(overview), dates.starts_on, dates.ends_on), (now, running.starts_on, running.ends_on))
    return [
        {**button, "text": kit.plain(f"{button['text']['text']}, {days(first, last)}")} for button, first, last in named
    ]


def _running_plan_button(overview: Overview, sprint: SprintLine) -> kit.Element | None:
    if sprint.id == overview.planning.sprint_id and not overview.answered:
        return kit.button(
            "Write my plan", sprint_views.WRITE, sprint_views.key(overview.team_id, sprint.starts_on), style="primary"
        )
    if sprint.finalized_at is not None:
        return kit.button("Change my plan", sprint_views.CHANGE, str(sprint.id))
    return None


def how_far(overview: Overview) -> str:
    """How far the sprint to plan is, for the viewer."""
    if overview.planning.late:
        return "Final"
    return "Your plan is in" if overview.answered else "To plan"


def my_items(items: Sequence[ItemLine]) -> list[Block]:
    """The viewer's items, each with its mark to choose."""
    return [_my_item(item) for item in items]


def _my_item(item: ItemLine) -> Block:
    marks = mark_field(f"{MARK}_{item.id}", item.id, Mark(item.mark), kit.option("✏️ Write a note", f"{item.id}:{NOTE}"))
    return kit.section(
        f"{MARKS[Mark(item.mark)]} {kit.linked(item.title)}{_with(item)}{sprint_views.carried_words(item.carried)}{sprint_views.below(item)}",
        marks,
    )


def _with(item: ItemLine) -> str:
    return f" _({exports.with_whom(item.others).removeprefix(', ')})_" if item.others else ""


def beside_others(overview: Overview, items: Sequence[ItemLine]) -> list[Block]:
    """What the viewer does with its owner: theirs to mark, and mine to know."""
    lines = [
        f"{MARKS[Mark(item.mark)]} {kit.linked(item.title)} — {kit.escape(overview.names.get(item.owner_id, ''))}, with you"
        for item in items
        if partners.is_with(item.others, overview.viewer)
    ]
    return [kit.context(kit.clip("\n".join(lines), kit.SECTION_TEXT))] if lines else []


def mark_field(action_id: str, item_id: int, mark: Mark, *more: kit.Element) -> kit.Element:
    """The four marks of an item, each an emoji and a word: one tap to open, one to choose."""
    choices = [
        kit.option(f"{MARKS[each]} {name}", f"{item_id}:{each}") for each, name in sprint_views.MARK_NAMES.items()
    ]
    return kit.select(action_id, [*choices, *more], f"{item_id}:{mark}")


def _planning_blocks(overview: Overview) -> list[Block]:
    planning = overview.planning
    if overview.plans_what_runs:
        return [kit.context("The next sprint is planned towards the end of this one.")]
    here = sprint_views.key(overview.team_id, planning.dates.starts_on)
    dates = period(planning.dates.starts_on, planning.dates.ends_on)
    is_next = overview.running is None  # while a sprint runs, it is the plan to show
    return [
        kit.section(f"*{how_far(overview)}: {dates}*"),
        *my_items(overview.mine_ahead()),
        *beside_others(overview, overview.ahead),
        kit.context(waiting_for_seats(overview)),
        kit.actions(
            _plan_button(overview),
            kit.button("Finalize again" if planning.late else "Finalize", sprint_views.FINALIZE, here)
            if overview.leads
            else None,
            kit.button("Show the plan", sprint_views.SHOW, here if planning.sprint_id else str(overview.team_id))
            if is_next
            else None,
        ),
    ]


def waiting_for_seats(overview: Overview) -> str:
    """Whose plan is still to come."""
    names = overview.waiting
    if overview.planning.late and names:
        return f"No plan from {kit.names([kit.escape(name) for name in names])} yet; it is welcome at any time."
    return sprint_views.waiting_line(names, overview.members)


def _plan_button(overview: Overview) -> kit.Element:
    planning = overview.planning
    here = sprint_views.key(overview.team_id, planning.dates.starts_on)
    if not overview.answered:
        return kit.button("Write my plan", sprint_views.WRITE, here, style="primary")
    if planning.late:
        return kit.button("Change my plan", f"{sprint_views.CHANGE}_{planning.sprint_id}", str(planning.sprint_id))
    return kit.button("Change my plan", sprint_views.WRITE, here)
