"""The app's Home tab."""

from collections.abc import Sequence

from bot.domain.overviews import Overview
from bot.views import feedback, kit, notes, sprints, teams
from bot.views.aways import AWAY
from bot.views.company import HELP_BUTTON as HELP
from bot.views.company import SETUP_BUTTON as SETUP
from bot.views.kit import Block, Element, View
from models.teams import Team


def of(overview: Overview | None, all_teams: Sequence[Team], *, to_set_up: bool) -> View:
    """What this person's Home shows: their team's sprint, or the way to a team."""
    if overview is None:
        return newcomer(all_teams, to_set_up=to_set_up)
    return home(overview, to_set_up=to_set_up)


def home(overview: Overview, *, to_set_up: bool = False) -> View:
    """What is mine to do now, in my team's sprint. An admin whose company is not set up sees that first."""
    name = kit.escape(overview.team_name)
    head = kit.section(f"*Team {name}*", kit.button("My team", teams.SHOW, str(overview.team_id)))
    return _home([*_setup(to_set_up), head, kit.divider(), *sprints.overview_blocks(overview), *_foot(overview)])


def newcomer(all_teams: Sequence[Team], *, to_set_up: bool = False) -> View:
    """The way to a team. An admin whose company is not set up sees that first."""
    return _home([*_setup(to_set_up), kit.actions(_tell()), *teams.no_team_blocks(all_teams)])


def _setup(needed: bool) -> list[Block]:
    if not needed:
        return []
    words = "*Prickle has no channels yet.* Choose where the company's plans stand."
    return [kit.section(words, kit.button("Set up", SETUP, style="primary")), kit.divider()]


def _foot(overview: Overview) -> list[Block]:
    away = None if overview.away else kit.button("I'm away", AWAY)
    retro = kit.button("Write a retro note", notes.ADD)
    buttons = [retro, _tell(), kit.button("All teams", teams.LIST), away, kit.button("What can I type?", HELP)]
    return [kit.divider(), kit.actions(*buttons)]


def _tell() -> Element:
    return kit.button("Give feedback", feedback.GIVE)


def _home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[: kit.VIEW_BLOCKS]}
