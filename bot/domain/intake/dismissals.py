"""*Not a request*: a line that looked like a request is closed, without a sentence and without a question."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.intake import decisions, requests, sides, undos, waiting_on
from models.intake.requests import Ball, Request, State


def dismiss(session: Session, request_id: int, *, by: str, now: datetime) -> Request:
    """Say that it is no request. Nobody is asked what came of it, and no digest counts it.

    Raises Refusal for people of neither side, and once it is decided or closed.
    """
    request = requests.locked(session, request_id)
    if is_dismissed(request):
        return request
    requests.require_undecided(request)
    sides.require_either_side(session, request, by, to="say that it is no request")
    before = undos.snapshot(session, request)
    request.state, request.dismissed_by_id, request.returns_at = State.WITHDRAWN, by, None
    waiting_on.give(session, request, Ball.NOBODY, now=now)
    decisions.let_go(session, request, now=now)
    undos.remember(session, request, before, by=by, now=now, is_told=False)
    return requests.changed(session, request, now)


def is_dismissed(request: Request) -> bool:
    """Whether somebody said that it is no request."""
    return request.state == State.WITHDRAWN and request.dismissed_by_id is not None
