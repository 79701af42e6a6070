"""The app's Home tab: what is mine to do, then my team, then what I can start."""

from collections.abc import Sequence

from bot.domain.calendar.wording import days, weekday
from bot.domain.company.parts import Part
from bot.domain.home import due
from bot.domain.home.home import Followed, Home, RetroLine
from bot.domain.home.small_lists import ITEMS, SHOWN
from bot.domain.sprints.overviews import ItemLine, Overview
from bot.views import kit, routes
from bot.views.company.company import SETUP_BUTTON as SETUP
from bot.views.desks import rota_card
from bot.views.feedback import letters
from bot.views.heroes import heroes
from bot.views.home import due as due_views
from bot.views.home import small_lists as list_views
from bot.views.home.menu import WHAT_IT_IS
from bot.views.intake import events as intake_events
from bot.views.intake.requests import REACH_OUT
from bot.views.kit import Block, Element, View
from bot.views.retros import boards, notes
from bot.views.sprints import overviews, sprint_channel, sprints
from bot.views.teams import teams

MOST_TEAMS = 8  # of those with a free seat, for somebody who has none


def tab(home: Home) -> View:
    """Everything of it that is not empty. What is mine to do comes first, and for an admin that the company is to be set up."""
    mine = [
        *_first_contact(home),
        *_setup(home.to_set_up),
        *_lost(home),
        *_away(home.overview),
        *_section(due_views.blocks(home)),
        *_section(_items(home.overview)),
        *_section(list_views.waiting_block(home.waiting)),
        *_section(list_views.answers_block(home.answers)),
        *_section(list_views.comments_block(home.comments)),
        *_section(list_views.actions_block(home)),
        *_section(list_views.told_block(home.told)),
    ]
    around = [
        *_section(_team(home)),
        *_section(_followed(home)),
        *rota_card.home_line(home.triage),
        *_start(home),
    ]
    return {"type": "home", "blocks": [*mine[: kit.VIEW_BLOCKS - len(around)], *around][: kit.VIEW_BLOCKS]}


def _section(blocks: Sequence[Block]) -> list[Block]:
    return [*blocks, kit.divider()] if blocks else []


def _first_contact(home: Home) -> list[Block]:
    """What Prickle is, for people who have no team or no plan yet. Their next step is shown below it."""
    is_new = home.overview is None or not (home.overview.answered or home.overview.mine() or home.overview.to_mark)
    return [kit.section(WHAT_IT_IS)] if is_new else []


def _setup(needed: bool) -> list[Block]:
    if not needed:
        return []
    words = "*Prickle has no channels yet.* Choose where Prickle posts the company's plans."
    return [kit.section(words, kit.button("Set up", SETUP, style="primary")), kit.divider()]


def _lost(home: Home) -> list[Block]:
    """Which of the company's channels nothing can be posted in, and one way to another."""
    words = [
        *([sprint_channel.lost_message(*home.lost_sprints).text] if home.lost_sprints else []),
        *([intake_events.lost_message(*home.lost).text] if home.lost else []),
    ]
    set_up = kit.button("Set up", SETUP)
    return _section([kit.section(f"⚠️ {each}", None if number else set_up) for number, each in enumerate(words)])


def _away(overview: Overview | None) -> list[Block]:
    return overviews.away_blocks(overview) if overview is not None else []


# --- mine to do -------------------------------------------------------------------------------------------------


def _items(overview: Overview | None) -> list[Block]:
    """My items, each with its marks behind three dots: of the sprint that has ended, that runs, and that is ahead."""
    if overview is None:
        return []
    ended, running, dates = overview.ended, overview.running, overview.planning.dates
    blocks = _my(overview.to_mark, days(ended.starts_on, ended.ends_on)) if ended else []
    if running is not None:
        blocks += _my(overview.mine(), days(running.starts_on, running.ends_on))
        blocks += overviews.beside_others(overview, overview.items)
    return [*blocks, *_my(overview.mine_ahead(), days(dates.starts_on, dates.ends_on), most=SHOWN)]


def _my(items: Sequence[ItemLine], dates: str, *, most: int = ITEMS) -> list[Block]:
    if not items:
        return []
    shown = overviews.my_items(items[:most])
    return [
        kit.section(f"*My items* · {dates}"),
        *shown,
        *list_views.more(most, len(items), "`/sprint` shows all of them."),
    ]


# --- my team ----------------------------------------------------------------------------------------------------


def _team(home: Home) -> list[Block]:
    """My team: its plan and retro, who is off, and who is its support hero; or the way to one."""
    overview = home.overview
    if overview is None:
        return teams.no_team_blocks(home.teams, most=MOST_TEAMS)
    name = kit.escape(overview.team_name)
    lines = [*_plan_lines(overview), *_retro_lines(home.retro), *_people_lines(overview)]
    return [
        kit.section(f"*Team {name}*", kit.button("My team", teams.SHOW, str(overview.team_id))),
        *overviews.team_still_blocks(overview),
        *kit.paragraphs(lines),
        *overviews.hero_rows(overview),
        kit.actions(*_team_buttons(overview, home.retro)),
    ]


def _plan_lines(overview: Overview) -> list[str]:
    running, planning = overview.running, overview.planning
    lines = ["No sprint is running."]
    if running is not None:
        lines = [f"🏃 *{days(running.starts_on, running.ends_on)}* · {sprints.tally(overview.items)}"]
        if running.direction:
            lines.append(f"_{list_views.short(running.direction)}_")
    if not overview.plans_what_runs:
        dates = days(planning.dates.starts_on, planning.dates.ends_on)
        # While it is the lead's to finalize, it stands above for whom it waits.
        waits = (
            f" · {overviews.waiting_for_seats(overview)}"
            if overview.leads and not due.asks_to_finalize(overview)
            else ""
        )
        lines.append(f"🗓️ *{overviews.how_far(overview)}: {dates}*{waits}")
    return lines


def _retro_lines(retro: RetroLine | None) -> list[str]:
    if retro is None:
        return []
    state = "its notes are revealed"
    if retro.is_hidden:
        state = "its notes are hidden"
        state += " until the reveal"
    return [f"🔄 The retro of {days(retro.starts_on, retro.ends_on)} is open; {state}."]


def _people_lines(overview: Overview) -> list[str]:
    off = [kit.name(each.name) + (f" (until {weekday(each.last)})" if each.last else "") for each in overview.off]
    return [
        *([f"🌴 Off today: {', '.join(off)}"] if off else []),
        *heroes.in_week(overview.heroes, overview.today),
    ]


def _team_buttons(overview: Overview, retro: RetroLine | None) -> list[Element | None]:
    running, planning = overview.running, overview.planning
    shown = running.starts_on if running else planning.dates.starts_on if planning.sprint_id else None
    here = sprints.key(overview.team_id, shown) if shown else str(overview.team_id)
    asks_above = due.asks_to_plan(overview)
    return [
        kit.button("Show the plan", sprints.SHOW, here),
        *(each for each in overviews.plan_buttons(overview) if not (asks_above and each["action_id"] == sprints.WRITE)),
        kit.button("Show the retro", boards.SHOW, str(retro.id)) if retro else None,
    ]


def _followed(home: Home) -> list[Block]:
    """The teams that I follow, and what they are at."""
    if not home.followed:
        return []
    blocks = [kit.section("*Teams you follow*"), *(_followed_team(each) for each in home.followed)]
    return [*blocks, *list_views.more(len(home.followed), home.follows, "`/sprint company` shows every team's sprint.")]


def _followed_team(team: Followed) -> Block:
    words, value = "no plan yet", str(team.team_id)
    if team.starts_on is not None and team.ends_on is not None:
        words = f"{days(team.starts_on, team.ends_on)} · {sprints.tally_of(team.marks)}"
        value = sprints.key(team.team_id, team.starts_on)
    show = kit.button("Show the plan", f"{sprints.SHOW}_{team.team_id}", value)
    return kit.section(f"*{kit.name(team.name)}* · {words}", show)


# --- what I can start -------------------------------------------------------------------------------------------


def _start(home: Home) -> list[Block]:
    overview = home.overview
    return [
        kit.actions(
            routes.MENU.button("Menu"),
            kit.button("Write a retro note", notes.ADD) if overview is not None else None,
            kit.button("Reach out to the AI team", REACH_OUT) if Part.INTAKE in home.parts else None,
            kit.button("Give feedback", letters.GIVE) if Part.FEEDBACK in home.parts else None,
            routes.AWAY.button("I'm away") if overview is not None and overview.away is None else None,
        )
    ]
