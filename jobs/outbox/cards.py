"""Which card is drawn how: each wing says it of its own."""

from collections.abc import Callable, Mapping
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.outbox.posts import Message
from bot.platform.crypto import Vault
from jobs import desks, feedback, heroes, planning, retros, rhythm, sharing, sprints, staffing
from jobs.drawing import Drawing, Draws
from jobs.intake import cards as intake
from models.outbox import Card, Post

COURTESIES = {Card.REQUEST_LINK}  # said where we are anyway; we join no channel for them, and nobody misses them
CARDS: Draws = {
    **staffing.CARDS,
    **rhythm.CARDS,
    **planning.CARDS,
    **sharing.CARDS,
    **intake.CARDS,
    **retros.CARDS,
    **sprints.CARDS,
    **desks.CARDS,
    **heroes.CARDS,
    **feedback.CARDS,
}

WHEN_IT_STANDS: Mapping[str, Callable[[Drawing], None]] = rhythm.WHEN_IT_STANDS


def stands(session: Session, post: Post, now: datetime) -> None:
    """A card was posted. What others say changes with it only now: it may have been too late for it, or not needed."""
    if (act := WHEN_IT_STANDS.get(post.card or "")) is not None:
        act(Drawing(session, post, now, Vault()))


def draw(session: Session, post: Post, now: datetime, vault: Vault | None = None) -> Message | None:
    """What this card says now; None for one that is not needed any more. The vault is for what is sealed.

    Raises LookupError for a card that this version of the code does not know, and Shut for one that no key opens.
    """
    return CARDS[post.card or ""](Drawing(session, post, now, vault or Vault()))
