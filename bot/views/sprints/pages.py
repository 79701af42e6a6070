"""The company's page: every team's sprint on one message, in the same layout."""

from datetime import date, timedelta

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.wording import WEEKDAYS, count, days, period
from bot.domain.company import absences
from bot.domain.heroes import heroes
from bot.domain.heroes.heroes import Week
from bot.domain.outbox.posts import Message
from bot.domain.planning import exports
from bot.domain.sprints.pages import Sheet, TeamLine
from bot.views import kit
from bot.views.kit import Block
from bot.views.sprints import sprints as sprint_views
from bot.views.sprints.sprints import SHOW, key, tally_of
from models.outbox import Post
from models.retros import Action
from models.sprints import Mark, Sprint

DIRECTION = 200  # of a direction, on a page that is read at a glance; the plan has it all
MORE = "There is more: `/small-team list` shows every team."


def moved_page(channel_id: str) -> Message:
    """What is left of a page in a channel before."""
    text = f"All teams' sprints are in {kit.channel(channel_id)} now."
    return Message(text, [kit.section(text)])


def page(sheet: Sheet, today: date) -> Message:
    """One part of the page; `today` is the company's own date."""
    title = _title(sheet)
    blocks: list[Block] = [kit.header(title)]
    lines = [kit.escape(title)]
    for entry in sheet.entries:
        text = "\n".join(_lines(entry, sheet, today))
        show = kit.button("Show", f"{SHOW}_{entry.team.id}", _shown(entry)) if entry.sprint else None
        blocks.append(kit.section(kit.clip(text, kit.SECTION_TEXT), show))
        lines.append(". ".join([f"{kit.escape(entry.team.name)}: {_state(entry, today)}", *_direction(entry)]))
    if not sheet.entries:
        blocks.append(kit.section("No team has two people yet. `/small-team create` founds one."))
    return Message(kit.in_short(lines), kit.fit_message(blocks, _foot(sheet), MORE))


def _title(sheet: Sheet) -> str:
    part = f", part {sheet.page.part} of {sheet.parts}" if sheet.page.part > 1 else ""
    return f"Sprints {period(sheet.page.starts_on, _last_day(sheet))}{part}"


def _last_day(sheet: Sheet) -> date:
    """The last working day that any team of the page has in its weeks: a title says 13–17 July, not 13–19."""
    inside = [e.sprint.ends_on for e in sheet.entries if e.sprint and e.sprint.ends_on <= sheet.page.ends_on]
    return max(inside, default=sheet.page.ends_on)


def _shown(entry: TeamLine) -> str:
    return key(entry.team.id, entry.sprint.starts_on) if entry.sprint else str(entry.team.id)


def _lines(entry: TeamLine, sheet: Sheet, today: date) -> list[str]:
    name = f"*{_link(entry, sheet.workspace_url)}*"
    sprint = entry.sprint
    if sprint is None or entry.team.paused_at is not None:
        return [name, _state(entry, today)]
    dates = f"{days(sprint.starts_on, sprint.ends_on)}{_week(sprint, sheet)}"
    lines = [f"{name} · {dates} · {_state(entry, today)}"]
    if sprint.starts_on < sheet.page.starts_on:
        # It runs on from the page before, which has all of it but who is hero by now.
        return [" · ".join([*lines, *_hero(kit.escape(heroes.named(_weeks_of_page(sprint, sheet))))])]
    lines += [*_direction(entry), *_improvement(entry)]
    facts = _hero(kit.escape(heroes.named(heroes.of(sprint))))
    if off := absences.in_sprint(sprint):
        facts.append(f"🌴 {', '.join(kit.escape(exports.off(each, sprint)) for each in off)}")
    facts += sprint_views.embed_facts(entry.embeds, entry.team.id)
    return [*lines, " · ".join(facts)] if facts else lines


def _hero(named: str) -> list[str]:
    return [f"🦸 {named}"] if named else []


def _weeks_of_page(sprint: Sprint, sheet: Sheet) -> list[Week]:
    page = sheet.page
    return [week for week in heroes.of(sprint) if page.starts_on <= week.starts_on <= page.ends_on]


def _week(sprint: Sprint, sheet: Sheet) -> str:
    """Which week of a longer sprint this page is about."""
    monday = sprint.starts_on - timedelta(days=sprint.starts_on.weekday())
    weeks = (Dates(sprint.starts_on, sprint.ends_on).next_on - sprint.starts_on).days // 7
    shown = (sheet.page.ends_on - sheet.page.starts_on).days // 7 + 1
    return f" · week {(sheet.page.starts_on - monday).days // 7 + 1} of {weeks}" if shown < weeks else ""


def _direction(entry: TeamLine) -> list[str]:
    """The direction in one line, where there is one."""
    said = " ".join(entry.sprint.direction.split()) if entry.sprint else ""
    return [kit.escape(kit.shorten(said, DIRECTION))] if said else []


def _improvement(entry: TeamLine) -> list[str]:
    """What the team's retro led to, in one line."""
    action = entry.improvement
    if action is None:
        return []
    return [f"🔁 Retro: {kit.escape(kit.shorten(action.text, DIRECTION))}{_owner(action)}"]


def _owner(action: Action) -> str:
    return "" if action.wants_taker else f" ({kit.escape(action.owner.name)})"


def _link(entry: TeamLine, workspace_url: str | None) -> str:
    """The team's name, as a link to its plan; a name is shown by Slack as it is within a link."""
    name = kit.escape(entry.team.name)
    url = permalink(entry.card, workspace_url)
    return f"<{url}|{name}>" if url else name


def permalink(post: Post | None, workspace_url: str | None) -> str | None:
    """Where a message stands, in the form of Slack's own links; None while it does not stand anywhere."""
    if post is None or workspace_url is None or post.message_ts is None:
        return None
    return f"{workspace_url}archives/{post.posted_in_id}/p{post.message_ts.replace('.', '')}"


def _state(entry: TeamLine, today: date) -> str:
    team, sprint = entry.team, entry.sprint
    if team.paused_at is not None:
        until = f" until {days(team.paused_until, team.paused_until)}" if team.paused_until else ""
        return f"paused{until}: {kit.escape(team.paused_because or '')}"
    if sprint is None:
        return "not planned yet"
    items = sum(entry.marks.values())
    begun = items > entry.marks.get(Mark.NOT_STARTED, 0)
    if sprint.finalized_at is not None:
        return count(items, "item") + (f": {tally_of(entry.marks)}" if begun else "")
    if sprint.settles_at is not None and cadence.local_date(sprint.settles_at, team.zone) < today:
        return "not finalized" + (f", {count(items, 'item')}" if items else "")
    here = {member.person_id for member in team.members if not member.person.is_gone}
    answered = len(here & {answer.person_id for answer in sprint.answers})
    so_far = f", {answered} of {len(here)} have answered" if answered else ""
    return f"plans {WEEKDAYS[sprint.starts_on.weekday()]}{so_far}"


def _foot(sheet: Sheet) -> list[Block]:
    """How far the company is, in plain words and without blame."""
    planning = [entry.sprint for entry in sheet.entries if entry.team.paused_at is None]
    posted = sum(sprint is not None and sprint.finalized_at is not None for sprint in planning)
    return [kit.context(f"{posted} of {count(len(planning), 'plan')} posted.")] if planning else []
