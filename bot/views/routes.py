"""Buttons that lead into a wing above the one that shows them: a view names the place, not the other wing's file.

A route is the id of a press. The wing that answers it takes the id from here too.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from bot.domain.company.parts import Part
from bot.views import kit
from bot.views.kit import Block, Element, View


@dataclass(frozen=True)
class Route:
    """A place that a button leads to. `verb` is the press's `action_id`."""

    verb: str

    def button(self, text: str, row: str | int = "", *, style: str | None = None) -> Element:
        """A button that leads there; `row` is what it is about."""
        return kit.button(text, self.verb, str(row), style=style)


ENTRY = "go"  # what the id of every press begins with that stands for a typed verb


def entry(command: str, word: str) -> str:
    """The press that does what a typed verb does: `go_sprint_plan` of `/sprint plan`."""
    return "_".join([ENTRY, command.strip("/"), *word.split()]).replace("-", "_")


@dataclass(frozen=True)
class Tab:
    """One of the windows that a command has beside each other."""

    name: str
    verb: str
    row: str = ""


def bar(tabs: Sequence[Tab], current: str = "") -> Block:
    """The tabs above a window; the one that is open, by its name, is marked with a sign."""
    return kit.actions(
        *(kit.button(f"▾ {tab.name}" if tab.name == current else tab.name, tab.verb, tab.row) for tab in tabs)
    )


def with_bar(view: View, tabs: Sequence[Tab], current: str) -> View:
    """A window that stands elsewhere too, as a tab."""
    return {**view, "blocks": [bar(tabs, current), *view["blocks"]][: kit.VIEW_BLOCKS]}


def team_tabs(on: Collection[Part]) -> Sequence[Tab]:
    """The tabs of `/small-team`, with that of the rota where it is on."""
    return (*TEAM_TABS[:1], ROTA_TAB, *TEAM_TABS[1:]) if Part.ROTA in on else TEAM_TABS


MENU = Route("menu_open")
MENU_PART = Route("menu_part")


def _settings(part: Part) -> Tab:
    return Tab("⚙ More", f"{MENU_PART.verb}_{part}", part.value)


SPRINT_TABS = (
    Tab("Now", entry("/sprint", "")),
    Tab("Next", entry("/sprint", "next")),
    Tab("All teams", entry("/sprint", "company")),
    _settings(Part.SPRINTS),
)
TEAM_TABS = (
    Tab("My team", entry("/small-team", "")),
    Tab("Following", entry("/small-team", "follow")),
    Tab("All teams", entry("/small-team", "list")),
    _settings(Part.TEAMS),
)
ROTA_TAB = Tab("Hero rota", entry("/small-team", "rota"))
INTAKE_TABS = (
    Tab("Ask", entry("/reach-out", "")),
    Tab("Mine", entry("/reach-out", "mine")),
    Tab("Queue", entry("/reach-out", "queue")),
    Tab("Capacity", entry("/reach-out", "capacity")),
    Tab("Rota", entry("/reach-out", "rota")),
)
HERO_ROTA = Route("rota_show")
REACH_OUT = Route("request_reach_out")
COMPANY_SPRINTS = Route("sprint_company")
WRITE_NOTES = Route("retro_write")
WRITE_PLAN = Route("plan_write")
SAME_AGAIN = Route("prompt_again")
CLOSE_DESK = Route("desk_close")
FEEDBACK_LINE = Route("feedback_weekly_open")
AWAY = Route("away_days")
PAUSE_TEAM = Route("team_pause")
TEAM_CALENDAR = Route("team_calendar")
RESUME_TEAM = Route("team_resume")
FOLLOW_TEAM = Route("team_follow")
UNFOLLOW_TEAM = Route("team_unfollow")
SUPPORT_TEAM = Route("team_support")
SUPPORT_TEAM_NO_MORE = Route("team_unsupport")
