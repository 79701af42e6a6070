"""The product team's checklist, once both teams work together."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.intake import decisions, requests, sides
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.intake.decisions import Tick
from models.intake.requests import Request, State

LINES = ("found", "logic", "front", "workflows")  # the product team's own checklist


def ticked(session: Session, request_id: int) -> set[str]:
    """The lines of the checklist that are done."""
    return set(session.scalars(select(Tick.line).where(Tick.request_id == request_id)))


def tick(session: Session, request_id: int, line: str, *, by: str, now: datetime) -> Request:
    """A line of the checklist is done; a second time changes nothing. Either side may."""
    request = checklist(session, request_id, by=by)
    if line in LINES:
        row = {"request_id": request.id, "line": line, "by_id": by, "at": now}
        session.execute(insert(session, Tick).values(row).on_conflict_do_nothing())
    requests.redraw(session, request, now=now)
    return request


def untick(session: Session, request_id: int, line: str, *, by: str, now: datetime) -> Request:
    """A line of the checklist is not done after all."""
    request = checklist(session, request_id, by=by)
    session.execute(delete(Tick).where(Tick.request_id == request.id, Tick.line == line))
    requests.redraw(session, request, now=now)
    return request


def checklist(session: Session, request_id: int, *, by: str) -> Request:
    """The request whose checklist this person may tick. Raises Refusal for everybody else, and before there is one."""
    request = requests.load(session, request_id)
    sides.require_either_side(session, request, by, to="tick its checklist")
    decision = decisions.standing(session, request.id)
    if decision is None or decision.mode not in decisions.TOGETHER or request.state not in (State.DECIDED, State.DONE):
        raise Refusal("There is no checklist at the moment: it comes with the decision to work together.")
    return request
