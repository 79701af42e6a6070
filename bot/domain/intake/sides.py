"""Who may do what with a request; everybody else reads who may, and what they can do instead."""

from sqlalchemy.orm import Session

from bot.domain.desks import desks
from bot.domain.intake import requests
from bot.platform.errors import Refusal
from models.intake.requests import Request, State


def require_answerer(session: Session, request: Request, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person answers at some desk; `to` says what for."""
    if desks.is_at_any(session, person_id):
        return
    if request.desk is None:
        raise Refusal(desks.NO_DESK)
    who = f"{_answerers(request)} can {to}"
    if requests.is_askers_side(request, person_id):
        raise Refusal(f"{_how_theirs(request, person_id)}, and only {who}. {_askers_way(request)}")
    raise Refusal(
        f"Only {who}. Write in its thread what you know: they read it. "
        "Do you want the same? Reach out, too, with `/reach-out`."
    )


def require_either_side(session: Session, request: Request, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person is on the asker's side, or at a desk."""
    if requests.is_askers_side(request, person_id) or desks.is_at_any(session, person_id):
        return
    raise Refusal(
        f"Only the person who asked, their team, and {_answerers(request)} can {to}. "
        "Write in the thread: everybody reads it there."
    )


def _answerers(request: Request) -> str:
    if request.desk is None:
        return "the AI team"
    return f"the people of {request.desk.name} (lead {request.desk.lead.name})"


def _how_theirs(request: Request, person_id: str) -> str:
    if request.asker_id == person_id:
        return "You asked for this"
    follows = any(each.person_id == person_id for each in request.co_askers)
    return "You follow this" if follows else "Your team asked for this"


def _askers_way(request: Request) -> str:
    if request.state == State.DONE:
        return "Did it not help? *Reopen*, behind the three dots, brings it back to them."
    return "Write in its thread what helps them. With *Details and more*, behind the three dots, you say more or take it back."
