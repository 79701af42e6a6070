"""What people see of a sprint: the overview with what to do next, the whole plan, and the cards in channels."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from functools import partial

from bot.domain.calendar import cadence
from bot.domain.calendar.wording import count, period, weekday
from bot.domain.company import absences
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.heroes import heroes as hero_weeks
from bot.domain.outbox.posts import Message
from bot.domain.planning import exports, finalizing, plans
from bot.domain.planning.exports import MARKS
from bot.domain.sprints import sprints
from bot.domain.sprints.overviews import ItemLine, Overview, SprintLine
from bot.domain.teams import teams
from bot.views import kit, routes
from bot.views.heroes import heroes
from bot.views.kit import Block, View, keys
from bot.views.teams import channels
from bot.views.teams import teams as team_views
from models.sprints import UNFINISHED, Change, ChangeKind, Item, Mark, Priority, Sprint
from models.teams import Team

SHOW = "sprint_show"
TURN = "sprint_turn"
CLOSE = "sprint_close"
EXPORT = "sprint_export"
WRITE = "plan_write"
WRAP_UP, PLAN = "Wrap up and plan", "Write my plan"  # what that button says
FINALIZE = "plan_finalize"
CHANGE = "plan_change"
MINE = "sprint_mine"
MARK = "item_mark"
BACK = "away_back"
FEEDBACK = "comment_give"
NOTE = "note"

MARK_NAMES = {
    Mark.NOT_STARTED: "Not started",
    Mark.IN_PROGRESS: "In progress",
    Mark.FINISHED: "Finished",
    Mark.WONT_FINISH: "Won't finish",
}
MARK_ORDER = (Mark.FINISHED, Mark.IN_PROGRESS, Mark.WONT_FINISH, Mark.NOT_STARTED)  # where they are counted
MOST_NAMES = 1_000  # characters of people who support a team
CLOSING = "Its marks stay as they are. What is unfinished carries over."
GIVE = "Give feedback on this plan"
MORE = "There is more: *Show the plan* has it all."

HELP = """*Sprints*
• `/sprint` – what runs, what is being planned, and what you can do next
• `/sprint plan` – write or edit your plan: one item a line
• `/sprint show [team]` – anybody's plan
• `/sprint company` – what all teams are at, on one screen
• `/sprint finalize` – the lead gives direction and makes the plan final
• `/sprint close` – the lead closes the sprint before its last day has passed
• `/sprint export [team]` – the plan as Markdown
• `/sprint rhythm [team]` – who is asked what and when; the lead changes it
• `/sprint away [until DAY]` – nobody asks you anything, and nobody waits for your plan
• `/sprint back` – you are back earlier
Every one of them is also a button."""


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


# --- the overview -----------------------------------------------------------------------------------------------


def overview_view(overview: Overview) -> View:
    """What `/sprint` opens."""
    company = kit.actions(routes.COMPANY_SPRINTS.button("All teams’ sprints"))
    return kit.modal("sprint", f"Team {overview.team_name}", [*overview_blocks(overview), company])


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
    return heroes.rows(overview.heroes, overview.viewer, overview.today, offers=not overview.still.stops)


def _still_blocks(overview: Overview) -> list[Block]:
    """Why nobody is asked anything: the viewer is away, or the team is paused, forming or without a channel."""
    return [*away_blocks(overview), *team_still_blocks(overview)]


def away_blocks(overview: Overview) -> list[Block]:
    """That the viewer is away, and the way back; nothing while they are here."""
    if overview.away is None:
        return []
    until = f" until {weekday(overview.away.last)}" if overview.away.last else ""
    words = f"🌴 You are away{until}. Nobody waits for your plan."
    return [kit.section(words, kit.button("I'm back", BACK))]


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
    dates = f"*{period(sprint.starts_on, sprint.ends_on)}* · {tally(overview.items)}"
    this, mine = str(sprint.id), overview.mine()
    here = key(overview.team_id, sprint.starts_on)
    return [
        kit.section(dates),
        *(kit.prose(sprint.direction) if sprint.direction else []),
        *my_items(mine),
        *([] if mine else [kit.context("None of its items is yours.")]),
        kit.actions(
            _running_plan_button(overview, sprint),
            kit.button("Show the plan", SHOW, here),
            kit.button("Close the sprint", CLOSE, this, confirm=_confirm_close()) if overview.leads else None,
        ),
        kit.divider(),
    ]


def plan_buttons(overview: Overview) -> list[kit.Element]:
    """What the viewer can do with their plans for the sprint to plan and for the one that runs."""
    if overview.plans_what_runs or overview.running is None:
        return [_plan_button(overview)]
    return [each for each in (_plan_button(overview), _running_plan_button(overview, overview.running)) if each]


def _running_plan_button(overview: Overview, sprint: SprintLine) -> kit.Element | None:
    if sprint.id == overview.planning.sprint_id and not overview.answered:
        return kit.button("Write my plan", WRITE, key(overview.team_id, sprint.starts_on), style="primary")
    if sprint.finalized_at is not None:
        return kit.button("Change my plan", CHANGE, str(sprint.id))
    return None


def my_items(items: Sequence[ItemLine]) -> list[Block]:
    """The viewer's items, each with its mark to choose."""
    return [_my_item(item) for item in items]


def _my_item(item: ItemLine) -> Block:
    note = kit.note(item.note) if item.note else ""
    marks = mark_field(f"{MARK}_{item.id}", item.id, Mark(item.mark), kit.option("✏️ Write a note", f"{item.id}:{NOTE}"))
    return kit.section(f"{MARKS[Mark(item.mark)]} {kit.escape(item.title)}{_carried(item.carried)}{note}", marks)


def mark_field(action_id: str, item_id: int, mark: Mark, *more: kit.Element) -> kit.Element:
    """The four marks of an item, each an emoji and a word: one tap to open, one to choose."""
    choices = [kit.option(f"{MARKS[each]} {name}", f"{item_id}:{each}") for each, name in MARK_NAMES.items()]
    return kit.select(action_id, [*choices, *more], f"{item_id}:{mark}")


def _confirm_close() -> kit.Element:
    return kit.confirmation("Close the sprint?", CLOSING, "Close it")


def close_form(sprint: Sprint) -> View:
    """Asks before `/sprint close` does it."""
    dates = period(sprint.starts_on, sprint.ends_on)
    words = f"*{kit.escape(sprint.team.name)}, {dates}*\n{CLOSING}"
    blocks = [kit.section(words)]
    return kit.modal(CLOSE, "Close the sprint?", blocks, submit="Close it", close="Not now", metadata=str(sprint.id))


def _planning_blocks(overview: Overview) -> list[Block]:
    planning = overview.planning
    if overview.plans_what_runs:
        return [kit.context("The next sprint is planned towards the end of this one.")]
    here = key(overview.team_id, planning.dates.starts_on)
    dates = period(planning.dates.starts_on, planning.dates.ends_on)
    is_next = overview.running is None  # while a sprint runs, it is the plan to show
    return [
        kit.section(f"*{'Final' if planning.late else 'To plan'}: {dates}*"),
        *my_items(overview.mine_ahead()),
        kit.context(waiting_for_seats(overview)),
        kit.actions(
            _plan_button(overview),
            kit.button("Finalize again" if planning.late else "Finalize", FINALIZE, here) if overview.leads else None,
            kit.button("Show the plan", SHOW, here if planning.sprint_id else str(overview.team_id))
            if is_next
            else None,
        ),
    ]


def waiting_for_seats(overview: Overview) -> str:
    """Whose plan is still to come."""
    names = overview.waiting
    if overview.planning.late and names:
        return f"No plan from {kit.names([kit.escape(name) for name in names])} yet; it is welcome at any time."
    return _waiting_line(names, overview.members)


def _plan_button(overview: Overview) -> kit.Element:
    planning = overview.planning
    here = key(overview.team_id, planning.dates.starts_on)
    if not overview.answered:
        return kit.button("Write my plan", WRITE, here, style="primary")
    if planning.late:
        return kit.button("Change my plan", f"{CHANGE}_{planning.sprint_id}", str(planning.sprint_id))
    return kit.button("Edit my plan", WRITE, here)


def _waiting_line(names: Sequence[str], members: int) -> str:
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


# --- the whole plan ---------------------------------------------------------------------------------------------


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
        *(kit.context(kit.clip(line, kit.SECTION_TEXT)) for line in _status_lines(sprint)),
        kit.actions(
            kit.button("Change my plan", CHANGE, str(sprint.id)) if _may_change(sprint, viewer) else None,
            kit.button(GIVE, FEEDBACK, about(sprint.id)) if sprint.closed_at is None else None,
            kit.button("Export as Markdown", EXPORT, str(sprint.id)),
            kit.button("Earlier sprint", f"{TURN}_{before}", str(before)) if before else None,
            kit.button("Later sprint", f"{TURN}_{after}", str(after)) if after else None,
        ),
    ]
    supported = [kit.context(line) for line in team_views.supported_by(supporters)]
    head, body = [*_plan_head(sprint, now, shared), *supported], _plan_body(sprint)
    if sprint.closed_at is None:
        rows = _plan_body(sprint, partial(_rows, viewer=viewer))
        # Without room for a menu beside each item, the button in the foot has them all to choose from.
        body = rows if len([*head, *rows, *foot]) <= kit.VIEW_BLOCKS else body
    more = "There is more: *Export as Markdown* has it all."
    return kit.modal("plan_whole", "Sprint plan", kit.fit_view([*head, *body], foot, more))


def _may_change(sprint: Sprint, viewer: str) -> bool:
    return teams.is_member(sprint.team, viewer) and sprint.finalized_at is not None and sprint.closed_at is None


def no_plan_view(team: Team) -> View:
    """A team that has not planned anything yet."""
    return kit.notice(
        f"Team {team.name}",
        f"*{kit.escape(team.name)}* has written no plan yet. It will stand in {kit.channel(team.channel_id)}.",
    )


def export_view(team: Team, markdown: str) -> View:
    """The Markdown, to copy. Several boxes when it is long; together they are the document."""
    boxes = [kit.preformatted(part) for part in exports.parts(markdown, kit.SECTION_TEXT)]
    return kit.modal(EXPORT, "Plan as Markdown", [kit.context(f"Team {kit.escape(team.name)}, to copy:"), *boxes])


def _plan_head(sprint: Sprint, now: datetime, shared: Sequence[Embed]) -> list[Block]:
    facts = _facts(sprint, now, shared)
    return [
        kit.header(_title(sprint)),
        *([kit.context(kit.clip(" · ".join(facts), kit.SECTION_TEXT))] if facts else []),
    ]


def _facts(sprint: Sprint, now: datetime, shared: Sequence[Embed]) -> list[str]:
    """Who is support hero, who is off, and who of another team is here."""
    facts = heroes.facts(hero_weeks.of(sprint), _today(sprint, now))
    if off := absences.in_sprint(sprint):
        facts.append(f"🌴 Off: {', '.join(kit.escape(exports.off(each, sprint)) for each in off)}")
    return [*facts, *embed_facts(shared, sprint.team_id)]


def embed_facts(shared: Sequence[Embed], team_id: int) -> list[str]:
    """Who of another team is with this one, and who of this one is with another."""
    with_us = [kit.escape(embeds.hosted(each)) for each in shared if each.booking.team_id == team_id]
    lent = [f"🤝 {kit.escape(embeds.lent(each))}" for each in shared if each.booking.team_id != team_id]
    return [*([f"🤝 With us: {'; '.join(with_us)}"] if with_us else []), *lent]


def _title(sprint: Sprint) -> str:
    return f"Team {sprint.team.name}: sprint {period(sprint.starts_on, sprint.ends_on)}"


def _lines(title: str, listed: Sequence[Item], line: Callable[[Item], str] | None = None) -> list[Block]:
    """Items as lines, in as few blocks as hold them."""
    return kit.paragraphs([title, *map(line or _item_line, listed)])


def _rows(title: str, listed: Sequence[Item], viewer: str) -> list[Block]:
    """Items as rows, with a menu beside those of others."""
    return [kit.section(title), *(_row(item, viewer) for item in listed)]


def _row(item: Item, viewer: str) -> Block:
    choices = [kit.option("💬 Give feedback", about(item.sprint_id, item.id))]
    menu = kit.overflow(f"{FEEDBACK}_{item.id}", choices) if item.owner_id != viewer else None
    return kit.section(_item_line(item), menu)


def _plan_body(sprint: Sprint, listed: Callable[[str, Sequence[Item]], list[Block]] = _lines) -> list[Block]:
    high, side = plans.of_priority(sprint, Priority.HIGH), plans.of_priority(sprint, Priority.SIDE)
    blocks = kit.prose(sprint.direction) if sprint.direction else []
    if high:
        blocks += listed("*High priority*", high)
    if side:
        blocks += listed("*Side quests*", side)
    if sprint.impacted:
        lines = [f"• {kit.escape(line)}" for line in sprint.impacted.splitlines() if line.strip()]
        blocks += kit.paragraphs(["*Other teams impacted*", *(kit.clip(line, kit.SECTION_TEXT) for line in lines)])
    return blocks or [kit.section("_Nothing is planned yet._")]


def _item_line(item: Item) -> str:
    note = kit.note(item.note) if item.note else ""
    return f"{MARKS[Mark(item.mark)]} {kit.escape(item.title)} — {kit.escape(item.owner.name)}{_carried(item.carried)}{note}"


def _carried(times: int) -> str:
    return f" _({exports.carried(times)})_" if times else ""


# --- cards ------------------------------------------------------------------------------------------------------


def planning_card(sprint: Sprint, now: datetime, shared: Sequence[Embed] = ()) -> Message:
    """The card in the team's channel while people plan. Once the plan is final it shrinks to a line."""
    if sprint.finalized_at is not None:
        line = f"{_title(sprint)} was planned here. The final plan stands below."
        return Message(kit.escape(line), [kit.context(kit.escape(line))])
    here = key(sprint.team_id, sprint.starts_on)
    show = kit.button("Show the plan", SHOW, here)
    if sprint.closed_at is not None:
        return _card(sprint, now, shared, _status_lines(sprint), [kit.actions(show)])
    finalize = kit.button("Finalize", FINALIZE, here)
    if sprints.runs_unfinalized(sprint, now):
        mine = kit.button("My items", MINE, str(sprint.team_id))
        waiting = _waiting_card_line(sprint, now)
        lines = ["Not finalized: it runs as people wrote it.", waiting, *_status_lines(sprint)]
        return _card(sprint, now, shared, lines, [kit.actions(mine, show, finalize, _more(sprint, now))])
    waiting = _waiting_card_line(sprint, now)
    write = kit.button("Write my plan", WRITE, here, style="primary")
    buttons = [write, show, *([finalize] if _may_be_finalized(sprint) else []), _more(sprint, now)]
    return _card(sprint, now, shared, [waiting], [kit.actions(*buttons)], _open_line)


def _may_be_finalized(sprint: Sprint) -> bool:
    """From the reveal on anybody is offered it; before, the lead finds it in `/sprint`."""
    return sprint.asked_at is None or sprint.gathered_at is not None


def _open_line(sprint: Sprint) -> Callable[[Item], str]:
    """An item of a plan that is not final: what its owner has not looked at yet says so."""
    answered = {answer.person_id for answer in sprint.answers}

    def line(item: Item) -> str:
        if item.carried and item.owner_id not in answered:
            mark = f"{MARKS[Mark(item.mark)]} {kit.escape(item.title)} — {kit.escape(item.owner.name)}"
            return f"{mark} _({exports.carried(item.carried)}, not looked at yet)_"
        return _item_line(item)

    return line


def _more(sprint: Sprint, now: datetime) -> kit.Element:
    """What is not done every day, behind three dots: feedback, and to be hero in a week that nobody has."""
    weeks = heroes.choices(hero_weeks.of(sprint), _today(sprint, now))
    return kit.overflow(FEEDBACK, [kit.option(f"💬 {GIVE}", about(sprint.id)), *weeks])


def _today(sprint: Sprint, now: datetime) -> date:
    """The team's own date. Of a sprint that was closed, no week is ahead any more."""
    return cadence.local_date(now, sprint.team.zone) if sprint.closed_at is None else date.max


def _waiting_card_line(sprint: Sprint, now: datetime) -> str:
    team = sprint.team
    if team.paused_at is not None:
        return f"⏸️ The team is {team_views.paused_words(team.paused_until, team.paused_because)}"
    return _waiting_line([person.name for person in sprints.waiting_for(sprint, now)], len(team.members))


def final_card(sprint: Sprint, now: datetime, shared: Sequence[Embed] = ()) -> Message:
    """The final plan in the team's channel: its marks are kept up to date."""
    buttons = kit.actions(
        kit.button("My items", MINE, str(sprint.team_id)),
        kit.button("Change my plan", CHANGE, str(sprint.id)),
        kit.button("Show the plan", SHOW, key(sprint.team_id, sprint.starts_on)),
        _more(sprint, now),
    )
    lines = [*_status_lines(sprint), *changed_lines(sprint)]
    return _card(sprint, now, shared, lines, [] if sprint.closed_at else [buttons])


def _card(
    sprint: Sprint,
    now: datetime,
    shared: Sequence[Embed],
    lines: Sequence[str],
    buttons: Sequence[Block],
    of: Callable[[Sprint], Callable[[Item], str]] | None = None,
) -> Message:
    foot = [*(kit.context(kit.clip(line, kit.SECTION_TEXT)) for line in lines), *buttons]
    body = _plan_body(sprint, partial(_lines, line=of(sprint))) if of else _plan_body(sprint)
    blocks = [*_plan_head(sprint, now, shared), *body]
    said = [*lines, *_facts(sprint, now, shared)]
    return Message(_in_short(sprint, said), kit.fit_message(blocks, foot, MORE))


def _status_lines(sprint: Sprint) -> list[str]:
    """How far it is, unless nothing was marked yet, and who finalized it for the lead."""
    items = plans.active(sprint)
    lines = []
    if sprint.closed_at is not None:
        lines.append(f"Closed: {tally(items)}")
    elif any(item.mark != Mark.NOT_STARTED for item in items):
        lines.append(f"So far: {tally(items)}")
    if sprint.finalized_for is not None and sprint.finalized_by is not None:
        by, lead = kit.escape(sprint.finalized_by.name), kit.escape(sprint.finalized_for.name)
        lines.append(f"Finalized by {by}, for {lead}.")
    return lines


def changed_lines(sprint: Sprint) -> list[str]:
    """What the lead changed when finalizing, in one line; nothing when nothing was."""
    changes = finalizing.latest_changes(sprint)
    if not changes:
        return []
    name = kit.escape(sprint.finalized_by.name) if sprint.finalized_by else "The lead"
    return [f"{name} changed: {'; '.join(changed_words(change) for change in changes)}"]


def changed_words(change: Change) -> str:
    """What the lead changed when finalizing: one of the things that were said before, or the order."""
    before, after = (kit.escape(kit.shorten(" ".join(text.split()), 60)) for text in (change.title, change.reason))
    return {
        ChangeKind.RAISED: f"“{before}” is high priority now",
        ChangeKind.LOWERED: f"“{before}” is a side quest now",
        ChangeKind.REORDERED: f"“{before}” moved up to place {after}",
        ChangeKind.DIRECTION: f"the direction was “{before}”",
        ChangeKind.HERO: f"support hero is {after or 'nobody'}, and was {before}",
        ChangeKind.OFF: f"off is {after or 'nobody'}, and was {before}",
        ChangeKind.IMPACTED: f"other teams impacted were “{before}”",
    }[ChangeKind(change.kind)]


def _in_short(sprint: Sprint, foot: Sequence[str]) -> str:
    def row(item: Item) -> str:
        return f"{MARKS[Mark(item.mark)]} {kit.escape(item.title)} — {kit.escape(item.owner.name)}"

    high, side = plans.of_priority(sprint, Priority.HIGH), plans.of_priority(sprint, Priority.SIDE)
    return kit.in_short(
        [
            kit.escape(_title(sprint)),
            *foot,
            kit.escape(sprint.direction),
            *(["High priority:"] if high else []),
            *map(row, high),
            *(["Side quests:"] if side else []),
            *map(row, side),
            *(["Other teams impacted:", kit.escape(sprint.impacted)] if sprint.impacted else []),
        ]
    )


def finalized_again_message(sprint: Sprint) -> Message:
    """What the card's thread reads when the lead finalized the plan once more."""
    name = kit.escape(sprint.finalized_by.name) if sprint.finalized_by else "The lead"
    return Message(kit.in_short([f"{name} finalized the plan once more.", *changed_lines(sprint)]))


def closed_view(sprint: Sprint) -> View:
    """The receipt of a sprint that was closed early."""
    open_items = [item for item in plans.active(sprint) if item.mark in UNFINISHED]
    left = f"{count(len(open_items), 'unfinished item')} will carry over." if open_items else "Nothing is left over."
    return kit.notice("The sprint is closed", f"{tally(plans.active(sprint))}. {left}")


def closed_message(sprint: Sprint, name: str) -> Message:
    """What the card's thread reads when the lead closed the sprint early."""
    return Message(f"{kit.escape(name)} closed the sprint: {tally(plans.active(sprint))}")
