"""What people say in a request's thread: an answer, a question to the asker, or that something is left to do."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.domain.desks import desks
from bot.domain.intake import afterwards, asking, claims, decisions, requests, sides, threads, undos, waiting_on
from bot.domain.intake.decisions import Decided, DecisionForm
from bot.domain.intake.events import Place
from bot.domain.text import remarks
from bot.domain.text.remarks import Kind
from bot.platform.errors import Refusal
from models.intake.decisions import Mode
from models.intake.requests import BRIEF_LENGTH, Ball, Question, Request, State

ASKED_HERE = "Asked in the thread."  # a question whose words stand there


class Offer(StrEnum):
    """What is offered below a reply, once."""

    REOPEN = "reopen"
    WAIT = "wait"


@dataclass(frozen=True)
class Reply:
    """Somebody wrote in the thread of `request`, or in that of the one that was `merged` into it.

    `link` leads to the thread of the merged one. What is `offer`ed below it is offered once a `key`.
    """

    request: Request
    merged: Request | None
    link: str | None
    offer: Offer | None
    key: str


def hear(session: Session, place: Place, text: str, *, by: str, now: datetime) -> Reply | None:
    """Somebody wrote a reply. None when it is no request's thread."""
    request_id = requests.of_thread(session, place.channel_id, place.thread_ts or place.ts)
    if request_id is None:
        return None
    there = requests.load(session, request_id)
    merged = there if there.merged_into_id is not None else None
    link = threads.to_threads(session, [there]).get(there.id) if merged is not None else None
    before = requests.locked(session, there.merged_into_id or there.id)
    since = before.waiting_since
    request = asking.heard(session, before.id, by=by, now=now)
    offer = _offer(session, request, text, by, now) if merged is None else None
    return Reply(request, merged, link, offer, f"{request.id}:{(request.done_at or since):%Y%m%d%H%M%S%f}")


def _offer(session: Session, request: Request, text: str, by: str, now: datetime) -> Offer | None:
    if remarks.read(text) is Kind.NOTHING:
        return None
    if requests.is_askers_side(request, by):
        return Offer.REOPEN if request.state == State.DONE and afterwards.is_open_to_change(request, now) else None
    waits = request.state == State.OPEN and request.waiting_on in (Ball.DESK, Ball.CLAIMER)
    is_question = text.rstrip().endswith("?") or f"<@{request.asker_id}" in text
    return Offer.WAIT if waits and is_question and desks.at_a_desk(session, by) else None


def wait(session: Session, request_id: int, *, by: str, now: datetime) -> Request:
    """Somebody at the desk wrote a question: the request waits on its asker. A second time changes nothing.

    Raises Refusal for people at no desk, and once the request is answered or closed.
    """
    request = claims.routable(session, request_id, by=by, to="say that it waits on the asker")
    request = requests.locked(session, request_id)
    requests.require_undecided(request)
    if request.waiting_on == Ball.ASKER:
        return request
    before = undos.snapshot(session, request)
    session.add(Question(request_id=request.id, text=ASKED_HERE, by_id=by, at=now))
    request.claimer_id = request.claimer_id or by
    request.answered_at = request.answered_at or now
    waiting_on.give(session, request, Ball.ASKER, now=now)
    undos.remember(session, request, before, by=by, now=now, is_told=False)
    return requests.changed(session, request, now)


# --- it answers -------------------------------------------------------------------------------------------------


def answerable(session: Session, place: Place, *, by: str) -> Request:
    """The request that a message in its thread answers. Raises Refusal where it can't, and for people at no desk."""
    request_id = requests.of_thread(session, place.channel_id, place.thread_ts) if place.thread_ts else None
    if request_id is None:
        raise Refusal("This is no reply to a request. *Answer* is on the request's card.")
    request = requests.load(session, request_id)
    sides.require_answerer(session, request, by, to="say what answers it")
    return requests.load(session, request.merged_into_id) if request.merged_into_id is not None else request


def answer(session: Session, place: Place, words: str, *, by: str, now: datetime) -> Decided | None:
    """Somebody of a desk marks their own reply as the answer: it is the advice, and the request is done.

    None where it has an answer already. Raises Refusal as `answerable` does.
    """
    request = answerable(session, place, by=by)
    if request.state != State.OPEN:
        return None
    advice = words if len(words) <= BRIEF_LENGTH else f"{words[: BRIEF_LENGTH - 1]}…"
    form = DecisionForm(request.id, None, Mode.GUIDANCE, engineer=by, words=advice, is_done=True)
    return decisions.decide(session, form, by=by, now=now)
