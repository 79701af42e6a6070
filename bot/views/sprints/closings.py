"""What people see when a sprint is closed before its last day has passed."""

from bot.domain.calendar.wording import period
from bot.domain.outbox.posts import Message
from bot.domain.planning import contents
from bot.views import kit
from bot.views.kit import View
from bot.views.sprints import sprints as sprint_views
from models.sprints import Sprint

CLOSE = "sprint_close"
CLOSING = "Its marks stay as they are. What is unfinished carries over."


def confirm_field() -> kit.Element:
    return kit.confirmation("Close the sprint?", CLOSING, "Close it")


def close_form(sprint: Sprint) -> View:
    """Asks before `/sprint close` does it."""
    dates = period(sprint.starts_on, sprint.ends_on)
    words = f"*{kit.escape(sprint.team.name)}, {dates}*\n{CLOSING}"
    blocks = [kit.section(words)]
    return kit.modal(CLOSE, "Close the sprint?", blocks, submit="Close it", close="Not now", metadata=str(sprint.id))


def closed_message(sprint: Sprint, name: str) -> Message:
    """What the card's thread reads when the lead closed the sprint early."""
    return Message(f"{kit.escape(name)} closed the sprint: {sprint_views.tally(contents.active(sprint))}")
