"""Reminders of what waits: planned when they are due, one message a morning and recipient, and drawn as it is by then."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import cadence, periods
from bot.domain.company import company
from bot.domain.desks import triage
from bot.domain.intake import requests, threads, waiting_on
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams.worktimes import Worktime
from models.company import Person
from models.desks import Desk
from models.intake.decisions import Decision
from models.intake.nudges import MOST_NUDGES, Nudge
from models.intake.requests import Ball, Request, Routing
from models.outbox import Post, PostState
from models.teams import Membership, Team

CARD = waiting_on.REMINDER
AT_ONCE = 10  # requests in one transaction, of a dozen queries each
TOGETHER = timedelta(minutes=10)  # what is planned so soon after a message was posted still stands in it


class Reason(StrEnum):
    """Why it is this person, or this channel, that is reminded."""

    TRIAGE = "triage"  # they look at what comes in
    CLAIMER = "claimer"  # they said that they see to it
    IN_PLACE = "in_place"  # whoever said so is not there
    DESK = "desk"  # everybody at the desk, since nobody answered
    LEAD = "lead"  # of the desk, and the last to be told
    LEADS = "leads"  # of both desks, who settle where it belongs
    ASKER = "asker"  # they asked for it, or for the same
    ASKERS_LEAD = "askers_lead"  # of the team whose asker did not answer, or is not there
    SILENT = "silent"  # at the desk, since nobody who asked is left to answer
    OWNER = "owner"  # the decision names them, and its day has come


@dataclass(frozen=True)
class Reminded:
    """A request in a reminder. `waits` while it is as it was when somebody was reminded; else it is settled.

    `asked` when it was the asker's side that was to answer. `away` is who is not there, `away_until` their last day away
    if it is known, `link` leads to the thread, and `due_on` is the day that the decision names.
    """

    request: Request
    level: int
    reason: Reason
    waits: bool
    asked: bool
    away: Person | None
    away_until: date | None
    due_on: date | None
    link: str | None


@dataclass(frozen=True)
class Batch:
    """All that a person, or a desk's channel, is reminded of on a morning: what waits first, the oldest before the others.

    `triage` are the desks of which this person is told on the same morning that they have the week.
    """

    sent_to: str
    lines: Sequence[Reminded]
    triage: Sequence[Desk] = ()

    @property
    def waiting(self) -> Sequence[Reminded]:
        """What still waits."""
        return [line for line in self.lines if line.waits]


# --- planning ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class _Place:
    """The message in which something may stand: to whom, on which day of theirs, and from when on."""

    sent_to: str
    on: date
    due_at: datetime
    expires_at: datetime

    @property
    def key(self) -> str:
        return f"{CARD}:{self.sent_to}:{self.on}"


def due(session: Session, now: datetime) -> bool:
    """Whether a reminder is due by now."""
    return session.scalar(select(Request.id).where(*_is_due(now)).limit(1)) is not None


def _is_due(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Request.nudge_at <= now, set_asides.not_aside(What.NUDGE, Request.id, now)


def plan(session: Session, *, now: datetime) -> int:
    """Plan some of the reminders that are due, those that another replica is at left out. Returns how many were looked at."""
    query = select(Request.id).where(*_is_due(now)).order_by(Request.nudge_at, Request.id).limit(AT_ONCE)
    ids = session.scalars(query.with_for_update(of=Request, skip_locked=True)).all()
    set_asides.each(session, What.NUDGE, ids, lambda some: _plan(session, some, now), now=now)
    return len(ids)


def _plan(session: Session, request_ids: Sequence[int], now: datetime) -> None:
    query = select(Request).where(Request.id.in_(request_ids)).order_by(Request.nudge_at, Request.id)
    whole = query.options(selectinload(Request.routings)).execution_options(populate_existing=True)
    found = session.scalars(whole).all()
    _settings = company.current(session)  # held on to, so that it is read once
    places: dict[str, _Place] = {}
    told = [(place, request) for request in found for place in _places(session, request, places, now)]
    # In one order, or two replicas that write to the same people would wait for each other.
    for place, request in sorted(told, key=lambda each: (each[0].key, each[1].id)):
        _write(session, place, request, now)
    with session.no_autoflush:
        for request in dict.fromkeys(request for _, request in told):
            request.nudged += 1
            request.snoozed_until = None
            waiting_on.look_ahead(session, request, now=now)
    session.flush()
    posts.redraw_all(session, requests.CARD, sorted(request.id for request in found), now=now)


def _places(session: Session, request: Request, known: dict[str, _Place], now: datetime) -> Sequence[_Place]:
    """Where it is to be said, if it still has to be and it is the time of day for that; else when to look again is set."""
    if request.waiting_on == Ball.NOBODY or request.state not in requests.LIVE or request.nudged >= MOST_NUDGES:
        request.nudge_at, request.snoozed_until = None, None
        return ()
    told = waiting_on.recipients(session, request, request.nudged + 1, now=now)
    known |= {each: _place(session, each, now) for each in told if each not in known}
    places = [known[each] for each in told]
    if not places:
        waiting_on.put_off(session, request, now=now)
        return ()
    first = min(place.due_at for place in places)
    if first > now:
        request.nudge_at = first
        return ()
    return places


def _place(session: Session, sent_to: str, now: datetime) -> _Place:
    place = _place_at(session, sent_to, waiting_on.morning(session, sent_to, now=now))
    if _is_closed(session, place, now):
        place = _place_at(session, sent_to, waiting_on.next_morning(session, sent_to, place.on))
    return place


def _place_at(session: Session, sent_to: str, due_at: datetime) -> _Place:
    zone = _worktime(session, sent_to).zone
    on = cadence.local_date(due_at, zone)
    return _Place(sent_to, on, due_at, cadence.instant(on, waiting_on.LATEST_AT, zone))


def _is_closed(session: Session, place: _Place, now: datetime) -> bool:
    """Whether this morning's message was posted a while ago, or will never be: nobody gets a second one."""
    post = session.scalar(select(Post).where(Post.key == place.key))
    if post is None and triage.is_told(session, place.sent_to, place.on, _worktime(session, place.sent_to)):
        return True
    if post is None or (post.state == PostState.DUE and post.message_ts is None):
        return False
    zone = _worktime(session, place.sent_to).zone
    first = session.get(Nudge, post.subject_id)
    began_at = max(cadence.instant(place.on, waiting_on.NUDGE_AT, zone), first.at if first else now)
    return post.message_ts is None or now >= began_at + TOGETHER


def _worktime(session: Session, sent_to: str) -> Worktime:
    return Worktime(*waiting_on.where(session, sent_to))


def _write(session: Session, place: _Place, request: Request, now: datetime) -> None:
    """Have it stand in that message, once."""
    batch_id = _batch_id(session, place)
    here = select(Nudge).where(Nudge.request_id == request.id, Nudge.batch_id == batch_id)
    nudge = session.scalar(here) if batch_id is not None else None
    if nudge is None:
        nudge = Nudge(request_id=request.id, sent_to=place.sent_to, batch_id=batch_id)
        session.add(nudge)
    nudge.waiting_since, nudge.level, nudge.at = request.waiting_since, request.nudged + 1, now
    session.flush()
    if batch_id is not None:
        prompt_posts.redraw_sent(session, [CARD], batch_id, now=now)
        return
    times = {"due_at": place.due_at, "expires_at": place.expires_at}
    prompt_posts.ask(session, place.key, CARD, nudge.id, place.sent_to, **times, now=now)
    # Another replica may have had the message posted since we looked.
    nudge.batch_id = _batch_id(session, place)
    if nudge.batch_id is not None and nudge.batch_id != nudge.id:
        prompt_posts.redraw_sent(session, [CARD], nudge.batch_id, now=now)


def _batch_id(session: Session, place: _Place) -> int | None:
    return session.scalar(select(Post.subject_id).where(Post.key == place.key))


# --- reading ----------------------------------------------------------------------------------------------------


def read(session: Session, batch_id: int, *, now: datetime) -> Batch:
    """What the message of this batch says now. Costs the same few queries whatever stands in it."""
    found = session.scalars(
        select(Nudge).where(Nudge.batch_id == batch_id).order_by(Nudge.waiting_since, Nudge.id).options(*_WHOLE)
    ).all()
    ids = [nudge.request_id for nudge in found]
    standing = select(Decision).where(Decision.request_id.in_(ids), Decision.ended_at.is_(None))
    decisions = {
        each.request_id: each
        for each in session.scalars(standing.options(joinedload(Decision.person).selectinload(Person.aways)))
    }
    where = threads.to_threads(session, [nudge.request for nudge in found])
    lines = [_line(session, nudge, decisions.get(nudge.request_id), where, now) for nudge in found]
    sent_to = found[0].sent_to if found else ""
    theirs = _worktime(session, sent_to)
    told = triage.told_on(session, sent_to, theirs.today(found[0].at if found else now), theirs, now=now)
    return Batch(sent_to, sorted(lines, key=lambda line: not line.waits), told)


def tells_of_triage(session: Session, person_id: str, at: datetime) -> bool:
    """Whether the reminders of that morning stand, or will, in a message that says who has triage, too."""
    key = f"{CARD}:{person_id}:{_worktime(session, person_id).today(at)}"
    stands = Post.message_ts.is_not(None) | (Post.state == PostState.DUE)
    return session.scalar(select(Post.id).where(Post.key == key, stands)) is not None


def is_needed(session: Session, batch: Batch, *, now: datetime) -> bool:
    """Whether it is still to be posted: something in it waits, or it says who has triage, and whom it goes to is there."""
    is_person = session.get(Person, batch.sent_to) is not None
    return bool(batch.waiting or batch.triage) and (not is_person or waiting_on.is_there(session, batch.sent_to, now))


_WHOLE = (
    joinedload(Nudge.request).options(
        joinedload(Request.asker).selectinload(Person.aways),
        joinedload(Request.claimer).selectinload(Person.aways),
        joinedload(Request.desk).options(joinedload(Desk.team), joinedload(Desk.lead)),
        joinedload(Request.team).selectinload(Team.members).joinedload(Membership.person),
        joinedload(Request.merged_into),
        selectinload(Request.co_askers),
        selectinload(Request.questions),
        selectinload(Request.routings).options(joinedload(Routing.from_desk), joinedload(Routing.to_desk)),
    ),
)


def _line(
    session: Session, nudge: Nudge, decision: Decision | None, where: Mapping[int, str | None], now: datetime
) -> Reminded:
    request = nudge.request
    reason = _reason(nudge, decision)
    # A question hands the ball over in the moment in which it is asked.
    asked = any(question.at == nudge.waiting_since for question in request.questions)
    owner = decision.person if decision is not None and request.waiting_on == Ball.OWNER else None
    missing = {
        Reason.IN_PLACE: owner or request.claimer,
        Reason.ASKERS_LEAD: request.asker,
        Reason.SILENT: request.asker,
    }
    away = missing.get(reason)
    gone = [each for each in away.aways if periods.is_away(each, now)] if away is not None else []
    zone = company.current(session).zone
    last = max((periods.days(each, (away.zone if away else None) or zone)[1] for each in gone), default=None)
    return Reminded(
        request=request,
        level=nudge.level,
        reason=reason,
        waits=_still_waits(nudge),
        asked=asked,
        away=away if gone or (away is not None and away.is_gone) else None,
        away_until=last if last != date.max else None,
        due_on=decision.due_on if decision else None,
        link=where.get(request.id),
    )


def _still_waits(nudge: Nudge) -> bool:
    """Whether the request waits on the same since the same moment, and nobody has put it off."""
    request = nudge.request
    if request.state not in requests.LIVE or request.waiting_on == Ball.NOBODY or request.snoozed_until is not None:
        return False
    return request.waiting_since == nudge.waiting_since


def _reason(nudge: Nudge, decision: Decision | None) -> Reason:
    request, to = nudge.request, nudge.sent_to
    if request.waiting_on == Ball.ASKER:
        if to == request.asker_id or any(each.person_id == to for each in request.co_askers):
            return Reason.ASKER
        leads_it = request.team is not None and any(
            each.is_lead and each.person_id == to for each in request.team.members
        )
        return Reason.ASKERS_LEAD if leads_it else Reason.SILENT
    if request.waiting_on == Ball.LEADS and any(
        to in (last.from_desk.lead_id, last.to_desk.lead_id) for last in request.routings[-1:]
    ):
        return Reason.LEADS
    if request.waiting_on == Ball.OWNER and decision is not None and decision.person_id == to:
        return Reason.OWNER
    if request.waiting_on == Ball.CLAIMER and request.claimer_id == to:
        return Reason.CLAIMER
    if request.desk is not None and to == request.desk.team.channel_id:
        return Reason.DESK
    if nudge.level >= MOST_NUDGES:
        return Reason.LEAD
    return Reason.TRIAGE if request.waiting_on == Ball.DESK else Reason.IN_PLACE
