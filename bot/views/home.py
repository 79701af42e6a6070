"""The app's Home tab."""

from collections.abc import Sequence

from bot.domain.home import SHOWN, Home
from bot.domain.overviews import Overview
from bot.domain.queues import Line
from bot.views import desks, feedback, kit, notes, nudges, sprints, teams
from bot.views.aways import AWAY
from bot.views.company import HELP_BUTTON as HELP
from bot.views.company import SETUP_BUTTON as SETUP
from bot.views.kit import Block, Element, View
from bot.views.requests import REACH_OUT


def of(home: Home) -> View:
    """My team's sprint, or the way to a team. First comes what waits on me, and for an admin that the company is to be set up."""
    mine = _team(home.overview) if home.overview else teams.no_team_blocks(home.teams)
    first = [*_setup(home.to_set_up), *_waiting(home.waiting)]
    last = [kit.actions(kit.button("Reach out to the AI team", REACH_OUT), _tell()), *desks.home_line(home.triage)]
    return _home([*first, *mine[: kit.VIEW_BLOCKS - len(first) - len(last)], *last])


def _waiting(lines: Sequence[Line]) -> list[Block]:
    """The requests that wait on me; nothing for somebody on whom nothing waits."""
    if not lines:
        return []
    blocks = [kit.section("*Requests waiting on you*")]
    for line in lines[:SHOWN]:
        since = kit.moment(line.request.waiting_since, with_time=False)
        opens = kit.link_button("Open", f"{nudges.OPEN}_{line.request.id}", line.link) if line.link else None
        blocks.append(kit.section(f"{nudges.linked(line.request, line.link)} · since {since}", opens))
    if len(lines) > SHOWN:
        blocks.append(kit.context("And more: `/reach-out mine` shows all of it."))
    return [*blocks, kit.divider()]


def _team(overview: Overview) -> list[Block]:
    """What is mine to do now, in my team's sprint."""
    name = kit.escape(overview.team_name)
    head = kit.section(f"*Team {name}*", kit.button("My team", teams.SHOW, str(overview.team_id)))
    return [head, kit.divider(), *sprints.overview_blocks(overview), *_foot(overview)]


def _setup(needed: bool) -> list[Block]:
    if not needed:
        return []
    words = "*Prickle has no channels yet.* Choose where the company's plans stand."
    return [kit.section(words, kit.button("Set up", SETUP, style="primary")), kit.divider()]


def _foot(overview: Overview) -> list[Block]:
    away = None if overview.away else kit.button("I'm away", AWAY)
    retro = kit.button("Write a retro note", notes.ADD)
    buttons = [retro, kit.button("All teams", teams.LIST), away, kit.button("What can I type?", HELP)]
    return [kit.divider(), kit.actions(*buttons)]


def _tell() -> Element:
    return kit.button("Give feedback", feedback.GIVE)


def _home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[: kit.VIEW_BLOCKS]}
