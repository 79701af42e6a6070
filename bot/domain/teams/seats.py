"""Who sits in a team: taking a seat, moving, leaving, and handing the lead over."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload

from bot.domain.company import people
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.teams import SEATS, Membership, Move, Team


@dataclass(frozen=True)
class Seated:
    """What happened to a seat: `left` and `joined` are the teams concerned, one of them empty when it was no move."""

    move: Move
    person: Person
    left: Team | None
    joined: Team | None


def join(session: Session, team_id: int, *, person_id: str, now: datetime) -> Seated:
    """Take a seat in a team; from another team this is a move. Raises Refusal when there is no way."""
    here = session.scalar(select(Membership.team_id).where(Membership.person_id == person_id))
    # Two people who swap teams at once lock the same two teams: in one order, or each would wait for the other.
    session.execute(
        select(Team.id).where(Team.id.in_({team_id, here or team_id})).order_by(Team.id).with_for_update()
    ).all()
    person = people.seatable(session, [person_id], field="team")[0]
    team = teams.get(session, team_id)
    seat = seat_for(team, person_id)
    left = _free_the_old_seat(session, person_id)
    session.add(Membership(person_id=person_id, team_id=team.id, seat=seat, joined_at=now, is_lead=False))
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise Refusal(f"Somebody took that seat in {team.name} a moment ago. Try again.", field="team") from None
    return Seated(_remember(session, person_id, left, team, now), person, left, teams.get(session, team_id))


def leave(session: Session, *, person_id: str, now: datetime) -> Seated:
    """Free one's seat. Raises Refusal for a lead, who hands over first."""
    person = people.known(session, person_id)
    team = teams.get(session, teams.mine(session, person_id).id, lock=True)
    if _free_the_old_seat(session, person_id) is None:
        raise Refusal(teams.NO_TEAM)  # pressed twice, and the first press did it
    return Seated(_remember(session, person_id, team, None, now), person, teams.get(session, team.id), None)


def hand_over(session: Session, team_id: int, *, to: str, by: str) -> Team:
    """Make another member the lead. Any member may do it while the lead's account is deactivated."""
    team = teams.get(session, team_id, lock=True)
    require_handover(team, by)
    lead = teams.lead_of(team)
    heir = next((member for member in team.members if member.person_id == to), None)
    if heir is None:
        raise Refusal(f"The lead is one of the team. Choose somebody of {team.name}.", field="lead")
    people.seatable(session, [to], field="lead")
    if lead is not None:
        lead.is_lead = False
        session.flush()  # one lead at a time is a constraint, also between two statements
    heir.is_lead = True
    return team


def require_free_to_leave(team: Team, person_id: str) -> None:
    """Raise Refusal for the lead, who hands over first."""
    if teams.leads(team, person_id):
        raise Refusal(f"You lead {team.name}. Hand the lead over first, with `/small-team lead`.")


def require_free_to_move(seat: Membership) -> None:
    """The same of the seat that somebody has, on the way to another team."""
    if seat.is_lead:
        raise Refusal(f"You lead {seat.team.name}. Hand the lead over first, with `/small-team lead`.")


def require_handover(team: Team, person_id: str) -> None:
    """Raise Refusal unless this person may choose the next lead: the lead, or anybody of the team once the lead is gone."""
    lead = teams.lead_of(team)
    if lead is not None and not lead.person.is_gone:
        teams.require_lead(team, person_id, to="hand the lead over")
    teams.require_member(team, person_id, to="choose its lead")


def since(session: Session, person_id: str) -> Membership | None:
    """The seat this person has, with its team."""
    return session.scalar(
        select(Membership).where(Membership.person_id == person_id).options(joinedload(Membership.team))
    )


def seat_for(team: Team, person_id: str) -> int:
    """The seat that this person can take there. Raises Refusal where there is none for them."""
    teams.require_open(team, field="team")
    if teams.is_member(team, person_id):
        raise Refusal(f"You are in {team.name} already.", field="team")
    return _free_seat(team)


def _free_seat(team: Team) -> int:
    taken = {member.seat for member in team.members}
    free = [seat for seat in range(1, SEATS + 1) if seat not in taken]
    if not free:
        raise Refusal(
            f"{team.name} has {SEATS} people, and a small team has no more. "
            "Choose another team, or found one with `/small-team create`.",
            field="team",
        )
    return free[0]


def _free_the_old_seat(session: Session, person_id: str) -> Team | None:
    old = session.scalar(
        select(Membership).where(Membership.person_id == person_id).options(joinedload(Membership.team))
    )
    if old is None:
        return None
    require_free_to_move(old)
    team = old.team
    session.delete(old)
    session.flush()
    return team


def _remember(session: Session, person_id: str, left: Team | None, joined: Team | None, now: datetime) -> Move:
    move = Move(
        person_id=person_id,
        from_team_id=left.id if left else None,
        to_team_id=joined.id if joined else None,
        at=now,
    )
    session.add(move)
    session.flush()
    return move
