"""The answer to a request: how two teams work together, or that they don't; always with a date, or done."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from bot.domain.company import company, people
from bot.domain.desks import desks
from bot.domain.intake import bookings, requests, waiting_on
from bot.domain.intake.bookings import Window
from bot.domain.outbox import prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import teams
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, HandBack, Mode, Tick
from models.intake.requests import LINK_LENGTH, Ball, Request, State
from models.outbox import Card
from models.teams import Team

HAND_BACK = Card.HAND_BACK  # the card in the DM of an engineer whose time with a team is over
FURTHEST = timedelta(days=365)
ALTERNATIVES = 6  # free windows to choose from; further ahead nobody plans
AT_ONCE = 20  # requests in one transaction
ASKED_FOR = timedelta(days=7)  # later the reminders of the request have taken over
TOGETHER = (Mode.EMBED, Mode.BUILD, Mode.GUIDANCE)
LINES = ("found", "logic", "front", "workflows")  # the product team's own checklist
NO_DATE = "Say by when, or say that it is done: “will do” does not help the one who asked."
_LINK = re.compile(r"https?://[^\s<>|]+")


@dataclass(frozen=True)
class DecisionForm:
    """The form "decide". `standing_id` is the decision that stood when it was opened, None where none did.

    `engineer` joins, builds or advises; `team` hosts them. With `is_done` no date is needed.
    """

    request_id: int
    standing_id: int | None
    mode: Mode | None = None
    engineer: str | None = None
    team: int | None = None
    sprints: int | None = None
    starts_on: date | None = None
    due_on: date | None = None
    is_done: bool = False
    words: str = ""
    change: str = ""


@dataclass(frozen=True)
class DecisionDraft:
    """What the form is drawn from: the request, what stands, what is chosen so far, and for an embed when it could be.

    `window` is what is proposed, of the `free` ones; `missing` says in words why there is none.
    """

    request: Request
    standing: Decision | None
    answer: DecisionForm
    teams: Sequence[Team] = ()
    engineer: Person | None = None
    free: Sequence[Dates] = ()
    window: Window | None = None
    missing: str = ""


@dataclass(frozen=True)
class Decided:
    """A decision that was just made, instead of the one `before`; an embed has its booking."""

    request: Request
    decision: Decision
    before: Decision | None
    booking: Booking | None


@dataclass(frozen=True)
class Left:
    """The form "hand back": who owns it now, where it is described, how it is measured."""

    owner: str
    docs: str
    measure: str


# --- looking ----------------------------------------------------------------------------------------------------

_WITH = (joinedload(Decision.person), joinedload(Decision.team), joinedload(Decision.by))


def standing(session: Session, request_id: int) -> Decision | None:
    """The decision that stands, with its people."""
    query = select(Decision).where(Decision.request_id == request_id, Decision.ended_at.is_(None)).options(*_WITH)
    return session.scalar(query.execution_options(populate_existing=True))


def get(session: Session, decision_id: int) -> Decision:
    """A decision with its people, whether it stands or not."""
    return session.scalars(select(Decision).where(Decision.id == decision_id).options(*_WITH)).one()


def ticked(session: Session, request_id: int) -> set[str]:
    """The lines of the checklist that are done."""
    return set(session.scalars(select(Tick.line).where(Tick.request_id == request_id)))


def begin(session: Session, request_id: int, *, by: str, now: datetime) -> DecisionDraft:
    """What the form starts from. Raises Refusal for whoever is at no desk, and for a request that is closed."""
    desks.require_at_a_desk(session, by)
    decision = standing(session, request_id)
    answer = DecisionForm(request_id, decision.id if decision else None)
    offered = offer(session, answer, now=now)
    requests.require_live(offered.request)
    return offered


def offer(session: Session, answer: DecisionForm, *, now: datetime) -> DecisionDraft:
    """What there is to choose after what is chosen so far. Whoever sees to the request is proposed first."""
    request = requests.load(session, answer.request_id)
    claimer = request.claimer_id if request.claimer and not request.claimer.is_gone else None
    answer = replace(
        answer,
        engineer=answer.engineer or claimer,
        team=answer.team if answer.team is not None else request.team_id,
        sprints=answer.sprints or 1,
    )
    decision = standing(session, request.id)
    offered = DecisionDraft(request, decision, answer, teams.by_name(session))
    return _with_windows(session, offered, now) if answer.mode is Mode.EMBED else offered


def _with_windows(session: Session, offered: DecisionDraft, now: datetime) -> DecisionDraft:
    answer = offered.answer
    if answer.team is None:
        return replace(offered, missing="Choose the team that the engineer joins, and when it could be stands here.")
    if answer.engineer is None:
        return replace(offered, missing="Choose an engineer, and when they could join stands here.")
    engineer = session.get(Person, answer.engineer)
    if engineer is None or not desks.at_a_desk(session, engineer.id):
        return replace(offered, missing=_at_no_desk(engineer))
    host = teams.get(session, answer.team)
    number = answer.sprints or 1
    free = bookings.free(session, engineer.id, host, number, now, ALTERNATIVES, but=answer.request_id)
    chosen = next((dates for dates in free if dates.starts_on == answer.starts_on), free[0])
    window = bookings.window_at(session, engineer.id, host, chosen, now)
    return replace(offered, engineer=engineer, free=free, window=window)


def _at_no_desk(person: Person | None) -> str:
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
    desks.require_at_a_desk(session, by)
    requests.require_live(request)
    before = standing(session, request.id)
    _require_nothing_new(before, answer)
    if answer.mode is None:
        raise Refusal("Choose how you work together, or that you don't.", field="mode")
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
        _finish(session, request, now)
    else:
        _settle(session, request, decision, booking, now)
    session.flush()
    requests.redraw(session, request, now=now)
    return Decided(requests.load(session, request.id), get(session, decision.id), before, booking)


def _require_nothing_new(before: Decision | None, answer: DecisionForm) -> None:
    if before is not None and before.id != answer.standing_id:
        raise Refusal(
            f"{before.by.name} decided while you wrote, and the card says what. "
            "If you see it differently, say so in the thread, or press *Change the decision* there.",
            field="mode",
        )
    if before is None and answer.standing_id is not None:
        raise Refusal("It came back while you wrote. Close this window, and press *Decide* on the card.", field="mode")


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
    words = _said(answer.words, "words", "Say what the first step is.")
    due_on = _by_when(session, answer, by, now)
    return _row(answer, by, now, person=adviser.id, due_on=due_on, words=words), None


def _not_ai(_session: Session, _request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    words = _said(answer.words, "words", "Say what to do instead: that is the answer.")
    return _row(answer, by, now, words=words), None


def _not_now(session: Session, _request: Request, answer: DecisionForm, by: str, now: datetime) -> Made:
    words = _said(answer.words, "words", "Say why not now.")
    change = _said(answer.change, "change", "Say what would change our mind.")
    row = _row(answer, by, now, due_on=_coming(session, answer.due_on, by, now), words=words)
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
        request.returns_at = Dates(booking.starts_on, booking.ends_on).over_at(booking.team.zone)
        waiting_on.give(session, request, Ball.NOBODY, now=now)
    else:
        waiting_on.owe(session, request, due_on, now=now)


def _finish(session: Session, request: Request, now: datetime) -> None:
    request.state, request.done_at = State.DONE, now
    request.returns_at = now  # the asker is asked what came of it
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
        raise Refusal(_at_no_desk(person), field="engineer")
    return person


def _said(text: str, field: str, otherwise: str) -> str:
    words = requests.short(text, field)
    if not words:
        raise Refusal(otherwise, field=field)
    return words


def _by_when(session: Session, answer: DecisionForm, by: str, now: datetime) -> date:
    return _today(session, by, now) if answer.is_done else _coming(session, answer.due_on, by, now)


def _coming(session: Session, day: date | None, by: str, now: datetime) -> date:
    """A day that is still to come, and within a year."""
    if day is None:
        raise Refusal(NO_DATE, field="due_on")
    today = _today(session, by, now)
    if day <= today:
        raise Refusal("Choose a day that is still to come.", field="due_on")
    if day > today + FURTHEST:
        raise Refusal("That is more than a year ahead. Choose an earlier day: it can be moved.", field="due_on")
    return day


def _today(session: Session, by: str, now: datetime) -> date:
    return cadence.local_date(now, people.known(session, by).zone or company.current(session).zone)


# --- the checklist ----------------------------------------------------------------------------------------------


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
    requests.require_either_side(session, request, by, to="tick its checklist")
    decision = standing(session, request.id)
    if decision is None or decision.mode not in TOGETHER or request.state not in (State.DECIDED, State.DONE):
        raise Refusal("There is no checklist at the moment: it comes with the decision to work together.")
    return request


# --- done -------------------------------------------------------------------------------------------------------


def running(session: Session, request_id: int, *modes: Mode, by: str, lock: bool = False) -> tuple[Request, Decision]:
    """The request with its decision, for whoever wants to bring it forward.

    Raises Refusal for whoever is at no desk, once it is done, and when it was decided otherwise meanwhile.
    """
    request = requests.locked(session, request_id) if lock else requests.load(session, request_id)
    desks.require_at_a_desk(session, by)
    requests.require_live(request)
    decision = standing(session, request.id)
    if decision is None or decision.mode not in modes:
        raise Refusal("It was decided otherwise meanwhile; the card says how.")
    return request, decision


def finish(session: Session, request_id: int, link: str, *, by: str, now: datetime) -> tuple[Request, Decision]:
    """What was to be built is shipped, perhaps with a link to it, or the advice is given."""
    request, decision = running(session, request_id, Mode.BUILD, Mode.GUIDANCE, by=by, lock=True)
    link = link.strip()
    if link and (len(link) > LINK_LENGTH or not _LINK.fullmatch(link)):
        raise Refusal("That is no link. One begins with https:// and has no spaces.", field="link")
    if link:
        decision.words = link
    _finish(session, request, now)
    return _moved_on(session, request, decision, now)


def check_in(
    session: Session, request_id: int, due_on: date | None, words: str, *, by: str, now: datetime
) -> tuple[Request, Decision]:
    """Advice goes on: the next step, and when to look at it together."""
    request, decision = running(session, request_id, Mode.GUIDANCE, by=by, lock=True)
    decision.words = _said(words, "words", "Say what the next step is.")
    decision.due_on = _coming(session, due_on, by, now)
    waiting_on.owe(session, request, decision.due_on, now=now)
    return _moved_on(session, request, decision, now)


def hand_back(session: Session, request_id: int, left: Left, *, by: str, now: datetime) -> tuple[Request, Decision]:
    """An embed is over, in time or early: what is left is said, and the engineer is free."""
    request, decision = running(session, request_id, Mode.EMBED, by=by, lock=True)
    session.add(
        HandBack(
            decision_id=decision.id,
            owner=_said(left.owner, "owner", "Say who owns it now."),
            docs=_said(left.docs, "docs", "Say where it is described; “nowhere yet” is an answer."),
            measure=_said(left.measure, "measure", "Say how it is measured; “not yet” is an answer."),
            by_id=by,
            at=now,
        )
    )
    let_go(session, request, now=now)
    _finish(session, request, now)
    prompt_posts.redraw_sent(session, [HAND_BACK], decision.id, now=now)
    return _moved_on(session, request, decision, now)


def _moved_on(session: Session, request: Request, decision: Decision, now: datetime) -> tuple[Request, Decision]:
    session.flush()
    requests.redraw(session, request, now=now)
    return requests.load(session, request.id), decision


# --- the clock --------------------------------------------------------------------------------------------------


def due(session: Session, now: datetime) -> bool:
    """Whether the clock has anything to do with a request. It takes no lock."""
    return session.scalar(_due(now).limit(1)) is not None


def some_due(session: Session, now: datetime) -> Sequence[int]:
    """A few requests that are parked, embedded or done, and whose time has come; no other replica has them in hand."""
    found = _due(now).order_by(Request.returns_at, Request.id).limit(AT_ONCE).with_for_update(skip_locked=True)
    return session.scalars(found).all()


def _due(now: datetime) -> Select[int]:
    return select(Request.id).where(Request.returns_at <= now, set_asides.not_aside(What.DECIDED, Request.id, now))


def come_back(session: Session, request: Request, *, now: datetime) -> Decision | None:
    """What was not for now is looked at again. Returns what was decided then."""
    decision = standing(session, request.id)
    if decision is not None:
        decision.ended_at = now
    request.state, request.returns_at = State.OPEN, None
    waiting_on.give(session, request, Ball.DESK, now=now)
    session.flush()
    requests.redraw(session, request, now=now)
    return decision


def end_embed(session: Session, request: Request, *, now: datetime) -> Decision | None:
    """The last day of an embed is over: the engineer is free, and is asked once what they leave behind."""
    decision = standing(session, request.id)
    request.returns_at = None
    if decision is None or decision.mode != Mode.EMBED or decision.person_id is None:
        return None
    let_go(session, request, now=now)
    waiting_on.give(session, request, Ball.OWNER, now=now)
    due_at = waiting_on.next_hour(session, decision.person_id, now=now)
    prompt_posts.ask(
        session,
        f"hand-back:{decision.id}",
        HAND_BACK,
        decision.id,
        decision.person_id,
        due_at=due_at,
        expires_at=due_at + ASKED_FOR,
        now=now,
    )
    session.flush()
    requests.redraw(session, request, now=now)
    return decision


def to_hand_back(session: Session, decision_id: int, *, now: datetime) -> tuple[Request, Decision, bool]:
    """The embed that an engineer is asked about, and whether that is still needed."""
    decision = get(session, decision_id)
    request = requests.load(session, decision.request_id)
    stands = request.state == State.DECIDED and decision.ended_at is None and decision.person_id is not None
    return request, decision, stands and waiting_on.is_there(session, decision.person_id or "", now)
