"""Reopening a closed request: its asker, their team and the desk can, for 30 days."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.desks import desks
from bot.domain.intake import afterwards, decisions, requests, sides, waiting_on
from bot.domain.outbox import prompt_posts
from bot.platform.errors import Refusal
from models.intake.decisions import Decision
from models.intake.requests import Ball, Request, State
from models.outbox import Card


def reopen(session: Session, request_id: int, *, by: str, now: datetime) -> Request | None:
    """Open it again. It waits on the person who answered it. None where it is open already.

    Raises Refusal for somebody of neither side, and when it was closed too long ago.
    """
    request = requests.locked(session, request_id)
    sides.require_either_side(session, request, by, to="open it again")
    if request.state in requests.LIVE:
        return None
    if not afterwards.is_open_to_change(request, now):
        requests.require_live(request) if request.state == State.MERGED else None
        raise Refusal(afterwards.TOO_LATE)
    return open_again(session, request, now=now)


def open_again(session: Session, request: Request, *, to_desk: bool = False, now: datetime) -> Request:
    """The same without asking who may. With `to_desk` it waits on the whole desk, and nobody is on it."""
    decision = decisions.standing(session, request.id)
    answerer = None if to_desk else _answerer(session, request, decision, now)
    if decision is not None:
        decision.ended_at = now
    request.state, request.claimer_id, request.dismissed_by_id = State.OPEN, answerer, None
    request.is_doubtful = False
    afterwards.begin_anew(session, request)
    waiting_on.give(session, request, Ball.CLAIMER if answerer else Ball.DESK, now=now)
    session.flush()
    prompt_posts.redraw_sent(session, [Card.OUTCOME, Card.IN_USE], request.id, now=now)
    return requests.changed(session, request, now)


def _answerer(session: Session, request: Request, decision: Decision | None, now: datetime) -> str | None:
    """Who answered it, if they are at a desk still and not away."""
    who = [decision.person_id, decision.by_id] if decision is not None else []
    there = (
        each for each in [*who, request.claimer_id] if each is not None and waiting_on.is_there(session, each, now)
    )
    return next((each for each in there if desks.at_a_desk(session, each)), None)
