"""Reads the intake channel for messages that were missed, every now and then and after a silence."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import company
from bot.domain.intake import events, requests
from bot.domain.intake.events import EventKind, Heard
from bot.domain.intake.requests import LIVE
from bot.domain.outbox import posts
from models.company import Company
from models.intake.events import Line
from models.intake.requests import Ball, Request

BETWEEN_SWEEPS = timedelta(minutes=5)
THREADS = 50  # whose answers are looked for after a start: as many calls as Slack takes in a minute


@dataclass(frozen=True)
class Sweep:
    """The intake channel is to be read from `since` on; not at all when it is new to us."""

    channel_id: str
    since: str
    is_first: bool


def is_sweep_due(session: Session, *, now: datetime) -> bool:
    """Whether the intake channel is to be read. It takes no lock."""
    return _is_due(company.current(session), now)


def _is_due(settings: Company, now: datetime) -> bool:
    is_new = settings.intake_channel_id != settings.swept_channel_id
    is_time = settings.sweep_at is None or settings.sweep_at <= now
    return settings.intake_channel_id is not None and (is_new or is_time)


def begin_sweep(session: Session, *, now: datetime) -> Sweep | None:
    """Take the next reading; None when another replica was faster. If we die with it, it is done some minutes later.

    What was written before a channel became the intake channel makes no request.
    """
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    channel_id = settings.intake_channel_id
    if channel_id is None or not _is_due(settings, now):
        return None
    is_first = channel_id != settings.swept_channel_id or settings.swept_ts is None
    if is_first:
        settings.swept_channel_id, settings.swept_ts = channel_id, events.stamp(now)
    settings.sweep_at = now + BETWEEN_SWEEPS
    return Sweep(channel_id, settings.swept_ts or events.stamp(now), is_first)


def keep_missed(session: Session, messages: Sequence[Heard], *, now: datetime) -> int:
    """Queue the messages that matter and have no request yet. Returns how many."""
    sources = [each.place.source for each in messages]
    known = set(session.scalars(select(Request.source).where(Request.source.in_(sources)))) if sources else set()
    query = select(Line.channel_id, Line.ts).where(Line.ts.in_([each.ts for each in messages]))
    heard = {(channel_id, ts) for channel_id, ts in session.execute(query)}
    missed = [
        each
        for each in messages
        if each.place.source not in known
        and not (each.kind == EventKind.MESSAGE and (each.channel_id, each.ts) in heard)
        and events.matters(session, each)
    ]
    kept = {f"swept:{each.kind}:{each.channel_id}:{each.ts}": events.without_talk(session, each) for each in missed}
    events.keep_all(session, kept, now=now)
    return len(missed)


def end_sweep(session: Session, sweep: Sweep, read_to: str) -> None:
    """All was read, up to the message `read_to`."""
    settings = session.get_one(Company, 1, with_for_update=True, populate_existing=True)
    if settings.swept_channel_id == sweep.channel_id:
        settings.swept_ts = max(settings.swept_ts or read_to, read_to)


def sweep_again(session: Session, *, at: datetime) -> None:
    """Have the intake channel read at this time."""
    session.get_one(Company, 1, with_for_update=True, populate_existing=True).sweep_at = at


def listen_again(session: Session, *, now: datetime) -> None:
    """We start, and may have been away: have the intake channel read, and the threads in which somebody owes an answer."""
    sweep_again(session, at=now)
    query = select(Request).where(Request.state.in_(LIVE), Request.waiting_on == Ball.ASKER)
    owed = session.scalars(query.order_by(Request.waiting_since).limit(THREADS)).all()
    # Two replicas that start in the same minute need not both read them.
    events.keep_all(
        session, {f"thread:{each.id}:{now:%Y%m%d%H%M}": it for each in owed if (it := _thread(session, each))}, now=now
    )


def _thread(session: Session, request: Request) -> Heard | None:
    card = posts.card_of(session, requests.CARD, request.id)
    above = request.thread_ts or (card.message_ts if card else None)
    if request.channel_id is None or above is None:
        return None
    return Heard(EventKind.THREAD, request.channel_id, events.stamp(request.waiting_since), above)
