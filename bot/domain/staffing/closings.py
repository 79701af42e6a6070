"""A team that ends: its only person closes it, or it merges into another one, with everybody in it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.intake import team_requests
from bot.domain.outbox import home_refresh
from bot.domain.planning import contents, wrapping_up
from bot.domain.retros import revealing
from bot.domain.sprints import beginnings, cards, pages, sprints
from bot.domain.staffing import moves
from bot.domain.teams import seats, teams
from bot.platform.errors import Refusal
from models.company import Person
from models.desks import Desk
from models.intake.bookings import Booking
from models.intake.requests import Request
from models.retros import Action, ActionState
from models.sharing import Follow
from models.sprints import ChangeKind, Item, Sprint
from models.teams import SEATS, Membership, Team


@dataclass(frozen=True)
class Merged:
    """A team that went into another one, with the people who moved. `channel_id` is where it was at home.

    `planned` is the other team's sprint in which stands what they had picked for one that had not begun.
    """

    team: Team
    into: Team
    people: list[Person]
    channel_id: str
    planned: Sprint | None = None


@dataclass(frozen=True)
class Closed:
    """A team that was closed. `channel_id` is where it was at home."""

    team: Team
    channel_id: str


def require_closable(session: Session, team: Team, by: str) -> None:
    """Raise Refusal unless this person is the only one of the team, and nobody else is bound to it."""
    teams.require_member(team, by, to="close it")
    others = [member.person.name for member in team.members if member.person_id != by and not member.person.is_gone]
    if others:
        raise Refusal(
            f"{', '.join(others)} would be without a team. Merge {team.name} into another one: everybody moves at once."
        )
    _require_unbound(session, team)


def close(session: Session, team_id: int, *, by: str, now: datetime) -> Closed:
    """Close a team of one. Its plans stay as they are; its name and channel are free for others."""
    team = teams.get(session, team_id, lock=True)
    require_closable(session, team, by)
    return _close(session, team, now)


def close_empty(session: Session, team: Team, *, now: datetime) -> Closed | None:
    """Close a team in which nobody is left. None where an engineer or a desk is bound to it: people settle that first."""
    team = teams.get(session, team.id, lock=True)
    if _bound(session, team) is not None:
        return None
    return _close(session, team, now)


def require_mergeable(team: Team, by: str) -> None:
    """Raise Refusal unless this person may take the team into another one: its lead, or anybody once the lead is gone."""
    lead = teams.lead_of(team)
    if lead is None or lead.person.is_gone:
        teams.require_member(team, by, to="merge it")
    else:
        teams.require_lead(team, by, to="merge it")


def merge(session: Session, team_id: int, into_id: int, *, by: str, now: datetime) -> Merged:
    """Move everybody into another team, and close this one. Raises Refusal for more than six people together."""
    if team_id == into_id:
        raise Refusal("That is your own team. Choose another one.", field="team")
    # In one order, or two that merge into each other would wait for each other.
    session.execute(select(Team.id).where(Team.id.in_((team_id, into_id))).order_by(Team.id).with_for_update()).all()
    team, into = teams.get(session, team_id), teams.get(session, into_id)
    require_mergeable(team, by)
    teams.require_open(into, field="team")
    people = [member.person for member in team.members if not member.person.is_gone]
    together = len(people) + len(into.members)
    if together > SEATS:
        raise Refusal(
            f"Together that is {together} people, and a small team has at most {SEATS}. Choose another team.",
            field="team",
        )
    channel_id = team.channel_id
    picked = _picked_ahead(session, team, people, now)
    for member in team.members:
        member.is_lead = False
    session.flush()
    for person in people:
        moves.join(session, into_id, person_id=person.id, now=now)
    planned = _bring(session, picked, team, into, now) if picked else None
    _hand_on(session, team, into)
    team_requests.redraw_cards(session, team_requests.of_team(session, into_id), now=now)
    team = teams.get(session, team_id)
    team.merged_into_id = into_id
    _end(session, team, now)
    return Merged(team, teams.get(session, into_id), people, channel_id, planned)


def _picked_ahead(session: Session, team: Team, people: Sequence[Person], now: datetime) -> list[Item]:
    """What these people picked for sprints of the team that have not begun."""
    ahead = [
        each for each in sprints.open_ones(session, team.id) if each.starts_on > cadence.local_date(now, team.zone)
    ]
    ids = {person.id for person in people}
    return [item for sprint in ahead for item in sprints.items_of(session, sprint.id) if item.owner_id in ids]


def _bring(session: Session, picked: Sequence[Item], team: Team, into: Team, now: datetime) -> Sprint:
    """Put it into the plan that the other team writes now, or into its final one as a change with its reason."""
    planning, _ = wrapping_up.meant(session, into, None, now)
    sprint_id = beginnings.id_at(session, into, planning.dates.starts_on, now=now)
    sprint = sprints.load(session, sprint_id, lock=True)
    position = contents.next_position(sprint)
    for number, item in enumerate(picked):
        item.sprint_id, item.position, item.dropped_at = sprint.id, position + number, None
        if sprint.finalized_at is not None:
            reason = f"came with {team.name}"
            session.add(contents.log_change(sprint, item.owner_id, ChangeKind.ADDED, item.title, reason, now))
    session.flush()
    session.expire(sprint, ["items"])
    contents.show(session, sprints.load(session, sprint_id), now=now)
    return sprint


def _close(session: Session, team: Team, now: datetime) -> Closed:
    channel_id = team.channel_id
    for member in team.members:
        member.is_lead = False
    session.flush()
    for person_id in [member.person_id for member in team.members]:
        seats.leave(session, person_id=person_id, now=now)  # what they planned stays where it is
        home_refresh.touch(session, [person_id], now=now)
    session.execute(delete(Follow).where(Follow.team_id == team.id))
    asked = team_requests.of_team(session, team.id)
    session.execute(update(Request).where(Request.team_id == team.id).values(team_id=None))
    team_requests.redraw_cards(session, asked, now=now)
    team = teams.get(session, team.id)
    _end(session, team, now)
    return Closed(team, channel_id)


def _end(session: Session, team: Team, now: datetime) -> None:
    """Nobody is asked anything any more; what runs stays readable, and what has not begun is off."""
    revealing.close_all_of(session, team.id, now=now)
    session.execute(delete(Membership).where(Membership.team_id == team.id))
    for sprint in sprints.open_ones(session, team.id):
        if sprint.starts_on > cadence.local_date(now, team.zone):
            sprint.closed_at = now
        cards.redraw(session, sprint, now=now)
    teams.end(team, now)
    session.flush()
    pages.show_current(session, now=now)


def _hand_on(session: Session, team: Team, into: Team) -> None:
    """What belongs to the team, and not to one of its sprints, is the other team's."""
    for table in (Desk, Request, Booking):
        session.execute(update(table).where(table.team_id == team.id).values(team_id=into.id))
    still_open = Action.team_id == team.id, Action.state == ActionState.OPEN
    session.execute(update(Action).where(*still_open).values(team_id=into.id))
    there = select(Follow.person_id).where(Follow.team_id == into.id)
    inside = select(Membership.person_id).where(Membership.team_id == into.id)
    session.execute(
        update(Follow)
        .where(Follow.team_id == team.id, Follow.person_id.not_in(there), Follow.person_id.not_in(inside))
        .values(team_id=into.id)
        .execution_options(synchronize_session=False)
    )
    session.execute(delete(Follow).where(Follow.team_id == team.id))


def _require_unbound(session: Session, team: Team) -> None:
    if (why := _bound(session, team)) is not None:
        raise Refusal(why)


def _bound(session: Session, team: Team) -> str | None:
    """Why the team can't be closed yet, if so."""
    desk = session.scalar(select(Desk.name).where(Desk.team_id == team.id, Desk.closed_at.is_(None)).limit(1))
    if desk is not None:
        return f"{team.name} is the team of the desk {desk}. First choose another team for it, with `/reach-out setup`."
    booked = select(Person.name).join(Booking, Booking.person_id == Person.id)
    with_us = booked.where(Booking.team_id == team.id, Booking.released_at.is_(None), Booking.is_firm).limit(1)
    engineer = session.scalar(with_us)
    if engineer is not None:
        return f"{engineer} is booked for {team.name}. First say in the request's thread that you need nobody any more."
    return None
