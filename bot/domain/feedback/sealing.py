"""What of feedback is sealed: its words and the questions of those who ask for some. Nothing else reads or writes them.

Each text is bound to its row: which it is, and who may read it. So whoever changes that in the row seals it anew.
"""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session, selectinload

from bot.platform.crypto import MARK, Misplaced, Unreadable, Vault
from bot.platform.errors import Refusal
from models.feedback import Feedback, FeedbackAsk, Sealed

OFF = "Feedback is not switched on here. Tell the people who run Prickle: it needs a key, in FEEDBACK_KEYS."
SHUT = "This feedback can't be read at the moment. Tell the people who run Prickle: the key that it was written with is missing."
MOVED = "This feedback can't be read: somebody changed it in the database. Tell the people who run Prickle."
SEALED: Sequence[type[Sealed]] = (Feedback, FeedbackAsk)
UNSEALED = ""  # of a row that is still without an id, in the transaction that makes it


class Shut(Refusal):
    """There is no key that opens it."""


@dataclass(frozen=True)
class Words:
    """What one person tells another: what they saw, its effect, what they suggest; only the first is needed.

    `link` leads to the message that it is about.
    """

    saw: str
    effect: str = ""
    suggestion: str = ""
    link: str | None = None


def require_on(vault: Vault) -> None:
    """Raise Shut while there is no key: without one, feedback would lie open in the database."""
    if vault.is_closed:
        raise Shut(OFF)


@dataclass(frozen=True)
class Resealed:
    """Some rows were sealed anew. `last` is the id of the last one that was looked at; None when there were no more.

    `misplaced` were left as they are: their texts belong to something else.
    """

    count: int
    misplaced: int
    last: int | None


def seal(vault: Vault, feedback: Feedback, words: Words) -> None:
    """Write the words into a row that has its id and says who may read it."""
    feedback.sealed = vault.seal(json.dumps(asdict(words)), bound_to=feedback.bound_to)


def seal_question(vault: Vault, ask: FeedbackAsk, question: str) -> None:
    """Write the question into the row, which has its id, and whose people are there."""
    ask.sealed = vault.seal(question, bound_to=ask.bound_to)


def words_of(vault: Vault, feedback: Feedback) -> Words:
    """What was written. The caller has checked that this person may read it. Raises Shut without the key."""
    return Words(**json.loads(_opened(vault, feedback)))


def question_of(vault: Vault, ask: FeedbackAsk) -> str:
    """What somebody asks. The caller has checked that this person may read it. Raises Shut without the key."""
    return _opened(vault, ask)


def _opened(vault: Vault, row: Sealed) -> str:
    require_on(vault)
    try:
        return _text_of(vault, row)
    except Misplaced:
        raise Shut(MOVED) from None
    except Unreadable:
        raise Shut(SHUT) from None


def _text_of(vault: Vault, row: Sealed) -> str:
    return vault.open(row.sealed, bound_to=row.bound_to, formerly=row.formerly_bound_to)


def reseal(session: Session, vault: Vault, table: type[Sealed], after: int, *, limit: int) -> Resealed:
    """Seal the next rows behind the id `after` anew, for what they are and under the vault's first key.

    Raises Unreadable for a row that no key opens.
    """
    # Locked: the bot may be writing an edit, which must not be lost.
    query = _rows(table).where(table.id > after).order_by(table.id).limit(limit).with_for_update()
    rows = session.scalars(query).all()
    misplaced = 0
    for row in rows:
        try:
            row.sealed = vault.seal(_text_of(vault, row), bound_to=row.bound_to)
        except Misplaced:
            misplaced += 1
    return Resealed(len(rows) - misplaced, misplaced, rows[-1].id if rows else None)


def _rows(table: type[Sealed]) -> Select[Sealed]:
    return select(table).options(*([selectinload(FeedbackAsk.asked)] if table is FeedbackAsk else []))


def old_ones(session: Session) -> int:
    """How many texts an earlier version sealed: they are bound to their people, and not to their rows."""
    tables = [select(func.count()).where(table.sealed.not_like(f"{MARK}%")) for table in SEALED]
    return sum(session.scalars(query).one() for query in tables)


def is_shut(session: Session, vault: Vault) -> bool:
    """Whether there is feedback that no key of the vault opens: the first and the last row of each kind are tried."""
    for table in SEALED:
        for order in (table.id.asc(), table.id.desc()):
            row = session.scalar(_rows(table).order_by(order).limit(1))
            if row is not None and not _opens(vault, row):
                return True
    return False


def _opens(vault: Vault, row: Sealed) -> bool:
    try:
        _text_of(vault, row)
    except Unreadable:
        return False
    return True
