"""The answer to a request: how two teams work together, or that they don't; always with a date, or done."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from bot.domain.company import company, people
from bot.domain.desks import desks
from bot.domain.intake import afterwards, bookings, requests, sides, undos, waiting_on
from bot.domain.outbox import prompt_posts, undoing
from bot.platform.errors import Refusal
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, Mode
from models.intake.requests import Ball, Request, State
from models.outbox import Card

HAND_BACK = Card.HAND_BACK  # the card in the DM of an engineer whose time with a team is over
FURTHEST = timedelta(days=365)
TOGETHER = (Mode.EMBED, Mode.BUILD, Mode.GUIDANCE)
NO_DATE = "Say by when, or say that it is done: “will do” does not help the one who asked."


@dataclass(frozen=True)
class DecisionForm:
    """The form "decide". `standing_id` is the decision that stood when it was opened, None where none did.

    `engineer` joins, builds or advises; `team` hosts them. With `is_done` no date is needed; None where nobody has said so
    far whether it is.
    """

    request_id: int
    standing_id: int | None
    mode: Mode | None = None
    engineer: str | None = None
    team: int | None = None
    sprints: int | None = None
    starts_on: date | None = None
    due_on: date | None = None
    is_done: bool | None = None
    words: str = ""
    change: str = ""


@dataclass(frozen=True)
class Decided:
    """A decision that was just made, instead of the one `before`; an embed has its booking."""

    request: Request
    decision: Decision
    before: Decision | None
    booking: Booking | None


# --- looking ----------------------------------------------------------------------------------------------------

_WITH = (joinedload(Decision.person), joinedload(Decision.team), joinedload(Decision.by))


def standing(session: Session, request_id: int) -> Decision | None:
    """The decision that stands, with its people."""
    query = select(Decision).where(Decision.request_id == request_id, Decision.ended_at.is_(None)).options(*_WITH)
    return session.scalar(query.execution_options(populate_existing=True))


def get(session: Session, decision_id: int) -> Decision:
    """A decision with its people, whether it stands or not."""
    return session.scalars(select(Decision).where(Decision.id == decision_id).options(*_WITH)).one()


def at_no_desk(person: Person | None) -> str:
    if person is None:
        return people.NOBODY
    return f"{person.name} is at no desk. Choose somebody of the AI team; `/reach-out rota` says who that is."


# --- deciding ---------------------------------------------------------------------------------------------------


def decide(session: Session, answer: DecisionForm, *, by: str, now: datetime) -> Decided:
    """Answer a request, or answer it anew. An embed is booked in the same transaction.

    Raises Refusal, under the field concerned: for whoever is at no desk, without a date, for an engineer who is taken
    by then, and when somebody else decided while this was being written.
    """
    request = requests.locked(session, answer.request_id)
    sides.require_answerer(session, request, by, to="answer it")
    afterwards.require_answerable(request, now)
    before = standing(session, request.id)
    _require_nothing_new(before, answer)
    if answer.mode is None:
        raise Refusal("Choose how you work together, or that you don't.", field="mode")
    as_it_was = undos.snapshot(session, request)
    if request.state == State.DONE:
        afterwards.begin_anew(session, request)
        prompt_posts.redraw_sent(session, [Card.OUTCOME, Card.IN_USE], request.id, now=now)
    if before is not None:
        before.ended_at = now
    let_go(session, request, now=now)
    session.flush()
    decision, booking = _MAKE[answer.mode](session, request, answer, by, now)
    session.add(decision)
    request.decided_at = request.decided_at or now
    request.answered_at = request.answered_at or now
    session.flush()
    if decision.mode == Mode.NOT_AI or (answer.is_done and decision.mode in (Mode.BUILD, Mode.GUIDANCE)):
        mark_done(session, request, now)
    else:
        _settle(session, request, decision, booking, now)
    undos.remember(session, request, as_it_was, by=by, now=now)
    requests.redraw(session, request, now=now)
    return Decided(requests.load(session, request.id), get(session, decision.id), before, booking)


def _require_nothing_new(before: Decision | None, answer: DecisionForm) -> None:
    if before is not None and before.id != answer.standing_id:
        raise Refusal(
            f"{before.by.name} answered while you wrote, and the card says what. "
            "If you see it differently, say so in the thread, or press *Change the answer* there.",
            field="mode",
        )
    if before is None and answer.standing_id is not None:
        raise Refusal("It came back while you wrote. Close this window, and press *Answer* on the card.", field="mode")


Made = tuple[Decision, Booking | None]


def _embed(session: Session, request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    engineer = _somebody(session, answer)
    if answer.team is None:
        raise Refusal("Choose the team that the engineer joins.", field="team")
    if answer.starts_on is None:
        raise Refusal(NO_DATE, field="starts_on")
    number = answer.sprints or 1
    booking = bookings.book(session, request, engineer.id, answer.team, answer.starts_on, number, by=by, now=now)
    row = _row(answer, by, now, person=engineer.id, due_on=booking.ends_on)
    row.team_id, row.sprints = answer.team, number
    return row, booking


def _build(session: Session, _request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    owner = _somebody(session, answer)
    return _row(answer, by, now, person=owner.id, due_on=_by_when(session, answer, by, now)), None


def _guide(session: Session, _request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    adviser = _somebody(session, answer)
    words = said(answer.words, "words", "Write your answer.")
    due_on = _by_when(session, answer, by, now)
    return _row(answer, by, now, person=adviser.id, due_on=due_on, words=words), None


def _not_ai(_session: Session, _request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    words = said(answer.words, "words", "Say what to do instead: that is the answer.")
    return _row(answer, by, now, words=words), None


def _not_now(session: Session, _request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    words = said(answer.words, "words", "Say why not now.")
    change = said(answer.change, "change", "Say what would change our mind.")
    row = _row(answer, by, now, due_on=coming(session, answer.due_on, by, now), words=words)
    row.change = change
    return row, None


_MAKE: Mapping[Mode, Callable[[Session, Request, DecisionForm, str, datetime], Made]] = {
    Mode.EMBED: _embed,
    Mode.BUILD: _build,
    Mode.GUIDANCE: _guide,
    Mode.NOT_AI: _not_ai,
    Mode.NOT_NOW: _not_now,
}


def _row(
    answer: DecisionForm,
    by: str,
    now: datetime,
    *,
    person: str | None = None,
    due_on: date | None = None,
    words: str = "",
) -> Decision:
    return Decision(
        request_id=answer.request_id, mode=answer.mode, person_id=person, due_on=due_on, words=words, by_id=by, at=now
    )


def _settle(session: Session, request: Request, decision: Decision, booking: Booking | None, now: datetime) -> None:
    """Whose step is next, and when the clock looks again."""
    due_on = decision.due_on or cadence.local_date(now, company.current(session).zone)
    request.state, request.returns_at = State.DECIDED, None
    if decision.mode == Mode.NOT_NOW:
        request.state = State.PARKED
        request.returns_at = cadence.instant(due_on, waiting_on.NUDGE_AT, company.current(session).zone)
        waiting_on.give(session, request, Ball.NOBODY, now=now)
    elif booking is not None:
        request.returns_at = next_look(booking, now)
        waiting_on.give(session, request, Ball.NOBODY, now=now)
    else:
        waiting_on.owe(session, request, due_on, now=now)


def next_look(booking: Booking, now: datetime) -> datetime:
    """When the clock looks at an embed next: as the first day begins, and when the last one is over."""
    begins_at = cadence.instant(booking.starts_on, time(), booking.team.zone)
    over_at = Dates(booking.starts_on, booking.ends_on).over_at(booking.team.zone)
    return begins_at if begins_at > now else over_at


def mark_done(session: Session, request: Request, now: datetime) -> None:
    request.state, request.done_at = State.DONE, now
    request.returns_at = now + undoing.TEN_MINUTES  # the asker is asked what came of it, once that stands
    waiting_on.give(session, request, Ball.NOBODY, now=now)


def let_go(session: Session, request: Request, *, now: datetime) -> None:
    """Whoever was booked or held for this request is free again."""
    bookings.drop_hold(session, request, now)
    booked = select(Booking).where(Booking.request_id == request.id, Booking.is_firm, Booking.released_at.is_(None))
    for booking in session.scalars(booked).all():
        bookings.release(session, booking, now)


# --- what is refused --------------------------------------------------------------------------------------------


def _somebody(session: Session, answer: DecisionForm) -> Person:
    if answer.engineer is None:
        raise Refusal("Choose who it is.", field="engineer")
    person = session.get(Person, answer.engineer)
    if person is not None:
        people.require_here(person, "engineer")
    if person is None or not desks.at_a_desk(session, person.id):
        raise Refusal(at_no_desk(person), field="engineer")
    return person


def said(text: str, field: str, otherwise: str) -> str:
    words = requests.short(text, field)
    if not words:
        raise Refusal(otherwise, field=field)
    return words


def _by_when(session: Session, answer: DecisionForm, by: str, now: datetime) -> date:
    return _today(session, by, now) if answer.is_done else coming(session, answer.due_on, by, now)


def coming(session: Session, day: date | None, by: str, now: datetime) -> date:
    """Today or a later day, within a year."""
    if day is None:
        raise Refusal(NO_DATE, field="due_on")
    today = _today(session, by, now)
    if day < today:
        raise Refusal("This day has passed. Choose today or a later day.", field="due_on")
    if day > today + FURTHEST:
        raise Refusal("That is more than a year ahead. Choose an earlier day: it can be moved.", field="due_on")
    return day


def _today(session: Session, by: str, now: datetime) -> date:
    return cadence.local_date(now, people.known(session, by).zone or company.current(session).zone)
