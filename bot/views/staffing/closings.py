"""What people see when a team ends: the two forms, and what the channels read."""

from collections.abc import Mapping, Sequence
from typing import Any

from bot.domain.calendar.wording import days
from bot.domain.outbox.posts import Message
from bot.domain.staffing.closings import Closed, Merged
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from bot.views import kit
from bot.views.kit import Fields, View, keys
from bot.views.teams import seats as seat_views
from bot.views.teams import teams as team_views
from models.teams import Team

CLOSE = team_views.CLOSE
MERGE = team_views.MERGE


def close_form(team: Team) -> View:
    """Asks before a team is closed."""
    words = (
        f"You close *{kit.escape(team.name)}*. Its plans and retros stay readable, "
        "and its name and channel are free for another team. This can't be undone."
    )
    return kit.modal(
        CLOSE, "Close the team", [kit.section(words)], submit="Close it", close="Cancel", metadata=str(team.id)
    )


def merge_form(team: Team) -> View:
    """The form in which a team chooses the one that it goes into."""
    people = kit.names([kit.escape(member.person.name) for member in team.members if not member.person.is_gone])
    words = (
        f"Who moves: {people}. *{kit.escape(team.name)}* is closed then; its plans and retros stay readable. "
        "This can't be undone."
    )
    return kit.modal(
        MERGE,
        "Merge the team",
        [
            kit.section(words),
            kit.field("team", "Into which team?", kit.search_select(seat_views.SEARCH, "Type a team's name")),
        ],
        submit="Merge",
        close="Cancel",
        metadata=str(team.id),
    )


def read_team(view: Mapping[str, Any]) -> int:
    """Which team the form is about."""
    return keys.number(view["private_metadata"])


def read_into(view: Mapping[str, Any]) -> int:
    """Into which team it goes. Raises Refusal when none was chosen."""
    chosen = Fields(view).choice("team")
    if chosen is None:
        raise Refusal("Choose a team.", field="team")
    return keys.number(chosen)


def closed_posts(closed: Closed) -> Sequence[tuple[str, str, Message]]:
    """What the channel reads when a team was closed: a post's key, its channel, its message."""
    words = f"{kit.escape(closed.team.name)} is closed. Its plans and retros stay readable here."
    return [(f"closed:{closed.team.id}", closed.channel_id, Message(words))]


def merged_posts(merged: Merged) -> Sequence[tuple[str, str, Message]]:
    """What both channels read when a team went into another one."""
    name, into = kit.escape(merged.team.name), kit.escape(merged.into.name)
    people = kit.names([kit.escape(person.name) for person in merged.people])
    verb = "moves" if len(merged.people) == 1 else "move"
    there = Message(
        f"{name} merges into {into}: {people} {verb} to {kit.channel(teams.home_channel(merged.into))}. "
        "The plans and retros so far stay readable here."
    )
    here = Message(f"{name} merges into {into}. Welcome, {people}!{_with_their_plans(merged)}")
    key = f"merged:{merged.team.id}"
    return [(f"{key}:from", merged.channel_id, there), (f"{key}:into", merged.into.channel_id, here)]


def _with_their_plans(merged: Merged) -> str:
    planned = merged.planned
    if planned is None:
        return ""
    return f" What they had planned is in the plan for {days(planned.starts_on, planned.ends_on)} now."
