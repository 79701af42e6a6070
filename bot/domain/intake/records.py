"""Everything that was asked of the AI team and what came of it, request by request, for whoever takes it elsewhere."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.intake import threads
from models.company import Person
from models.intake.bookings import Booking
from models.intake.decisions import Decision, HandBack, Outcome, Tick
from models.intake.requests import Brief, CoAsker, Question, Request, Routing

BATCH = 200  # requests in memory at a time
Record = dict[str, Any]
RowT = TypeVar("RowT", HandBack, Outcome, Tick)
OfRequest = TypeVar("OfRequest", Booking, Decision, Tick)


def load_all(session: Session) -> Iterator[Record]:
    """Every request in any state, oldest first, as plain values that nest; read in batches.

    Instants are ISO 8601 in UTC, days are ISO 8601. A person is their id and name. Of what happened several times, the
    first comes first; of decisions, the last one without an `ended_at` stands.
    """
    after = 0
    while batch := _batch(session, after):
        yield from _records(session, batch)
        after = batch[-1].id
        session.expunge_all()  # or what was read stays in memory until the end


def _batch(session: Session, after: int) -> Sequence[Request]:
    query = select(Request).where(Request.id > after).order_by(Request.id).limit(BATCH)
    return session.scalars(
        query.options(
            joinedload(Request.asker),
            joinedload(Request.claimer),
            joinedload(Request.team),
            joinedload(Request.desk),
            selectinload(Request.co_askers).joinedload(CoAsker.person),
            selectinload(Request.briefs).joinedload(Brief.by),
            selectinload(Request.questions).joinedload(Question.by),
            selectinload(Request.routings).options(
                joinedload(Routing.by), joinedload(Routing.from_desk), joinedload(Routing.to_desk)
            ),
        )
    ).all()


def _records(session: Session, batch: Sequence[Request]) -> Iterator[Record]:
    ids = [each.id for each in batch]
    decided = _decisions(session, ids)
    hand_backs = {
        each.decision_id: each
        for each in _of(session, HandBack, HandBack.decision_id.in_([each.id for each in decided]))
    }
    decisions = _by_request(decided)
    bookings = _by_request(_bookings(session, ids))
    ticks = _by_request(_of(session, Tick, Tick.request_id.in_(ids)))
    outcomes = {each.request_id: each for each in _of(session, Outcome, Outcome.request_id.in_(ids))}
    found_at = threads.to_threads(session, batch)
    for request in batch:
        yield {
            **_request(request, found_at.get(request.id)),
            "brief": [_brief(each) for each in request.briefs],
            "questions": [_question(each) for each in request.questions],
            "routings": [_routing(each) for each in request.routings],
            "decisions": [_decision(each, hand_backs.get(each.id)) for each in decisions[request.id]],
            "checklist": [{"line": each.line, "at": _at(each.at), "by_id": each.by_id} for each in ticks[request.id]],
            "bookings": [_booking(each) for each in bookings[request.id]],
            "outcome": _outcome(outcomes.get(request.id)),
        }


def _decisions(session: Session, ids: Sequence[int]) -> Sequence[Decision]:
    query = select(Decision).where(Decision.request_id.in_(ids)).order_by(Decision.id)
    return session.scalars(
        query.options(joinedload(Decision.person), joinedload(Decision.team), joinedload(Decision.by))
    ).all()


def _bookings(session: Session, ids: Sequence[int]) -> Sequence[Booking]:
    query = select(Booking).where(Booking.request_id.in_(ids)).order_by(Booking.id)
    return session.scalars(query.options(joinedload(Booking.person), joinedload(Booking.team))).all()


def _of(session: Session, kind: type[RowT], condition: ColumnElement[bool]) -> Sequence[RowT]:
    return session.scalars(select(kind).where(condition).order_by(*kind.__mapper__.primary_key)).all()


def _by_request(rows: Iterable[OfRequest]) -> Mapping[int, list[OfRequest]]:
    found: dict[int, list[OfRequest]] = defaultdict(list)
    for row in rows:
        found[row.request_id].append(row)
    return found


# --- a row as plain values --------------------------------------------------------------------------------------


def _request(request: Request, link: str | None) -> Record:
    return {
        "id": request.id,
        "title": request.title,
        "text": request.text,
        "state": str(request.state),
        "link": link or request.link,
        "asked_by": _person(request.asker),
        "also_asked_by": [_person(each.person) for each in request.co_askers],
        "team": request.team.name if request.team else None,
        "desk": request.desk.name if request.desk else None,
        "claimed_by": _person(request.claimer),
        "why": str(request.why) if request.why else None,
        "tried": request.tried,
        "wanted_on": _day(request.wanted_on),
        "merged_into": request.merged_into_id,
        "waiting_on": str(request.waiting_on),
        "waiting_since": _at(request.waiting_since),
        "snoozed_until": _day(request.snoozed_until),
        "created_at": _at(request.created_at),
        "answered_at": _at(request.answered_at),
        "decided_at": _at(request.decided_at),
        "done_at": _at(request.done_at),
        "returns_at": _at(request.returns_at),
    }


def _brief(brief: Brief) -> Record:
    return {
        "version": brief.version,
        "problem": brief.problem,
        "audience": brief.audience,
        "smallest": brief.smallest,
        "measure": brief.measure,
        "by": _person(brief.by),
        "at": _at(brief.at),
    }


def _question(question: Question) -> Record:
    return {
        "text": question.text,
        "by": _person(question.by),
        "at": _at(question.at),
        "answered_at": _at(question.answered_at),
    }


def _routing(routing: Routing) -> Record:
    return {
        "from": routing.from_desk.name,
        "to": routing.to_desk.name,
        "why": routing.why,
        "by": _person(routing.by),
        "at": _at(routing.at),
    }


def _decision(decision: Decision, hand_back: HandBack | None) -> Record:
    left = hand_back and {"owner": hand_back.owner, "docs": hand_back.docs, "measure": hand_back.measure}
    return {
        "mode": str(decision.mode),
        "person": _person(decision.person),
        "team": decision.team.name if decision.team else None,
        "sprints": decision.sprints,
        "due_on": _day(decision.due_on),
        "words": decision.words,
        "change": decision.change,
        "by": _person(decision.by),
        "at": _at(decision.at),
        "ended_at": _at(decision.ended_at),
        "hand_back": left,
    }


def _booking(booking: Booking) -> Record:
    return {
        "person": _person(booking.person),
        "team": booking.team.name,
        "is_firm": booking.is_firm,
        "starts_on": _day(booking.starts_on),
        "ends_on": _day(booking.ends_on),
        "released_at": _at(booking.released_at),
    }


def _outcome(outcome: Outcome | None) -> Record | None:
    if outcome is None:
        return None
    return {
        "helped": outcome.helped,
        "words": outcome.words,
        "helped_at": _at(outcome.helped_at),
        "in_use": outcome.in_use,
        "in_use_at": _at(outcome.in_use_at),
    }


def _person(person: Person | None) -> Record | None:
    return {"id": person.id, "name": person.name} if person else None


def _at(moment: datetime | None) -> str | None:
    return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}" if moment else None


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
