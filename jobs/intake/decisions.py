"""Decided requests whose time has come: what was not for now returns, embeds end, and askers are asked what came of it."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.intake import decisions, outcomes, requests, returns
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from bot.platform.database import Database
from bot.views.intake import decisions as decision_views
from jobs import batches
from models.intake.requests import Request, State


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """See to what is due, a few in each transaction. Returns how many requests that were."""
    with db.read() as session:
        if not returns.due(session, now()):
            return 0
    return batches.run(db, now, _turn_some)


def _turn_some(session: Session, *, now: datetime) -> int:
    found = returns.some_due(session, now)
    set_asides.each(session, What.DECIDED, found, lambda ids: _turn_all(session, ids, now), now=now)
    return len(found)


def _turn_all(session: Session, request_ids: Sequence[int], now: datetime) -> None:
    for request_id in request_ids:
        _turn(session, requests.locked(session, request_id), now)


def _turn(session: Session, request: Request, now: datetime) -> None:
    if request.state == State.PARKED:
        decision = returns.come_back(session, request, now=now)
        if decision is not None:
            message = decision_views.returned_message(request, decision)
            requests.say(session, request, f"returned:{decision.id}", message, now=now)
    elif request.state == State.DECIDED:
        decision = returns.end_embed(session, request, now=now)
        if decision is not None:
            message = decision_views.embed_over_message(decision)
            requests.say(session, request, f"embed-over:{decision.id}", message, now=now)
    elif request.state == State.DONE:
        outcomes.ask(session, request, now=now)
    else:
        request.returns_at = None
        decisions.let_go(session, request, now=now)
