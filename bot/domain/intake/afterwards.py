"""For a while after a request is closed it can be opened again, and its answer changed."""

from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.domain.intake import requests
from bot.platform.errors import Refusal
from models.intake.decisions import Outcome
from models.intake.requests import Request, State

OPEN_FOR = timedelta(days=30)
TOO_LATE = "This was closed more than 30 days ago. Reach out again if there is something new: one line is enough."


def closed_at(request: Request) -> datetime | None:
    """When a request was done, or taken back; None for every other one."""
    if request.state == State.DONE:
        return request.done_at
    return request.waiting_since if request.state == State.WITHDRAWN else None


def is_open_to_change(request: Request, now: datetime) -> bool:
    """Whether it is closed, and so lately that it can be opened again."""
    at = closed_at(request)
    return at is not None and now < at + OPEN_FOR


def require_answerable(request: Request, now: datetime) -> None:
    """Raise Refusal unless an answer can be given to it, or the one that it has be changed."""
    if request.state == State.DONE:
        if not is_open_to_change(request, now):
            raise Refusal(TOO_LATE)
        return
    requests.require_live(request)


def begin_anew(session: Session, request: Request) -> None:
    """The request is not done any more. Once it is, its asker is asked again what came of it."""
    request.done_at = request.returns_at = None
    session.execute(delete(Outcome).where(Outcome.request_id == request.id))
