"""For ten minutes, people can change the feedback they gave."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.feedback import letters
from bot.domain.feedback.letters import Letter
from bot.domain.feedback.sealing import Words
from bot.domain.outbox import undoing
from bot.platform.crypto import Vault
from bot.platform.errors import Refusal
from models.feedback import Feedback

EDITABLE_FOR = undoing.TEN_MINUTES


def editable_until(feedback: Feedback) -> datetime:
    """When its giver can change it no more."""
    return feedback.given_at + EDITABLE_FOR


def editable(session: Session, vault: Vault, feedback_id: int, *, by: str, now: datetime, lock: bool = False) -> Letter:
    """What its giver can still change. Raises Refusal for everybody else, and once it is too late."""
    shown = letters.given(session, vault, feedback_id, by=by, lock=lock)
    _require_editable(shown.feedback, now)
    return shown


def is_editable(feedback: Feedback, now: datetime) -> bool:
    """Whether its giver can still change it."""
    return not _why_not(feedback, now)


def _require_editable(feedback: Feedback, now: datetime) -> None:
    if refused := _why_not(feedback, now):
        raise Refusal(refused)


def _why_not(feedback: Feedback, now: datetime) -> str:
    name = feedback.receiver.name
    if feedback.shared_at is not None:
        return f"{name} has already shared it, so you can't change it. Write to them if you want to add something."
    if feedback.round_id is None and now >= editable_until(feedback):
        return f"Ten minutes have passed, so it stays as {name} read it. Give feedback again if there is more."
    if feedback.round_id is not None and feedback.delivered_at is not None:
        return f"It was delivered, so it stays as {name} read it. Give feedback again if there is more."
    return ""


def edit(session: Session, vault: Vault, feedback_id: int, words: Words, *, by: str, now: datetime) -> Feedback:
    """Change what was given; the receiver's message changes with it. Raises Refusal once it is too late."""
    before = editable(session, vault, feedback_id, by=by, now=now, lock=True)
    feedback = before.feedback
    after = letters.checked(Words(words.saw, words.effect, words.suggestion, link=before.words.link))
    letters.rewrite(session, vault, feedback, after, now=now)
    return feedback
