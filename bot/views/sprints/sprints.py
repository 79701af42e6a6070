"""What people see of a sprint's plan: all of it, from anybody's, and as Markdown; and how a sprint is named in a button."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import period
from bot.domain.company import absences
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.heroes import heroes as hero_weeks
from bot.domain.planning import contents, exports
from bot.domain.planning.exports import MARKS
from bot.domain.sprints.overviews import ItemLine
from bot.domain.teams import teams
from bot.views import kit, routes
from bot.views.heroes import heroes
from bot.views.kit import Block, Element, View, keys
from bot.views.teams import teams as team_views
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Team

SHOW = "sprint_show"
TURN = "sprint_turn"
EXPORT = "sprint_export"
WRITE = routes.WRITE_PLAN.verb
WRAP_UP, PLAN = "Wrap up and plan", "Write my plan"  # what that button says
FINALIZE = "plan_finalize"
REOPEN = "plan_reopen"
CHANGE = "plan_change"
MINE = "sprint_mine"
FEEDBACK = "comment_give"
MARK_NAMES = {
    Mark.NOT_STARTED: "Not started",
    Mark.IN_PROGRESS: "In progress",
    Mark.FINISHED: "Finished",
    Mark.WONT_FINISH: "Won't finish",
}
MARK_ORDER = (Mark.FINISHED, Mark.IN_PROGRESS, Mark.WONT_FINISH, Mark.NOT_STARTED)  # where they are counted
# Characters of an item's line, which a section of 3,000 holds with a title of 1,000: the heading above it, the names
# of its owner and partners, and the note and points below it. The longest note takes 1,500.
HEADING, OWNER, BELOW = 100, 250, 1_500
MOST_NAMES = 1_000  # characters of people who support a team
GIVE = "Give feedback on this plan"


def key(team_id: int, starts_on: date) -> str:
    """A sprint, as the value of a button: it has an id only once somebody wrote something for it."""
    return f"{team_id}:{starts_on.isoformat()}"


def read_key(value: str) -> tuple[int, date | None]:
    """The team and the sprint's first day; without a day it is the sprint that people mean now."""
    team_id, _, starts_on = value.partition(":")
    return keys.number(team_id), keys.day(starts_on) if starts_on else None


def read_sprint(value: str) -> tuple[int, date]:
    """The team and the sprint's first day, of a button that always names one."""
    team_id, _, starts_on = value.partition(":")
    return keys.number(team_id), keys.day(starts_on)


def about(sprint_id: int, item_id: int | None = None) -> str:
    """What feedback is about, as the value of a button: an item, or the plan as a whole."""
    return f"{sprint_id}:{item_id or ''}"


def waiting_line(names: Sequence[str], members: int) -> str:
    if not names:
        return "Everybody has answered."
    if len(names) == members:
        return "Nobody has written a plan yet."
    return f"Waiting for {kit.names([kit.escape(name) for name in names])}."


def tally(shown: Sequence[Item] | Sequence[ItemLine]) -> str:
    """How many items stand where: `🟢 2 · 🟡 1 · ⚪ 3`."""
    return tally_of(Counter(Mark(item.mark) for item in shown))


def tally_of(counts: Mapping[Mark, int]) -> str:
    """How many items stand where, from their numbers."""
    return " · ".join(f"{MARKS[mark]} {counts[mark]}" for mark in MARK_ORDER if counts.get(mark)) or "no items"


def plan_view(
    sprint: Sprint,
    neighbours: tuple[int | None, int | None],
    viewer: str,
    now: datetime,
    shared: Sequence[Embed] = (),
    supporters: Sequence[str] = (),
) -> View:
    """Anybody's look at a team's whole plan, and from there at the sprints before and after it."""
    before, after = neighbours
    foot = [
        *(kit.context(kit.clip(line, kit.SECTION_TEXT)) for line in status_lines(sprint)),
        kit.actions(
            kit.button("Change my plan", CHANGE, str(sprint.id)) if _may_change(sprint, viewer) else None,
            kit.button(GIVE, FEEDBACK, about(sprint.id)) if sprint.closed_at is None else None,
            kit.button("Export as Markdown", EXPORT, str(sprint.id)),
            kit.button("Earlier sprint", f"{TURN}_{before}", str(before)) if before else None,
            kit.button("Later sprint", f"{TURN}_{after}", str(after)) if after else None,
        ),
    ]
    supported = [kit.context(line) for line in team_views.supported_by(supporters)]
    head, body = [*plan_head(sprint, now, shared), *supported], plan_body(sprint)
    if sprint.closed_at is None:
        rows = plan_body(sprint, partial(_rows, viewer=viewer))
        # Without room for a menu beside each item, the button in the foot has them all to choose from.
        body = rows if len([*head, *rows, *foot]) <= kit.VIEW_BLOCKS else body
    more = "There is more: *Export as Markdown* shows all of it."
    return kit.modal("plan_whole", "Sprint plan", kit.fit_view([*head, *body], foot, more))


def _may_change(sprint: Sprint, viewer: str) -> bool:
    return teams.is_member(sprint.team, viewer) and sprint.finalized_at is not None and sprint.closed_at is None


def no_plan_view(team: Team) -> View:
    """A team that has not planned anything, yet or ever."""
    words = f"*{kit.escape(team.name)}* has written no plan yet."
    if team.closed_at is not None:
        words = f"*{kit.escape(team.name)}* was closed, and never wrote a plan."
    return kit.notice(f"Team {team.name}", words)


def ahead_view(plan: View) -> View:
    """The next sprint, as far as it is planned, with the way to my plan of it."""
    return {**plan, "blocks": [kit.actions(_to_my_plan()), *plan["blocks"]][: kit.VIEW_BLOCKS - 1]}


def _to_my_plan() -> Element:
    return kit.button("My plan", routes.entry("/sprint", "plan"))


def nothing_ahead_view(team: Team) -> View:
    """The next sprint, for which nobody has written anything."""
    words = f"Nobody in *{kit.escape(team.name)}* has written a plan for the next sprint yet."
    write = _to_my_plan()
    return kit.modal("plan_ahead", "The next sprint", [kit.section(words), kit.actions(write)])


def export_view(team: Team, markdown: str) -> View:
    """The Markdown, to copy. Several boxes when it is long; together they are the document."""
    boxes = [kit.preformatted(part) for part in exports.parts(markdown, kit.SECTION_TEXT)]
    return kit.modal(EXPORT, "Plan as Markdown", [kit.context(f"Team {kit.escape(team.name)}, to copy:"), *boxes])


def plan_head(sprint: Sprint, now: datetime, shared: Sequence[Embed]) -> list[Block]:
    facts = plan_facts(sprint, now, shared)
    return [
        kit.header(plan_title(sprint)),
        *([kit.context(kit.clip(" · ".join(facts), kit.SECTION_TEXT))] if facts else []),
    ]


def plan_facts(sprint: Sprint, now: datetime, shared: Sequence[Embed]) -> list[str]:
    """Who is support hero, who is off, and who of another team is here."""
    facts = heroes.facts(hero_weeks.of(sprint), today_in(sprint, now))
    if off := absences.in_sprint(sprint):
        facts.append(f"🌴 Off: {', '.join(kit.escape(exports.off(each, sprint)) for each in off)}")
    return [*facts, *embed_facts(shared, sprint.team_id)]


def embed_facts(shared: Sequence[Embed], team_id: int) -> list[str]:
    """Who of another team is with this one, and who of this one is with another."""
    with_us = [kit.escape(embeds.hosted(each)) for each in shared if each.booking.team_id == team_id]
    lent = [f"🤝 {kit.escape(embeds.lent(each))}" for each in shared if each.booking.team_id != team_id]
    return [*([f"🤝 With us: {'; '.join(with_us)}"] if with_us else []), *lent]


def plan_title(sprint: Sprint) -> str:
    return f"Team {sprint.team.name}: sprint {period(sprint.starts_on, sprint.ends_on)}"


def item_lines(title: str, listed: Sequence[Item], line: Callable[[Item, str], str] | None = None) -> list[Block]:
    """Items as lines, in as few blocks as hold them."""
    return kit.paragraphs(
        [title, *(above + (line or item_line)(item, beside) for above, beside, item in _headed(listed))]
    )


def _rows(title: str, listed: Sequence[Item], viewer: str) -> list[Block]:
    """Items as rows, with a menu beside those of others."""
    return [kit.section(title), *(_row(item, viewer, above, beside) for above, beside, item in _headed(listed))]


def _headed(listed: Sequence[Item]) -> Iterator[tuple[str, str, Item]]:
    """Each item with the line of its heading, where one begins, or with the heading beside it.

    A heading is a line of its own only if every item after it has one, too. Otherwise Lee's item would seem to be under Ada's.
    """
    runs = exports.under_headings(listed)
    is_mixed = any(heading == exports.ALSO for heading, _ in runs)
    for heading, items in runs:
        shown = f"_{kit.clip(kit.escape(heading), HEADING)}_" if heading and heading != exports.ALSO else ""
        for number, item in enumerate(items):
            yield f"{shown}\n" if shown and number == 0 and not is_mixed else "", shown if is_mixed else "", item


def _row(item: Item, viewer: str, above: str, beside: str) -> Block:
    choices = [kit.option("💬 Give feedback", about(item.sprint_id, item.id))]
    menu = kit.overflow(f"{FEEDBACK}_{item.id}", choices) if item.owner_id != viewer else None
    return kit.section(above + item_line(item, beside), menu)


def plan_body(sprint: Sprint, listed: Callable[[str, Sequence[Item]], list[Block]] = item_lines) -> list[Block]:
    high, side = contents.of_priority(sprint, Priority.HIGH), contents.of_priority(sprint, Priority.SIDE)
    blocks = kit.prose(sprint.direction) if sprint.direction else []
    if high:
        blocks += listed("*High priority*", high)
    if side:
        blocks += listed("*Side quests*", side)
    if sprint.impacted:
        lines = [f"• {kit.escape(line)}" for line in sprint.impacted.splitlines() if line.strip()]
        blocks += kit.paragraphs(["*Other teams impacted*", *(kit.clip(line, kit.SECTION_TEXT) for line in lines)])
    return blocks or [kit.section("_Nothing is planned yet._")]


def item_line(item: Item, group: str = "") -> str:
    """An item with its owner. The heading of its `group` is on the same line if it has no line of its own."""
    beside = f" · {group}" if group else ""
    line = f"{MARKS[Mark(item.mark)]} {kit.linked(item.title)} — {owner(item)}{beside}"
    return f"{line}{carried_words(item.carried)}{below(item)}"


def owner(item: Item) -> str:
    """Whose item it is, and who does it with them."""
    return kit.clip(kit.escape(exports.whose(item)), OWNER)


def below(item: Item | ItemLine) -> str:
    """What stands below an item: why it is where it is, and its points."""
    note = kit.note(item.note) if item.note else ""
    return kit.clip(note + kit.points(item.points.splitlines()), BELOW)


def carried_words(times: int) -> str:
    return f" _({exports.carried(times)})_" if times else ""


def today_in(sprint: Sprint, now: datetime) -> date:
    """The team's own date. Of a sprint that was closed, no week is ahead any more."""
    return cadence.local_date(now, sprint.team.zone) if sprint.closed_at is None else date.max


def status_lines(sprint: Sprint) -> list[str]:
    """How far it is, unless nothing was marked yet, and who finalized it for the lead."""
    items = contents.active(sprint)
    lines = []
    if sprint.closed_at is not None:
        lines.append(f"Closed: {tally(items)}")
    elif any(item.mark != Mark.NOT_STARTED for item in items):
        lines.append(f"So far: {tally(items)}")
    if sprint.finalized_for is not None and sprint.finalized_by is not None:
        by, lead = kit.escape(sprint.finalized_by.name), kit.escape(sprint.finalized_for.name)
        lines.append(f"Finalized by {by}, for {lead}.")
    return lines
