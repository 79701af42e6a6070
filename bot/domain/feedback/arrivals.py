"""Tells people who gave feedback that it has arrived."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from bot.domain.feedback import letters
from bot.domain.outbox import posts, set_asides
from bot.domain.outbox.set_asides import What
from models.feedback import Feedback
from models.outbox import Post, PostState

AT_ONCE = 100


def to_tell(session: Session, *, now: datetime) -> bool:
    """Whether a giver is to be told what became of their feedback."""
    return session.scalar(_settled(now).limit(1)) is not None


def tell_givers(session: Session, *, now: datetime) -> int:
    """Tell people that their feedback has arrived, or that it can't. Returns how many pieces of feedback that was."""
    rows = session.scalars(_settled(now).limit(AT_ONCE).with_for_update(of=Feedback, skip_locked=True)).all()
    set_asides.each(
        session, What.FEEDBACK, rows, lambda some: _tell(session, some, now), now=now, key=lambda each: each.id
    )
    return len(rows)


def _tell(session: Session, rows: Sequence[Feedback], now: datetime) -> None:
    for feedback in rows:
        feedback.told_at = now
        if feedback.round_id is None:
            posts.draw(session, letters.COPY_CARD, feedback.id, feedback.giver_id, now=now)


def _settled(now: datetime) -> Select[Feedback]:
    return (
        select(Feedback)
        .join(Post, (Post.card == letters.CARD) & (Post.subject_id == Feedback.id))
        .where(
            Feedback.told_at.is_(None),
            Feedback.delivered_at.is_not(None),
            or_(Post.message_ts.is_not(None), Post.state == PostState.REFUSED),
            set_asides.not_aside(What.FEEDBACK, Feedback.id, now),
        )
        .order_by(Feedback.delivered_at)
    )
