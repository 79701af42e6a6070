"""Reminders of what waits: planned when they are due, one message a morning and recipient, and drawn as it is by then."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, selectinload

from bot.domain.calendar import cadence
from bot.domain.company import company
from bot.domain.desks import triage
from bot.domain.intake import requests, waiting_on
from bot.domain.outbox import posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams.worktimes import Worktime
from models.intake.nudges import MOST_NUDGES, Nudge
from models.intake.requests import Ball, Request
from models.outbox import Post, PostState

CARD = waiting_on.REMINDER
AT_ONCE = 10  # requests in one transaction, of a dozen queries each
TOGETHER = timedelta(minutes=10)  # what is planned so soon after a message was posted still stands in it


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
    zone = worktime(session, sent_to).zone
    on = cadence.local_date(due_at, zone)
    return _Place(sent_to, on, due_at, cadence.instant(on, waiting_on.LATEST_AT, zone))


def _is_closed(session: Session, place: _Place, now: datetime) -> bool:
    """Whether this morning's message was posted a while ago, or will never be: nobody gets a second one."""
    post = session.scalar(select(Post).where(Post.key == place.key))
    if post is None and triage.is_told(session, place.sent_to, place.on, worktime(session, place.sent_to)):
        return True
    if post is None or (post.state == PostState.DUE and post.message_ts is None):
        return False
    zone = worktime(session, place.sent_to).zone
    first = session.get(Nudge, post.subject_id)
    began_at = max(cadence.instant(place.on, waiting_on.NUDGE_AT, zone), first.at if first else now)
    return post.message_ts is None or now >= began_at + TOGETHER


def worktime(session: Session, sent_to: str) -> Worktime:
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
    due_at, expires_at = place.due_at, place.expires_at
    prompt_posts.ask(session, place.key, CARD, nudge.id, place.sent_to, due_at=due_at, expires_at=expires_at, now=now)
    # Another replica may have had the message posted since we looked.
    nudge.batch_id = _batch_id(session, place)
    if nudge.batch_id is not None and nudge.batch_id != nudge.id:
        prompt_posts.redraw_sent(session, [CARD], nudge.batch_id, now=now)


def _batch_id(session: Session, place: _Place) -> int | None:
    return session.scalar(select(Post.subject_id).where(Post.key == place.key))
