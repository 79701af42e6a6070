"""The last thing somebody did to a request (claim, answer, close, snooze), so that they can undo it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from bot.domain.intake import requests, waiting_on
from bot.domain.outbox import posts, undoing
from models.intake.bookings import Booking
from models.intake.decisions import Decision, HandBack
from models.intake.requests import Request
from models.outbox import Card, Post

STANDS = ("state", "claimer_id", "waiting_on", "waiting_since", "snoozed_until", "desk_id")  # what others act on
PUT_BACK = (*STANDS, "nudged", "nudge_at", "answered_at", "decided_at", "done_at", "returns_at", "dismissed_by_id")

Snapshot = dict[str, Any]


def key(request_id: int) -> str:
    """Of all that is done to a request, the last can be taken back."""
    return f"request:{request_id}"


def snapshot(session: Session, request: Request) -> Snapshot:
    """How a request stands, before something is done to it."""
    decision = _standing(session, request)
    booked = select(Booking.id).where(Booking.request_id == request.id, Booking.released_at.is_(None))
    return {
        "row": undoing.of(request, *PUT_BACK),
        "decision": undoing.of(decision, "id", "words", "due_on") if decision is not None else None,
        "bookings": sorted(session.scalars(booked)),
    }


def remember(
    session: Session, request: Request, before: Snapshot, *, by: str, now: datetime, is_told: bool = True
) -> None:
    """Somebody has just done something to a request, which was as `before`. `is_told` when its thread says so."""
    session.flush()
    undoing.remember(
        session,
        key(request.id),
        by=by,
        before={**before, "is_told": is_told},
        left=left(session, request),
        now=now,
        cards=[posts.card_key(requests.CARD, request.id), *_messages(session, request, now)],
    )


def _messages(session: Session, request: Request, now: datetime) -> Sequence[str]:
    """The messages to single people from which they act on it: they offer *Undo*, too."""
    asked_in = (Post.card == Card.GONE) & (Post.subject_id == request.id)
    here = or_(asked_in, waiting_on.reminded_in(request, now)), Post.message_ts.is_not(None)
    return session.scalars(select(Post.key).where(*here)).all()


def is_offered(session: Session, request: Request, *, to: str | None = None, now: datetime) -> bool:
    """Whether the person who did the last thing (or only `to`) can still undo it."""
    return undoing.is_offered(session, key(request.id), left(session, request), now=now, to=to)


def offered(session: Session, found: Sequence[Request], *, to: str | None = None, now: datetime) -> frozenset[int]:
    """Those of these requests of which that is so, by their ids: most cost nothing, since nobody just did anything to them."""
    lately = undoing.still_open(session, [key(each.id) for each in found], now=now) if found else frozenset()
    return frozenset(each.id for each in found if key(each.id) in lately and is_offered(session, each, to=to, now=now))


def left(session: Session, request: Request) -> Snapshot:
    """What somebody else would have changed, had they acted on the request."""
    decision = _standing(session, request)
    handed = decision is not None and session.get(HandBack, decision.id) is not None
    stands = undoing.of(decision, "id", "words", "due_on") if decision is not None else None
    return {"row": undoing.of(request, *STANDS), "decision": stands, "handed_back": handed}


def _standing(session: Session, request: Request) -> Decision | None:
    standing = select(Decision).where(Decision.request_id == request.id, Decision.ended_at.is_(None))
    return session.scalar(standing)
