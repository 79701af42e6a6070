"""What people read of the teams that they follow."""

from collections.abc import Collection, Sequence

from bot.domain.calendar.wording import count, days
from bot.domain.company.parts import Part
from bot.domain.outbox.posts import Message
from bot.domain.planning.exports import MARKS
from bot.domain.sharing.week_news import Learnt, News
from bot.views import kit, routes
from bot.views.kit import Block, View, keys
from bot.views.retros.boards import SHOW as SHOW_RETRO
from bot.views.sharing.company_sprints import direction, top_line
from bot.views.sprints import cards as card_views
from bot.views.sprints import sprints as sprint_views
from models.sprints import Change, ChangeKind, Mark, Sprint
from models.teams import Team

CHOOSE = "follow_choose"
DROP = "follow_drop"
MOST_CHANGES = 5
MOST_ACTIONS = 3
A_TEAM = 1_500  # of a message, which holds 12,000
MORE = "There is more: `/sprint company` has every plan."


def followed_words(team: Team) -> str:
    """The receipt."""
    return (
        f"You follow *{kit.escape(team.name)}*: its plans, changes and retros come in one message on Friday afternoons, "
        "together with those of the other teams that you follow."
    )


def unfollowed_words(team: Team) -> str:
    """The receipt of its end."""
    return f"You follow *{kit.escape(team.name)}* no more."


def list_view(followed: Sequence[Team], on: Collection[Part] = ()) -> View:
    """The teams that somebody follows, and the way to follow another."""
    none = [kit.section("You follow no team yet. What a team plans, changes and learns comes to you on Fridays.")]
    rows = [
        kit.section(f"*{kit.name(team.name)}*", kit.button("Unfollow", f"{DROP}_{team.id}", str(team.id)))
        for team in followed
    ]
    choose = kit.actions(kit.search_select(CHOOSE, "Follow another team"))
    bar = routes.bar(routes.team_tabs(on), "Following")
    return kit.modal("following", "Teams you follow", [bar, choose, *kit.fit_view(rows or none, [], MORE)])


def read_choice(value: str) -> int:
    """The team that was chosen."""
    return keys.number(value)


# --- the week ---------------------------------------------------------------------------------------------------


def week(news: Sequence[News]) -> Message:
    """What happened in the teams that somebody follows."""
    names = kit.names([kit.name(each.team.name) for each in news])
    opening = f"*The week of {kit.clip(names, A_TEAM)}*"
    teams = [(each, kit.clip("\n".join(_lines(each)), A_TEAM)) for each in news]
    foot = kit.context("You follow these teams. You find *Unfollow* in a team's window: `/small-team list`.")
    return Message(
        kit.in_short([opening, *(line for _, text in teams for line in text.splitlines())], more=MORE),
        kit.fit_message([kit.section(opening), *(_block(each, text) for each, text in teams)], [foot], MORE),
    )


def _block(news: News, text: str) -> Block:
    sprints = [sprint for sprint, _ in [*news.plans, *news.changes]]
    if sprints:
        last = max(sprints, key=lambda each: each.starts_on)
        key = sprint_views.key(last.team_id, last.starts_on)
        return kit.section(text, kit.button("Show the plan", f"{sprint_views.SHOW}_{last.id}", key))
    retro = news.learnt[-1].retro
    return kit.section(text, kit.button("Show the retro", f"{SHOW_RETRO}_{retro.id}", str(retro.id)))


def _lines(news: News) -> list[str]:
    lines = [f"*{kit.escape(news.team.name)}*"]
    for sprint, contents in news.plans:
        lines += [f"📋 Plan {_dates(sprint)}: {sprint_views.tally_of(contents.marks)}", *direction(sprint.direction)]
        lines += [top_line(item) for item in contents.top]
    lines += [f"✏️ {_changed(change)}" for _, change in news.changes[:MOST_CHANGES]]
    if len(news.changes) > MOST_CHANGES:
        lines.append(f"✏️ {count(len(news.changes) - MOST_CHANGES, 'more change')}")
    return [*lines, *(line for each in news.learnt for line in _learnt(each))]


def _changed(change: Change) -> str:
    who = kit.name(change.by.name)
    verb = {ChangeKind.ADDED: "added", ChangeKind.DROPPED: "dropped"}.get(ChangeKind(change.kind))
    if verb is None:
        return f"{who}: {card_views.changed_words(change)}"
    because = f": {kit.escape(change.reason)}" if change.reason else ""
    return f"{who} {verb} “{kit.escape(change.title)}”{because}"


def _learnt(learnt: Learnt) -> list[str]:
    marks = learnt.contents.marks
    items = sum(marks.values())
    done = f": {marks.get(Mark.FINISHED, 0)} of {count(items, 'item')} finished {MARKS[Mark.FINISHED]}" if items else ""
    lines = [f"🔁 Retro {_dates(learnt.retro.sprint)}{done}"]
    for action in learnt.led_to[:MOST_ACTIONS]:
        owner = "" if action.wants_taker else f" — {kit.name(action.owner.name)}"
        lines.append(f"• {kit.escape(action.text)}{owner}")
    return lines if learnt.led_to else [f"{lines[0]}. No improvement this time."]


def _dates(sprint: Sprint) -> str:
    return days(sprint.starts_on, sprint.ends_on)
