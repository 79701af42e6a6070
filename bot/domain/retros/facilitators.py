"""Who facilitates a retro: a rota of all who are at work, to swap and to skip."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from bot.domain.calendar import periods
from bot.domain.retros import retros
from bot.platform.errors import Refusal
from models.company import Person
from models.retros import Retro
from models.sprints import Sprint
from models.teams import Membership, Team


def turns(session: Session, team_ids: Iterable[int], *, but: int | None = None) -> dict[tuple[int, str], datetime]:
    """When each person last facilitated a retro of each of these teams, other than the retro `but`."""
    query = (
        select(Sprint.team_id, Retro.facilitator_id, func.max(Retro.opened_at))
        .join(Sprint, Sprint.id == Retro.sprint_id)
        .where(Sprint.team_id.in_(set(team_ids)), Retro.facilitator_id.is_not(None), Retro.id != (but or 0))
        .group_by(Sprint.team_id, Retro.facilitator_id)
    )
    return {(team_id, str(person_id)): at for team_id, person_id, at in session.execute(query) if at is not None}


def rota(team: Team, turns: dict[tuple[int, str], datetime], now: datetime) -> list[str]:
    """Who facilitates next: whoever has waited longest for it, of those at work."""
    present = [
        member
        for member in team.members
        if not member.person.is_gone and not any(periods.is_away(away, now) for away in member.person.aways)
    ]

    def waited(member: Membership) -> tuple[bool, float, int]:
        last = turns.get((team.id, member.person_id))
        return last is not None, last.timestamp() if last else 0.0, member.seat

    return [member.person_id for member in sorted(present, key=waited)]


def facilitate(session: Session, retro_id: int, *, by: str, now: datetime) -> Retro:
    """Take the facilitator's turn over. Raises Refusal for somebody of another team, and once the retro is closed."""
    retro = retros.locked(session, retro_id)
    retros.require_member(retro, by, to="facilitate its retro")
    retros.require_open(retro)
    retro.facilitator_id = by
    session.flush()
    retros.redraw(session, retro, now=now)
    return retro


def skip(session: Session, retro_id: int, *, by: str, now: datetime) -> Retro:
    """Hand the facilitator's turn to the next in the rota. Raises Refusal for somebody of another team."""
    retro = retros.locked(session, retro_id)
    retros.require_member(retro, by, to="hand its retro on")
    retros.require_open(retro)
    order = _present(session, retro, now)
    after = order.index(retro.facilitator_id) + 1 if retro.facilitator_id in order else 0
    others = [person_id for person_id in [*order[after:], *order[:after]] if person_id != retro.facilitator_id]
    if not others:
        raise Refusal("Nobody else of the team is at work, so there is nobody to hand it to.")
    retro.facilitator_id = others[0]
    session.flush()
    retros.redraw(session, retro, now=now)
    return retro


def pass_on(session: Session, person_ids: Iterable[str], *, now: datetime) -> None:
    """Some people left their team, or are away: what they facilitate goes to the next in the rota who is there."""
    opened = Retro.opened_at.is_not(None), Retro.closed_at.is_(None)
    theirs = select(Retro.id).where(Retro.facilitator_id.in_(set(person_ids)), *opened).order_by(Retro.id)
    for retro_id in session.scalars(theirs).all():
        retro = retros.locked(session, retro_id)
        there = _present(session, retro, now)
        if retro.facilitator_id not in there:
            retro.facilitator_id = next(iter(there), None)
            session.flush()
            retros.redraw(session, retro, now=now)


def _present(session: Session, retro: Retro, now: datetime) -> list[str]:
    """The rota of a retro, as it was when this one opened, so that handing it on again and again asks everybody."""
    team = retro.sprint.team
    session.scalars(
        select(Person)
        .where(Person.id.in_([member.person_id for member in team.members]))
        .options(selectinload(Person.aways))
        .execution_options(populate_existing=True)
    ).all()
    return rota(team, turns(session, [team.id], but=retro.id), now)
