"""What people see when they take a seat, leave it, or hand the lead over."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from bot.domain.calendar.wording import a_day, how_long
from bot.domain.company.people import how_gone
from bot.domain.outbox.posts import Message
from bot.domain.teams import teams
from bot.domain.teams.seats import Seated
from bot.platform.errors import Refusal
from bot.views import kit, routes
from bot.views.kit import Fields, View, keys
from models.company import Person
from models.teams import SEATS, Membership, Team

JOIN = "team_join"
LEAVE = "team_leave"
HAND_OVER = "team_hand_over"
TAKE_LEAD = "team_take_lead"
SEARCH = "team"  # the menu that looks teams up while somebody types
MOVES_ARE_RARE = "Moves usually happen every 3 to 9 months."  # the handbook, "Small teams"


def choices(found: Sequence[Team]) -> list[kit.Element]:
    """Teams as the choices of a menu."""
    return [kit.option(f"{team.name} ({len(team.members)} of {SEATS})", str(team.id)) for team in found]


def join_form(seat: Membership | None, target: Team | None, today: date) -> View:
    """The form that takes a seat; for somebody who has one it says that this is a move. Who chose the team is not asked again."""
    field = kit.field("team", "Team", kit.search_select(SEARCH, "Type a team's name"))
    metadata = str(target.id) if target is not None else ""
    if target is not None:
        field = kit.section(
            f"You take a seat in *{kit.escape(target.name)}*: {len(target.members)} of {SEATS} are taken."
        )
    if seat is None:
        return kit.modal(JOIN, "Join a team", [field], submit="Join", close="Cancel", metadata=metadata)
    words = (
        f"This is a move: your seat in *{kit.escape(seat.team.name)}* is freed. "
        f"You have been there for *{how_long(seat.joined_at.date(), today)}*. {MOVES_ARE_RARE}"
    )
    channels = "Both teams' channels get a line, so that nobody is surprised."
    return kit.modal(
        JOIN,
        "Move to a team",
        [kit.section(words), field, kit.context(channels)],
        submit="Move",
        close="Cancel",
        metadata=metadata,
    )


def read_join(view: Mapping[str, Any]) -> int:
    """The id of the team to join. Raises Refusal when none was chosen."""
    chosen = Fields(view).choice("team") or view.get("private_metadata")
    if not chosen:
        raise Refusal("Choose a team.", field="team")
    return keys.number(chosen)


def leave_form(team: Team) -> View:
    """Asks before a seat is freed."""
    words = (
        f"You leave *{kit.escape(team.name)}*, and your seat is free for somebody else. Your items stay in its plan."
    )
    return kit.modal(LEAVE, "Leave the team", [kit.section(words)], submit="Leave", close="Stay")


def hand_over_form(team: Team, viewer: str) -> View:
    """The form in which a lead chooses the next one."""
    lead = teams.lead_of(team)
    others = [member for member in team.members if member is not lead and not member.person.is_gone]
    if not others:
        return kit.notice(
            "Hand over the lead", f"There is nobody else in {kit.escape(team.name)} who could lead it yet."
        )
    people = [kit.option(member.person.name, member.person_id) for member in others]
    return kit.modal(
        HAND_OVER,
        "Hand over the lead",
        [
            kit.section(f"The lead of *{kit.escape(team.name)}* makes sure that sprints happen, and gives direction."),
            kit.field(
                "lead",
                "The next lead",
                kit.select("lead", people, viewer if lead and lead.person_id != viewer else None),
            ),
        ],
        submit="Hand over",
        close="Cancel",
        metadata=str(team.id),
    )


def read_heir(view: Mapping[str, Any]) -> str:
    """The id of the person who leads next."""
    return Fields(view).choice("lead") or ""


def joined_view(team: Team) -> View:
    """Somebody took a seat, and goes on from here. What the others read stands in the team's channel."""
    # A seat is no place in the channel: Slack lets people into that themselves.
    channel = f" Join {kit.channel(team.channel_id)} to read its plans and retros." if team.channel_lost is None else ""
    words = f"You are in *{kit.escape(team.name)}* now.{channel}"
    return kit.done("Welcome", [kit.section(words), kit.actions(routes.WRITE_PLAN.button("Write my plan", team.id))])


def seated_posts(seated: Seated) -> list[tuple[str, str, Message]]:
    """What the channels concerned read when somebody joined, left or moved: a post's key, its channel, its message."""
    who = kit.escape(seated.person.name)
    left, joined = seated.left, seated.joined
    told = []
    if left is not None:
        to = f" for {kit.escape(joined.name)}" if joined else ""
        told.append((left, Message(f"{who} leaves {kit.escape(left.name)}{to}. Thank you! A seat is free.")))
    if joined is not None:
        origin = f" from {kit.escape(left.name)}" if left else ""
        told.append((joined, Message(f"{who} joins {kit.escape(joined.name)}{origin}. Welcome!")))
    return [(f"move:{seated.move.id}:{team.id}", team.channel_id, message) for team, message in told]


def leaderless_message(team: Team, person: Person) -> Message:
    """What the channel reads when the lead is gone, with the way on."""
    name = kit.escape(team.name)
    words = f"{kit.escape(person.name)} {how_gone(person)}, so nobody leads {name} now. Who of you takes the lead?"
    return Message(
        words, [kit.section(words), kit.actions(kit.button("I'll lead", TAKE_LEAD, str(team.id), style="primary"))]
    )


def handed_over_message(team: Team, today: date) -> Message:
    """What the team's channel reads when the lead changed."""
    lead = teams.lead_of(team)
    return Message(
        f"{kit.escape(lead.person.name) if lead else 'Nobody'} leads {kit.escape(team.name)} from {a_day(today)} on."
    )


def _left(seated: Seated) -> Team:
    if seated.left is None:
        raise ValueError("neither joined nor left")
    return seated.left
