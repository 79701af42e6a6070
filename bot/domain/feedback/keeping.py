"""What the receiver does with feedback: thank for it, keep it as an action, share it with the team."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.feedback import letters, sealing
from bot.domain.feedback.letters import Letter
from bot.domain.outbox import home_refresh, posts
from bot.platform.crypto import Vault
from bot.platform.errors import Refusal
from models.feedback import Feedback


def thank(session: Session, feedback_id: int, *, by: str, now: datetime) -> Feedback:
    """Thank its giver. Raises Refusal for anybody but the receiver."""
    feedback = letters.of_receiver(session, feedback_id, by, lock=True)
    feedback.thanked_at = feedback.thanked_at or now
    session.flush()
    letters.redraw(session, feedback, now=now)
    return feedback


def keep(session: Session, feedback_id: int, *, by: str, now: datetime) -> None:
    """Make it an action of one's own. Raises Refusal for anybody but the receiver."""
    feedback = letters.of_receiver(session, feedback_id, by, lock=True)
    feedback.kept_at = feedback.kept_at or now
    session.flush()
    letters.redraw(session, feedback, now=now)


def finish(session: Session, feedback_id: int, *, by: str, now: datetime) -> None:
    """The action that was made of it is done. Raises Refusal for anybody but the receiver."""
    feedback = letters.of_receiver(session, feedback_id, by, lock=True)
    feedback.kept_at = feedback.kept_at or now
    feedback.done_at = feedback.done_at or now
    session.flush()
    letters.redraw(session, feedback, now=now)


def shareable(session: Session, vault: Vault, feedback_id: int, *, by: str) -> Letter:
    """What its receiver can share, and where. Raises Refusal for anybody else, and where there is no channel for it."""
    shown = letters.received(session, vault, feedback_id, by=by)
    if shown.team is None:
        raise Refusal("You share with your small team, and you are in none that has a channel. Copy it where you like.")
    return shown


def share(session: Session, vault: Vault, feedback_id: int, *, by: str, now: datetime) -> Letter:
    """Post it in the channel of one's own team, once. Raises Refusal for anybody but the receiver."""
    letters.of_receiver(session, feedback_id, by, lock=True)
    shown = shareable(session, vault, feedback_id, by=by)
    feedback = shown.feedback
    if feedback.shared_at is None and shown.team is not None:
        feedback.shared_at, feedback.shared_in_id = now, shown.team.channel_id
        sealing.seal(vault, feedback, shown.words)
        session.flush()
        # A card: its words must not lie open in the outbox either.
        posts.draw(session, letters.SHARED_CARD, feedback.id, shown.team.channel_id, now=now)
        home_refresh.touch(session, [by], now=now)
        posts.redraw_cards(session, [letters.CARD, letters.COPY_CARD], feedback.id, now=now)
    return shown
