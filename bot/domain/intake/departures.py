"""Somebody has left the company: what they asked for, and what they saw to, needs somebody else."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.intake import requests, waiting_on
from models.company import Person
from models.intake.requests import Ball, Request, State


@dataclass(frozen=True)
class Departed:
    """Who asked for a request has left, or who saw to it (`was_claimer`). It is said once a `key`."""

    key: str
    request: Request
    person: Person
    was_claimer: bool


def left_by(session: Session, person: Person, *, now: datetime) -> Sequence[Departed]:
    """What is to be said in the threads of those live requests that this person asked for or saw to.

    A claim of theirs is free again.
    """
    asked = [
        _lost_asker(session, each.id, person, now) for each in requests.live_of(session, Request.asker_id == person.id)
    ]
    claimed = [
        _lost_claimer(session, each.id, person, now)
        for each in requests.live_of(session, Request.claimer_id == person.id)
    ]
    return [*asked, *claimed]


def _lost_asker(session: Session, request_id: int, person: Person, now: datetime) -> Departed:
    request = requests.locked(session, request_id)
    if request.waiting_on == Ball.ASKER and waiting_on.who_answers(session, request, 1, now=now) is None:
        # Nobody is left who would answer, or be reminded to.
        waiting_on.give(session, request, Ball.CLAIMER if request.claimer_id else Ball.DESK, now=now)
    requests.redraw(session, request, now=now)
    return Departed(f"asker-left:{request.id}:{now:%Y%m%d%H%M%S}", request, person, was_claimer=False)


def _lost_claimer(session: Session, request_id: int, person: Person, now: datetime) -> Departed:
    request = requests.locked(session, request_id)
    request.claimer_id = None
    if request.state == State.OPEN and request.waiting_on == Ball.CLAIMER:
        waiting_on.give(session, request, Ball.DESK, now=now)
    session.flush()
    requests.redraw(session, request, now=now)
    request = requests.load(session, request_id)
    return Departed(f"claimer-left:{request.id}:{now:%Y%m%d%H%M%S}", request, person, was_claimer=True)
