"""What people see of a team that is paused: the form, the line in the list, and what the channel reads."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from bot.domain.calendar.wording import a_day
from bot.domain.outbox.posts import Message
from bot.domain.staffing.pauses import REASON_LENGTH, Pause
from bot.views import kit
from bot.views.kit import Fields, View, keys
from models.teams import Team

PAUSE = "team_pause"
RESUME = "team_resume"
FORMING = "The team is still _forming_: nobody is asked anything until a second person joins, with `/small-team join`."


def words(until: date | None, because: str | None) -> str:
    """How a team is paused, in words: `paused until 2 August: offsite`."""
    return f"paused{_how(until, because)}"


def _how(until: date | None, because: str | None) -> str:
    last = f" until {a_day(until)}" if until else ""
    return f"{last}: {kit.escape(because)}" if because else last


def form(team: Team) -> View:
    """The form in which the lead pauses the team."""
    about = f"Nobody of *{kit.escape(team.name)}* is asked anything while it is paused. Its plans stay as they are."
    return kit.modal(
        PAUSE,
        "Pause the team",
        [
            kit.context(about),
            kit.field(
                "until",
                "The last day of the pause",
                kit.date_input("until"),
                optional=True,
                hint="Without a day it lasts until you end it with /small-team resume.",
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


def paused_view(team: Team) -> View:
    """The receipt of a pause."""
    how = words(team.paused_until, team.paused_because)
    return kit.notice("Paused", f"*{kit.escape(team.name)}* is {how}.\n`/small-team resume` ends it earlier.")


def paused_message(team: Team, name: str) -> Message:
    """What the team's channel reads when it is paused."""
    how = _how(team.paused_until, team.paused_because)
    return Message(f"{kit.escape(name)} pauses the sprints of {kit.escape(team.name)}{how}")


def resumed_words(team: Team) -> str:
    """The answer to the lead who ends a pause."""
    return f"{kit.escape(team.name)} goes on. Planning is asked about again when it is due."


def resumed_message(team: Team) -> Message:
    """What the team's channel reads when its pause is over."""
    return Message(f"The pause of {kit.escape(team.name)} is over: its sprints go on.")
