"""What came of a request: the asker says whether it helped, and 30 days later whether it is in use."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from sqlalchemy.orm import Session

from bot.domain.intake import decisions, reopenings, requests, waiting_on
from bot.domain.outbox import prompt_posts
from bot.platform.errors import Refusal
from models.intake.decisions import Mode, Outcome
from models.intake.requests import Request, State
from models.outbox import Card

CARD = Card.OUTCOME  # in the asker's DM: did it help, and what should we do differently?
IN_USE_CARD = Card.IN_USE  # there too, later: is it in use?
CARDS = (CARD, IN_USE_CARD)
IN_USE_AFTER = timedelta(days=30)
ASKED_FOR = timedelta(days=7)


class Verdict(StrEnum):
    """Whether it helped."""

    YES = "yes"
    PARTLY = "partly"
    NO = "no"


@dataclass(frozen=True)
class OutcomeAsked:
    """A request that is done, what its asker said of it so far, and whether they are still to be asked.

    It `goes_on` where it is not done any more, or is done anew and they were not asked since.
    """

    request: Request
    outcome: Outcome
    needed: bool
    goes_on: bool = False


def for_card(session: Session, request_id: int, person_id: str) -> OutcomeAsked:
    """What this person is asked about a request."""
    request = requests.load(session, request_id)
    stored = session.get(Outcome, request_id, populate_existing=True)
    outcome = stored or Outcome(request_id=request_id)
    is_askers = request.asker_id == person_id and not request.asker.is_gone
    is_done = request.state == State.DONE
    return OutcomeAsked(request, outcome, is_askers and is_done, goes_on=not is_done or stored is None)


# --- asking -----------------------------------------------------------------------------------------------------


def ask(session: Session, request: Request, *, now: datetime) -> None:
    """Ask the asker what is next to be asked, once they are there; who has left the company is not asked.

    Whether it is in use is not asked of what was no AI problem.
    """
    if request.asker.is_gone:
        request.returns_at = None
        return
    hour = waiting_on.next_hour(session, request.asker_id, now=now)
    if hour > now:
        request.returns_at = hour
        return
    outcome = session.get(Outcome, request.id)
    if outcome is None:
        session.add(Outcome(request_id=request.id))
        decision = decisions.standing(session, request.id)
        is_used = decision is not None and decision.mode != Mode.NOT_AI
        request.returns_at = now + IN_USE_AFTER if is_used else None
    else:
        request.returns_at = None
    card = CARD if outcome is None else IN_USE_CARD
    prompt_posts.ask(
        session,
        f"{card}:{request.id}:{request.done_at:%Y%m%d%H%M%S}",
        card,
        request.id,
        request.asker_id,
        due_at=now,
        expires_at=now + ASKED_FOR,
        now=now,
    )
    session.flush()


# --- answering --------------------------------------------------------------------------------------------------


def say_helped(session: Session, request_id: int, verdict: Verdict, *, by: str, now: datetime) -> Request:
    """Whether it helped, in the open. What did not help is open again, and waits on the desk.

    Raises Refusal for everybody but the asker, and for another answer later.
    """
    request, outcome = _mine(session, request_id, by)
    if outcome.helped is not None and outcome.helped != verdict:
        raise Refusal("You answered this already, in the thread. Write there what has changed.")
    if outcome.helped is None:
        outcome.helped, outcome.helped_at = verdict, now
        session.flush()
    if verdict is Verdict.NO:
        return reopenings.open_again(session, request, to_desk=True, now=now)
    prompt_posts.redraw_sent(session, CARDS, request.id, now=now, to=by)
    return requests.changed(session, request, now)


def say_differently(session: Session, request_id: int, words: str, *, by: str, now: datetime) -> Request:
    """What should be done differently: one line."""
    request, outcome = _mine(session, request_id, by)
    outcome.words = requests.short(words, "words") or None
    session.flush()
    prompt_posts.redraw_sent(session, CARDS, request.id, now=now, to=by)
    return request


def say_in_use(session: Session, request_id: int, in_use: bool, *, by: str, now: datetime) -> Request:
    """Whether it is in use by now. The last answer counts."""
    request, outcome = _mine(session, request_id, by)
    outcome.in_use, outcome.in_use_at = in_use, now
    session.flush()
    prompt_posts.redraw_sent(session, CARDS, request.id, now=now, to=by)
    return request


def mine(session: Session, request_id: int, *, by: str) -> tuple[Request, Outcome]:
    """The request and what was said of it. Raises Refusal for everybody but the asker, and before they were asked."""
    request = requests.load(session, request_id)
    return request, _require_asked(session, request, by)


def _mine(session: Session, request_id: int, by: str) -> tuple[Request, Outcome]:
    request = requests.locked(session, request_id)
    return request, _require_asked(session, request, by)


def _require_asked(session: Session, request: Request, by: str) -> Outcome:
    if request.asker_id != by:
        raise Refusal(
            f"Only {request.asker.name}, who asked, can say that. Write in the thread: everybody reads it there."
        )
    outcome = session.get(Outcome, request.id, populate_existing=True)
    if outcome is None or request.state != State.DONE:
        raise Refusal("This is not done yet. You are asked when it is.")
    return outcome
