"""The app's Home tab."""

from collections.abc import Sequence

from bot.domain.sprints import Overview
from bot.views import kit, sprints, teams
from bot.views.kit import Block, View
from models.teams import Team


def home(overview: Overview, viewer: str) -> View:
    """What is mine to do now, in my team's sprint."""
    team = overview.team
    head = kit.section(f"*Team {kit.escape(team.name)}*", kit.button("My team", teams.SHOW, str(team.id)))
    return _home([head, kit.divider(), *sprints.overview_blocks(overview, viewer)])


def newcomer(all_teams: Sequence[Team]) -> View:
    """The way to a team."""
    return _home(teams.no_team_blocks(all_teams))


def _home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[: kit.VIEW_BLOCKS]}
