"""The form for a decision: its first values, and the choices that are left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import Dates
from bot.domain.desks import desks
from bot.domain.intake import afterwards, decisions, free_windows, requests, sides
from bot.domain.intake.decisions import DecisionForm
from bot.domain.intake.free_windows import Window
from bot.domain.teams import teams
from models.company import Person
from models.intake.decisions import Decision, Mode
from models.intake.requests import Request, State
from models.teams import Team

LIKELIEST = Mode.GUIDANCE  # most want an answer in words
ALTERNATIVES = 6  # free windows to choose from; further ahead nobody plans


@dataclass(frozen=True)
class DecisionDraft:
    """What the form is drawn from: the request, what stands, what is chosen so far, and for an embed when it could be.

    `able` is who can be chosen: people at a desk, those of its own first. `window` is what is proposed, of the `free`
    ones; `missing` says in words why there is none.
    """

    request: Request
    standing: Decision | None
    answer: DecisionForm
    teams: Sequence[Team] = ()
    able: Sequence[Person] = ()
    engineer: Person | None = None
    free: Sequence[Dates] = ()
    window: Window | None = None
    missing: str = ""


def begin(session: Session, request_id: int, *, by: str, now: datetime) -> DecisionDraft:
    """What the form starts from. Raises Refusal for people at no desk, and for a closed request."""
    decision = decisions.standing(session, request_id)
    answer = _as_it_stands(session, decision) if decision else DecisionForm(request_id, None, LIKELIEST)
    offered = offer(session, answer, by=by, now=now)
    sides.require_answerer(session, offered.request, by, to="answer it")
    afterwards.require_answerable(offered.request, now)
    return offered


def _as_it_stands(session: Session, decision: Decision) -> DecisionForm:
    """Who changes an answer begins with the one that stands."""
    mode = Mode(decision.mode)
    is_done = session.get_one(Request, decision.request_id).state == State.DONE
    return DecisionForm(
        decision.request_id,
        decision.id,
        mode,
        engineer=decision.person_id,
        team=decision.team_id,
        sprints=decision.sprints,
        due_on=decision.due_on,
        is_done=is_done if mode in (Mode.BUILD, Mode.GUIDANCE) else None,
        words=decision.words,
        change=decision.change or "",
    )


def with_words(
    session: Session, request_id: int, words: str, person_id: str, *, by: str, now: datetime
) -> DecisionDraft:
    """What the form starts from where somebody of a desk has answered in the thread already: that is the advice."""
    offered = begin(session, request_id, by=by, now=now)
    adviser = person_id if desks.at_a_desk(session, person_id) else by
    return replace(
        offered, answer=replace(offered.answer, mode=Mode.GUIDANCE, engineer=adviser, words=words, is_done=True)
    )


def offer(session: Session, answer: DecisionForm, *, by: str, now: datetime) -> DecisionDraft:
    """The choices left after what is chosen so far. Who took the request is proposed first, or else who answers."""
    request = requests.load(session, answer.request_id)
    claimer = request.claimer_id if request.claimer and not request.claimer.is_gone else None
    answer = replace(
        answer,
        engineer=answer.engineer or claimer or by,
        team=answer.team if answer.team is not None else request.team_id,
        sprints=answer.sprints or 1,
    )
    decision = decisions.standing(session, request.id)
    offered = DecisionDraft(request, decision, answer, teams.by_name(session), _able(session, request))
    return _with_windows(session, offered, now) if answer.mode is Mode.EMBED else offered


def _able(session: Session, request: Request) -> Sequence[Person]:
    every = sorted(desks.everything(session), key=lambda desk: desk.id != request.desk_id)
    return list({person.id: person for desk in every for person in desks.people_of(desk)}.values())


def _with_windows(session: Session, offered: DecisionDraft, now: datetime) -> DecisionDraft:
    answer = offered.answer
    if answer.team is None:
        return replace(offered, missing="Choose the team that the engineer joins to see when they could start.")
    if answer.engineer is None:
        return replace(offered, missing="Choose an engineer to see when they could join.")
    engineer = session.get(Person, answer.engineer)
    if engineer is None or not desks.at_a_desk(session, engineer.id):
        return replace(offered, missing=decisions.at_no_desk(engineer))
    host = teams.get(session, answer.team)
    number = answer.sprints or 1
    free = free_windows.free(session, engineer.id, host, number, now, ALTERNATIVES, but=answer.request_id)
    chosen = next((dates for dates in free if dates.starts_on == answer.starts_on), free[0])
    window = free_windows.window_at(session, engineer.id, host, chosen, now)
    return replace(offered, engineer=engineer, free=free, window=window)
