"""What people see of a team that is paused: the form, the line in the list, and what the channel reads."""

from collections.abc import Mapping
from typing import Any

from bot.domain.outbox.posts import Message
from bot.domain.staffing.pauses import REASON_LENGTH, Pause
from bot.views import kit, routes
from bot.views.kit import Fields, View, keys
from bot.views.teams import teams
from models.teams import Team


def form(team: Team) -> View:
    """The form in which the lead pauses the team."""
    about = f"Prickle asks nobody in *{kit.escape(team.name)}* anything while the team is paused. Its plans stay as they are."
    return kit.modal(
        routes.PAUSE_TEAM.verb,
        "Pause the team",
        [
            kit.context(about),
            kit.field(
                "until",
                "The last day of the pause",
                kit.date_input("until"),
                optional=True,
                hint="Leave it empty, and the pause lasts until you end it with /small-team resume.",
            ),
            kit.field(
                "because",
                "Because…",
                kit.text_input("because", most=REASON_LENGTH, placeholder="One line, such as: offsite in Lisbon"),
            ),
        ],
        submit="Pause",
        close="Cancel",
        metadata=str(team.id),
    )


def read_form(view: Mapping[str, Any]) -> Pause:
    """What was filled in."""
    fields = Fields(view)
    return Pause(
        team_id=keys.number(view["private_metadata"]), until=fields.date("until"), because=fields.text("because")
    )


def paused_message(team: Team, name: str) -> Message:
    """What the team's channel reads when it is paused."""
    how = teams.how_paused(team.paused_until, team.paused_because)
    return Message(f"{kit.escape(name)} pauses the sprints of {kit.escape(team.name)}{how}")


def resumed_words(team: Team) -> str:
    """The answer to the lead who ends a pause."""
    return f"{kit.escape(team.name)} is back. Prickle asks for plans again when they are due."


def resumed_message(team: Team) -> Message:
    """What the team's channel reads when its pause is over."""
    return Message(f"The pause of {kit.escape(team.name)} is over: its sprints continue.")
