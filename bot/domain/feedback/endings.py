"""How a 360 ends: everything is delivered at its time, or the person who started it stops it and nothing is."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.feedback import letters, rounds
from bot.domain.outbox import home_refresh, posts, prompt_posts, set_asides
from bot.domain.outbox.posts import Message
from bot.domain.outbox.set_asides import What
from bot.platform.errors import Refusal
from models.feedback import Feedback, FeedbackRound

AT_ONCE = 20  # rounds that one transaction delivers


def due(session: Session, *, now: datetime) -> bool:
    """Whether any round's time has come, so that it has to be delivered."""
    return session.scalar(_over(now).limit(1)) is not None


def _over(now: datetime) -> Select[FeedbackRound]:
    is_free = set_asides.not_aside(What.ROUND, FeedbackRound.id, now)
    query = select(FeedbackRound).where(FeedbackRound.delivered_at.is_(None), FeedbackRound.ends_at <= now, is_free)
    return query.order_by(FeedbackRound.ends_at)


def deliver(session: Session, nothing: Callable[[FeedbackRound], Message], *, now: datetime) -> int:
    """Deliver everything of the rounds that are over; who got `nothing` reads that. Returns how many rounds those were."""
    found = session.scalars(_over(now).limit(AT_ONCE).with_for_update(skip_locked=True)).all()
    set_asides.each(
        session,
        What.ROUND,
        found,
        lambda some: _deliver(session, some, nothing, now),
        now=now,
        key=lambda each: each.id,
    )
    return len(found)


def _deliver(
    session: Session, found: Sequence[FeedbackRound], nothing: Callable[[FeedbackRound], Message], now: datetime
) -> None:
    for each in found:
        _tell_who_got_none(session, rounds.load(session, each.id), nothing, now)
        each.delivered_at = now
        written = select(Feedback).where(Feedback.round_id == each.id).options(joinedload(Feedback.receiver))
        for row in session.scalars(written.order_by(Feedback.receiver_id, Feedback.id)):
            # Its giver knows when it is delivered, and needs no copy of each.
            row.delivered_at = row.told_at = now
            home_refresh.touch(session, [row.receiver_id], now=now)
            if not row.receiver.is_gone:
                posts.draw(session, letters.CARD, row.id, row.receiver_id, now=now)
        session.flush()
        prompt_posts.redraw_sent(session, rounds.LATER, each.id, now=now)


def _tell_who_got_none(
    session: Session, found: FeedbackRound, nothing: Callable[[FeedbackRound], Message], now: datetime
) -> None:
    got_some = rounds.receivers(session, found.id)
    for seat in found.seats:
        if seat.person_id not in got_some and not seat.person.is_gone:
            key = f"feedback-round-nothing:{found.id}:{seat.person_id}"
            posts.write(session, key, seat.person_id, nothing(found), now=now)


def stop(session: Session, round_id: int, *, by: str, now: datetime) -> None:
    """Stop a round: what people wrote stays theirs, and each message about it says so. A second time changes nothing.

    Raises Refusal for everybody but the person who started it, unless that one is gone, and once it is delivered.
    """
    rounds.require_seat(session, round_id, by)
    # Stopped in the moment of delivery, it is either delivered, or stopped and not delivered.
    session.execute(select(FeedbackRound.id).where(FeedbackRound.id == round_id).with_for_update())
    found = rounds.load(session, round_id)
    if not rounds.may_stop(found, by):
        raise Refusal(f"{found.started_by.name} started this 360, so only they can stop it.")
    if found.stopped_at is not None:
        return
    rounds.require_running(found)
    found.stopped_at = found.delivered_at = now
    session.flush()
    prompt_posts.redraw_sent(session, rounds.LATER, round_id, now=now)
