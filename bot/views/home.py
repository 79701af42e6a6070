"""The app's Home tab."""

from collections.abc import Sequence

from bot.domain.overviews import Overview
from bot.views import kit, sprints, teams
from bot.views.kit import Block, View
from models.teams import Team


def home(overview: Overview, viewer: str) -> View:
    """What is mine to do now, in my team's sprint."""
    name = kit.escape(overview.team_name)
    head = kit.section(f"*Team {name}*", kit.button("My team", teams.SHOW, str(overview.team_id)))
    return _home([head, kit.divider(), *sprints.overview_blocks(overview, viewer)])


def newcomer(all_teams: Sequence[Team]) -> View:
    """The way to a team."""
    return _home(teams.no_team_blocks(all_teams))


def _home(blocks: Sequence[Block]) -> View:
    return {"type": "home", "blocks": list(blocks)[: kit.VIEW_BLOCKS]}
