"""All plans of the company at a glance, a page of teams at a time."""

from collections.abc import Sequence

from bot.domain.calendar.wording import count, days
from bot.domain.planning.exports import MARKS
from bot.domain.sharing.company_sprints import TEAMS_A_PAGE, CompanySprints, Plan, PlanFilters, TopItem, Which
from bot.views import kit, routes
from bot.views.kit import Block, View, keys
from bot.views.sharing import contexts
from bot.views.sprints import sprints as sprint_views
from models.teams import Team

FILTER = "company_sprints_filter"
PAGE_TO = "company_sprints_page"
DIRECTION = 200  # of its first line, on a screen that is read at a glance
MOST_TOUCHES = 3
NOTHING = "No plan is open with this filter. 🦔"
NOTHING_YET = "No team has a plan yet. `/sprint plan` writes the first one."
MORE = "There is more: *Show the plan* shows all of it."


def company_view(shown: CompanySprints) -> View:
    """What `/sprint company` opens."""
    filters = shown.filters
    page = f" · page {filters.page + 1} of {shown.pages}" if shown.pages > 1 else ""
    head = [
        *kit.paragraphs(contexts.lines(shown.context)),
        _menu(shown),
        kit.context(f"{count(shown.total, 'team')}{page}"),
    ]
    body = [block for team, plans in shown.teams for block in _team(team, plans)]
    nothing = NOTHING_YET if filters.which == Which.ALL else NOTHING
    return kit.modal(
        "company_sprints",
        "All teams' sprints",
        kit.fit_view(
            [routes.bar(routes.SPRINT_TABS, "All teams"), *head, *(body or [kit.section(nothing)])], _pager(shown), MORE
        ),
    )


def _menu(shown: CompanySprints) -> Block:
    choices = {Which.ALL: "All plans", Which.RUNNING: "Running", Which.PLANNED: "Being planned"}
    if shown.my_team is not None:
        choices[Which.TOUCHING] = f"With items that touch {shown.my_team.name}"
    options = [kit.option(words, which) for which, words in choices.items()]
    share = kit.button("Share context", contexts.SHARE)
    return kit.actions(kit.select(FILTER, options, shown.filters.which), share)


def _pager(shown: CompanySprints) -> list[Block]:
    page, which = shown.filters.page, shown.filters.which
    before = kit.button(f"The {TEAMS_A_PAGE} before", f"{PAGE_TO}_before", f"{which}:{page - 1}")
    later = kit.button(f"The next {TEAMS_A_PAGE}", f"{PAGE_TO}_next", f"{which}:{page + 1}")
    buttons = [before if page else None, later if page + 1 < shown.pages else None]
    return [kit.actions(*buttons)] if any(buttons) else []


def read_choice(value: str) -> PlanFilters:
    """What a choice of the menu, or a button to turn the page, stands for; another filter begins at the first page."""
    which, _, page = value.partition(":")
    return PlanFilters(keys.word(Which, which), (keys.optional(page) or 0))


def _team(team: Team, plans: Sequence[Plan]) -> list[Block]:
    return [kit.divider(), *(_plan(team, plan, with_name=plan is plans[0]) for plan in plans)]


def _plan(team: Team, plan: Plan, *, with_name: bool) -> Block:
    """A plan as one paragraph of short lines, which a phone does not tear apart, and the way to all of it."""
    sprint = plan.sprint
    here = sprint_views.key(sprint.team_id, sprint.starts_on)
    name = f"*{kit.escape(team.name)}* · " if with_name else ""
    lines = [f"{name}{days(sprint.starts_on, sprint.ends_on)} · {_state(plan)}", *direction(sprint.direction)]
    lines += [top_line(item) for item in plan.contents.top]
    lines += [f"→ {kit.escape(line)}" for line in plan.touches[:MOST_TOUCHES]]
    show = kit.button("Show the plan", f"{sprint_views.SHOW}_{sprint.id}", here)
    return kit.section(kit.clip("\n".join(lines), kit.SECTION_TEXT), show)


def _state(plan: Plan) -> str:
    counted = sprint_views.tally_of(plan.contents.marks)
    if plan.sprint.finalized_at is not None:
        return counted if plan.runs else f"final, {counted}"
    return f"not final yet, {counted}" if plan.runs else f"being planned, {counted}"


def direction(text: str) -> list[str]:
    """The first line of a direction, if there is one."""
    first = next(iter(text.strip().splitlines()), "")
    return [kit.escape(kit.shorten(first, DIRECTION))] if first else []


def top_line(item: TopItem) -> str:
    """One of the items that matter most in a plan."""
    return f"{MARKS[item.mark]} {kit.escape(item.title)} — {kit.name(item.owner)}"
