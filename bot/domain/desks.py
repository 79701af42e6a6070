"""The AI team's desks: who answers at each."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain import aways
from bot.errors import Refusal
from models.desks import Desk, DeskMember, TriageWeek
from models.people import Person
from models.teams import Membership


def all_desks(session: Session) -> Sequence[Desk]:
    """The desks, oldest first."""
    return session.scalars(select(Desk).order_by(Desk.id).options(joinedload(Desk.lead), joinedload(Desk.team))).all()


def get(session: Session, desk_id: int) -> Desk:
    """The desk with its team and lead. Raises Refusal when it is gone."""
    desk = session.scalar(select(Desk).where(Desk.id == desk_id).options(joinedload(Desk.lead), joinedload(Desk.team)))
    if desk is None:
        raise Refusal("This desk is gone. Choose another one.", field="desk")
    return desk


def first(session: Session) -> Desk | None:
    """Where new requests go; None before any desk is set up."""
    return next(iter(all_desks(session)), None)


def at_a_desk(session: Session, person_id: str) -> Sequence[Desk]:
    """The desks at which this person answers: as a member, in its small team, or as its lead."""
    member = exists().where(DeskMember.desk_id == Desk.id, DeskMember.person_id == person_id)
    seated = exists().where(Membership.team_id == Desk.team_id, Membership.person_id == person_id)
    query = select(Desk).where(or_(member, seated, Desk.lead_id == person_id)).order_by(Desk.id)
    return session.scalars(query).all()


def require_at_a_desk(session: Session, person_id: str) -> None:
    """Raise Refusal unless this person answers at a desk."""
    if not at_a_desk(session, person_id):
        raise Refusal("Only the AI team does that. Write in the thread: they read it, and everybody else does.")


def on_triage(session: Session, desk_id: int, *, now: datetime) -> Person | None:
    """Who looks at what comes in this week; None while nobody does."""
    query = select(Person).join(TriageWeek, TriageWeek.person_id == Person.id).where(TriageWeek.desk_id == desk_id)
    this_week = query.where(TriageWeek.week_on <= now.date()).order_by(TriageWeek.week_on.desc()).limit(1)
    person = session.scalar(this_week)
    return None if person is None or aways.is_away(session, person.id, now) else person
