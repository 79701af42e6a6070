"""What a morning's message says: each request that waits, since when, and why this person."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import periods
from bot.domain.company import company
from bot.domain.desks import triage
from bot.domain.intake import nudges, requests, threads, undos, waiting_on
from models.company import Person
from models.desks import Desk
from models.intake.decisions import Decision
from models.intake.nudges import MOST_NUDGES, Nudge
from models.intake.requests import Ball, Request, Routing
from models.outbox import Post, PostState
from models.teams import Membership, Team


class Reason(StrEnum):
    """Why it is this person, or this channel, that is reminded."""

    TRIAGE = "triage"  # they look at what comes in
    CLAIMER = "claimer"  # they said that they're on it
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
    if it is known, `link` leads to the thread, and `due_on` is the day that the decision names. `can_undo`
    while the reader can take back what they just did.
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
    can_undo: bool = False


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
    theirs = nudges.worktime(session, sent_to)
    is_person = session.get(Person, sent_to) is not None
    settled = [line.request for line in lines if not line.waits]
    undoable = undos.offered(session, settled, to=sent_to if is_person else None, now=now)
    lines = [replace(line, can_undo=line.request.id in undoable) for line in lines]
    told = triage.told_on(session, sent_to, theirs.today(found[0].at if found else now), theirs, now=now)
    return Batch(sent_to, sorted(lines, key=lambda line: not line.waits), told)


def tells_of_triage(session: Session, person_id: str, at: datetime) -> bool:
    """Whether the reminders of that morning stand, or will, in a message that says who has triage, too."""
    key = f"{nudges.CARD}:{person_id}:{nudges.worktime(session, person_id).today(at)}"
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
