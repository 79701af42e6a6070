"""Buttons that lead into a wing above the one that shows them: a view names the place, not the other wing's file.

A route is the id of a press. The wing that answers it takes the id from here too.
"""

from dataclasses import dataclass

from bot.views import kit
from bot.views.kit import Element


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


MENU = Route("menu_open")
MENU_PART = Route("menu_part")
REACH_OUT = Route("request_reach_out")
COMPANY_SPRINTS = Route("sprint_company")
WRITE_NOTES = Route("retro_write")
SAME_AGAIN = Route("prompt_again")
CLOSE_DESK = Route("desk_close")
FEEDBACK_LINE = Route("feedback_weekly_open")
AWAY = Route("away_days")
PAUSE_TEAM = Route("team_pause")
RESUME_TEAM = Route("team_resume")
FOLLOW_TEAM = Route("team_follow")
UNFOLLOW_TEAM = Route("team_unfollow")
SUPPORT_TEAM = Route("team_support")
SUPPORT_TEAM_NO_MORE = Route("team_unsupport")
