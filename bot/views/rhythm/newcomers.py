"""What somebody reads who joined a team in mid-sprint."""

from bot.domain.calendar.wording import days, weekday
from bot.domain.outbox.posts import Message
from bot.domain.rhythm.newcomers import Welcome
from bot.views import kit, routes
from bot.views.sprints.sprints import PLAN, SHOW, WRITE, key

DIRECTION_SHOWN = 160


def welcome(shown: Welcome) -> Message:
    """The plan, the retro's door, and the way to a plan of one's own."""
    sprint = shown.sprint
    here = key(sprint.team_id, sprint.starts_on)
    name = kit.escape(sprint.team.name)
    runs = f"*{days(sprint.starts_on, sprint.ends_on)}* runs"
    direction = kit.escape(kit.shorten(" ".join(sprint.direction.split()), DIRECTION_SHOWN))
    lines = [f"Welcome to {name}! {runs}{f': {direction}' if direction else '.'}"]
    if shown.answered:
        lines.append("Your plan is in.")
    elif shown.is_live and shown.needed:
        lines.append("Add what you work on when you like; nobody waits for it.")
    if shown.asked_on is not None and shown.is_live:
        lines.append(f"On {weekday(shown.asked_on)} you wrap up and plan with the others.")
    write = None
    if shown.is_live and shown.needed and not shown.answered:
        write = kit.button(PLAN, WRITE, here, style="primary")
    note = routes.WRITE_NOTES.button("Write a retro note", here) if shown.needed else None
    buttons = kit.actions(write, kit.button("Show the plan", SHOW, here), note)
    return Message("\n".join(lines), [*kit.paragraphs(lines), buttons])
