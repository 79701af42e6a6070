"""Requests that a desk's team can take up in its plan: offered in the form "my plan", and the items made from them."""

from collections.abc import Sequence

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from bot.domain.sprints import item_sources
from models.desks import Desk
from models.intake.decisions import Decision, Mode
from models.intake.requests import PlannedRequest, Request, State
from models.sprints import Item

WORK = (Mode.EMBED, Mode.BUILD, Mode.GUIDANCE)  # what somebody of the desk has to do


def to_plan(session: Session, team_id: int, person_id: str, sprint_id: int | None) -> list[Request]:
    """What this person can take up for the desks of their team, and what stands in no item of this sprint yet.

    Open requests that nobody claimed or they did, and decided ones that are theirs: those first, and the oldest first.
    None of them is in an item of theirs that is unfinished, which is asked about anyway.
    """
    there = item_sources.in_plans(PlannedRequest.request_id, person_id, sprint_id)
    query = (
        select(Request)
        .join(Desk, Request.desk_id == Desk.id)
        .where(Desk.team_id == team_id, or_(_open_to(person_id), _decided_for(person_id)), Request.id.not_in(there))
    )
    found = session.scalars(query.order_by(Request.created_at, Request.id)).all()
    return sorted(found, key=lambda request: request.state == State.OPEN and request.claimer_id is None)


def _open_to(person_id: str) -> ColumnElement[bool]:
    return and_(Request.state == State.OPEN, or_(Request.claimer_id.is_(None), Request.claimer_id == person_id))


def _decided_for(person_id: str) -> ColumnElement[bool]:
    theirs = exists().where(
        Decision.request_id == Request.id,
        Decision.ended_at.is_(None),
        Decision.person_id == person_id,
        Decision.mode.in_(WORK),
    )
    return and_(Request.state == State.DECIDED, theirs)


def plan(session: Session, item: Item, request: Request) -> None:
    """An item is made from a request. An item stands for one request, its first."""
    session.flush()
    item_sources.note(session, PlannedRequest(item_id=item.id, request_id=request.id))


def carried(session: Session, moved: Sequence[tuple[Item, Item]]) -> None:
    """Items are carried over, each from an earlier one, and with them the requests that they were made from."""
    ids = [earlier.id for earlier, _ in moved]
    query = select(PlannedRequest.item_id, PlannedRequest.request_id).where(PlannedRequest.item_id.in_(ids))
    before = {row.item_id: row.request_id for row in session.execute(query)} if ids else {}
    for earlier, item in moved if before else ():
        if earlier.id in before:
            session.flush()
            item_sources.note(session, PlannedRequest(item_id=item.id, request_id=before[earlier.id]))
