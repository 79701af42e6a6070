"""Feedback's part of the clock: rounds are delivered, and givers are told what became of theirs.

And all of it is sealed anew when keys change, or when a new version binds it to more.
"""

from collections.abc import Callable, Iterator
from datetime import datetime

from bot.domain.feedback import arrivals, asks, endings, letters, rhythms, rounds, sealing
from bot.domain.feedback.asks import Question as AskedFor
from bot.domain.feedback.rounds import Standing
from bot.domain.feedback.sealing import Resealed
from bot.domain.outbox.posts import Message
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.views.feedback import asks as ask_views
from bot.views.feedback import keeping as keeping_views
from bot.views.feedback import letters as feedback_views
from bot.views.feedback import revising as revising_views
from bot.views.feedback import rhythms as feedback_rhythm_views
from bot.views.feedback import rounds as round_views
from jobs.drawing import Draw, Drawing, Draws
from jobs.job import Job
from models.feedback import Sealed
from models.outbox import Card

BATCH = 200  # rows in one transaction: nobody waits long for one of them


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Do what is due. Returns how much that was."""
    with db.read() as session:
        is_over, to_tell = endings.due(session, now=now()), arrivals.to_tell(session, now=now())
    done = 0
    if is_over:
        with db.begin() as session:
            done += endings.deliver(session, round_views.nothing_message, now=now())
    if to_tell:
        with db.begin() as session:
            done += arrivals.tell_givers(session, now=now())
    return done


def rotate(db: Database, vault: Vault) -> Resealed:
    """Seal everything anew under the vault's first key, some rows at a time.

    It can be stopped and run again. Raises Unreadable for a row that no key opens.
    """
    done = [each for table in sealing.SEALED for each in _rotate(db, vault, table)]
    return Resealed(sum(each.count for each in done), sum(each.misplaced for each in done), None)


def _rotate(db: Database, vault: Vault, table: type[Sealed]) -> Iterator[Resealed]:
    last: int | None = 0
    while last is not None:
        with db.begin() as session:
            some = sealing.reseal(session, vault, table, last, limit=BATCH)
        yield some
        last = some.last


def _feedback(card: Drawing) -> Message:
    return feedback_views.card(letters.received(card.session, card.vault, card.subject, by=card.post.channel_id))


def _feedback_copy(card: Drawing) -> Message:
    return revising_views.copy(letters.given(card.session, card.vault, card.subject, by=card.post.channel_id), card.now)


def _feedback_shared(card: Drawing) -> Message:
    return keeping_views.shared_card(letters.shared(card.session, card.vault, card.subject, card.post.channel_id))


def _feedback_round(view: Callable[[Standing], Message]) -> Draw:
    """Whoever has written to everybody, or is away, is not asked; what stands says how far they are."""

    def drawn(card: Drawing) -> Message | None:
        standing = rounds.standing(card.session, card.subject, by=card.post.channel_id, now=card.now)
        return view(standing) if standing.needed or card.post.message_ts else None

    return drawn


def _feedback_ask(view: Callable[[AskedFor], Message]) -> Draw:
    """Whoever has answered by card.now, or is away, is not asked; what stands says that they answered."""

    def drawn(card: Drawing) -> Message | None:
        asked = asks.asked(card.session, card.vault, card.subject, by=card.post.channel_id, now=card.now)
        return view(asked) if asked.needed or card.post.message_ts else None

    return drawn


def _feedback_asked(card: Drawing) -> Message:
    return ask_views.overview(asks.overview(card.session, card.vault, card.subject, by=card.post.channel_id))


def _old_rhythm(card: Drawing) -> Message | None:
    return feedback_rhythm_views.old_card() if card.post.message_ts else None


JOBS = (
    Job(
        "feedback",
        2,
        lambda ours: turn(ours.db, ours.now),
        does="delivers the rounds that are over, and tells people who gave feedback that it has arrived",
    ),
)
CARDS: Draws = {
    Card.FEEDBACK: _feedback,
    Card.FEEDBACK_COPY: _feedback_copy,
    Card.FEEDBACK_SHARED: _feedback_shared,
    rhythms.OLD_CARD: _old_rhythm,
    Card.FEEDBACK_ROUND: _feedback_round(round_views.card),
    Card.FEEDBACK_ROUND_REMINDER: _feedback_round(round_views.reminder),
    Card.FEEDBACK_ASK: _feedback_ask(ask_views.asking),
    Card.FEEDBACK_ASK_REMINDER: _feedback_ask(ask_views.reminder),
    Card.FEEDBACK_ASKED: _feedback_asked,
}
