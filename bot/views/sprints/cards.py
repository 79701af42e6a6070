"""The cards of a sprint in its team's channel: the plan while people write it, and the final one."""

from collections.abc import Callable, Sequence
from datetime import datetime
from functools import partial

from bot.domain.desks.embeds import Embed
from bot.domain.heroes import heroes as hero_weeks
from bot.domain.outbox.posts import Message
from bot.domain.planning import contents, exports, finalizing
from bot.domain.planning.exports import MARKS
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from bot.views import kit
from bot.views.heroes import heroes
from bot.views.kit import Block
from bot.views.sprints import sprints as sprint_views
from bot.views.teams import teams as team_views
from models.sprints import Change, ChangeKind, Item, Mark, Priority, Sprint
from models.teams import Team

MORE = "There is more: *Show the plan* shows all of it."


def moved_card(team: Team) -> Message:
    """What is left of a plan or a board in a channel that is not its team's any more."""
    text = f"The plans and retros of {kit.escape(team.name)} are in {kit.channel(teams.home_channel(team))} now."
    return Message(text, [kit.context(text)])


def planning_card(sprint: Sprint, now: datetime, shared: Sequence[Embed] = ()) -> Message:
    """The card in the team's channel while people plan. Once the plan is final it shrinks to a line."""
    if sprint.finalized_at is not None:
        line = f"{sprint_views.plan_title(sprint)} was planned here. The final plan is below."
        return Message(kit.escape(line), [kit.context(kit.escape(line))])
    here = sprint_views.key(sprint.team_id, sprint.starts_on)
    show = kit.button("Show the plan", sprint_views.SHOW, here)
    if sprint.closed_at is not None:
        return _card(sprint, now, shared, sprint_views.status_lines(sprint), [kit.actions(show)])
    finalize = kit.button("Finalize", sprint_views.FINALIZE, here)
    if sprints.runs_unfinalized(sprint, now):
        mine = kit.button("My items", sprint_views.MINE, str(sprint.team_id))
        waiting = _waiting_card_line(sprint, now)
        lines = ["Not finalized: it runs as people wrote it.", waiting, *sprint_views.status_lines(sprint)]
        return _card(sprint, now, shared, lines, [kit.actions(mine, show, finalize, _more(sprint, now))])
    waiting = _waiting_card_line(sprint, now)
    write = kit.button("Write my plan", sprint_views.WRITE, here, style="primary")
    buttons = [write, show, *([finalize] if _may_be_finalized(sprint) else []), _more(sprint, now)]
    return _card(sprint, now, shared, [waiting], [kit.actions(*buttons)], _open_line)


def _may_be_finalized(sprint: Sprint) -> bool:
    """From the reveal on anybody is offered it; before, the lead finds it in `/sprint`."""
    return sprint.asked_at is None or sprint.gathered_at is not None


def _open_line(sprint: Sprint) -> Callable[[Item, str], str]:
    """An item of a plan that is not final: what its owner has not looked at yet says so."""
    answered = {answer.person_id for answer in sprint.answers}

    def line(item: Item, group: str = "") -> str:
        if item.carried and item.owner_id not in answered:
            beside = f" · {group}" if group else ""
            mark = f"{MARKS[Mark(item.mark)]} {kit.linked(item.title)} — {kit.escape(exports.whose(item))}"
            return f"{mark}{beside} _({exports.carried(item.carried)}, not looked at yet)_"
        return sprint_views.item_line(item, group)

    return line


def _more(sprint: Sprint, now: datetime, *, can_reopen: bool = False) -> kit.Element:
    """What is not done every day, behind three dots: feedback, to be hero in a week that nobody has, and to reopen it."""
    give = kit.option(f"💬 {sprint_views.GIVE}", sprint_views.about(sprint.id))
    weeks = heroes.choices(hero_weeks.of(sprint), sprint_views.today_in(sprint, now))
    reopen = kit.menu_option("↩️ Reopen the plan", sprint_views.REOPEN, str(sprint.id))
    first = [give, reopen] if can_reopen else [give]
    return kit.overflow(sprint_views.FEEDBACK, [*first, *weeks][: kit.OVERFLOW])


def _waiting_card_line(sprint: Sprint, now: datetime) -> str:
    team = sprint.team
    if team.paused_at is not None:
        return f"⏸️ The team is {team_views.paused_words(team.paused_until, team.paused_because)}"
    return sprint_views.waiting_line([person.name for person in sprints.waiting_for(sprint, now)], len(team.members))


def final_card(sprint: Sprint, now: datetime, shared: Sequence[Embed] = (), *, can_reopen: bool = False) -> Message:
    """The final plan in the team's channel: its marks are kept up to date. Reopened, it shrinks to a line."""
    if sprint.finalized_at is None:
        line = f"{sprint_views.plan_title(sprint)} is open again. The plan is above."
        return Message(kit.escape(line), [kit.context(kit.escape(line))])
    buttons = kit.actions(
        kit.button("My items", sprint_views.MINE, str(sprint.team_id)),
        kit.button("Change my plan", sprint_views.CHANGE, str(sprint.id)),
        kit.button("Show the plan", sprint_views.SHOW, sprint_views.key(sprint.team_id, sprint.starts_on)),
        _more(sprint, now, can_reopen=can_reopen),
    )
    lines = [*sprint_views.status_lines(sprint), *changed_lines(sprint)]
    return _card(sprint, now, shared, lines, [] if sprint.closed_at else [buttons])


def _card(
    sprint: Sprint,
    now: datetime,
    shared: Sequence[Embed],
    lines: Sequence[str],
    buttons: Sequence[Block],
    of: Callable[[Sprint], Callable[[Item, str], str]] | None = None,
) -> Message:
    foot = [*(kit.context(kit.clip(line, kit.SECTION_TEXT)) for line in lines), *buttons]
    body = (
        sprint_views.plan_body(sprint, partial(sprint_views.item_lines, line=of(sprint)))
        if of
        else sprint_views.plan_body(sprint)
    )
    blocks = [*sprint_views.plan_head(sprint, now, shared), *body]
    said = [*lines, *sprint_views.plan_facts(sprint, now, shared)]
    return Message(_in_short(sprint, said), kit.fit_message(blocks, foot, MORE))


def changed_lines(sprint: Sprint) -> list[str]:
    """What the lead changed when finalizing, in one line; nothing when nothing was."""
    changes = finalizing.latest_changes(sprint)
    if not changes:
        return []
    name = kit.escape(sprint.finalized_by.name) if sprint.finalized_by else "The lead"
    return [f"{name} changed: {'; '.join(changed_words(change) for change in changes)}"]


def changed_words(change: Change) -> str:
    """What the lead changed when finalizing: one of the things that were said before, or the order."""
    before, after = (
        kit.escape(kit.shorten(kit.unlinked(" ".join(text.split())), 60)) for text in (change.title, change.reason)
    )
    return {
        ChangeKind.RAISED: f"“{before}” is high priority now",
        ChangeKind.LOWERED: f"“{before}” is a side quest now",
        ChangeKind.REORDERED: f"“{before}” moved up to place {after}",
        ChangeKind.DIRECTION: f"the direction was “{before}”",
        ChangeKind.HERO: f"support hero is {after or 'nobody'}, not {before}",
        ChangeKind.OFF: f"days off: {after or 'nobody'}, not {before}",
        ChangeKind.IMPACTED: f"other teams impacted were “{before}”",
    }[ChangeKind(change.kind)]


def _in_short(sprint: Sprint, foot: Sequence[str]) -> str:
    def row(item: Item) -> str:
        return f"{MARKS[Mark(item.mark)]} {kit.escape(kit.unlinked(item.title))} — {kit.escape(exports.whose(item))}"

    high, side = contents.of_priority(sprint, Priority.HIGH), contents.of_priority(sprint, Priority.SIDE)
    return kit.in_short(
        [
            kit.escape(sprint_views.plan_title(sprint)),
            *foot,
            kit.escape(sprint.direction),
            *(["High priority:"] if high else []),
            *map(row, high),
            *(["Side quests:"] if side else []),
            *map(row, side),
            *(["Other teams impacted:", kit.escape(sprint.impacted)] if sprint.impacted else []),
        ]
    )


def reopened_message(name: str) -> Message:
    """What the plan's thread reads when the person who finalized it took that back."""
    return Message(f"{kit.escape(name)} reopened the plan. It's as it was before it was final.")


def finalized_again_message(sprint: Sprint) -> Message:
    """What the card's thread reads when the lead finalized the plan once more."""
    name = kit.escape(sprint.finalized_by.name) if sprint.finalized_by else "The lead"
    return Message(kit.in_short([f"{name} finalized the plan once more.", *changed_lines(sprint)]))
