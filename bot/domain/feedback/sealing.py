"""What of feedback is sealed: its words and the questions of those who ask for some. Nothing else reads or writes them."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.platform.crypto import Unreadable, Vault
from bot.platform.errors import Refusal
from models.feedback import Feedback, FeedbackAsk, Sealed

OFF = "Feedback is not switched on here. Tell whoever runs Prickle: it needs a key, in FEEDBACK_KEYS."
SHUT = (
    "This feedback can't be read at the moment. Tell whoever runs Prickle: the key that it was written with is missing."
)
SEALED: Sequence[type[Sealed]] = (Feedback, FeedbackAsk)


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


def seal(vault: Vault, words: Words, *, bound_to: str) -> str:
    """The words for the database."""
    return vault.seal(json.dumps(asdict(words)), bound_to=bound_to)


def words_of(vault: Vault, feedback: Feedback) -> Words:
    """What was written. Whoever calls it has made sure that the reader may. Raises Shut without the key."""
    return Words(**json.loads(_opened(vault, feedback)))


def question_of(vault: Vault, ask: FeedbackAsk) -> str:
    """What somebody asks. Whoever calls it has made sure that the reader may. Raises Shut without the key."""
    return _opened(vault, ask)


def _opened(vault: Vault, row: Sealed) -> str:
    require_on(vault)
    try:
        return vault.open(row.sealed, bound_to=row.bound_to)
    except Unreadable:
        raise Shut(SHUT) from None


def reseal(session: Session, vault: Vault, table: type[Sealed], after: int, *, limit: int) -> Sequence[int]:
    """Seal the next rows behind the id `after` under the vault's first key. Returns their ids, in order.

    Raises Unreadable for a row that no key opens.
    """
    # Locked: the bot may be writing an edit, which must not be lost.
    query = select(table).where(table.id > after).order_by(table.id).limit(limit).with_for_update()
    rows = session.scalars(query).all()
    for row in rows:
        row.sealed = vault.reseal(row.sealed)
    return [row.id for row in rows]


def is_shut(session: Session, vault: Vault) -> bool:
    """Whether there is feedback that no key of the vault opens: the first and the last row of each kind are tried."""
    for table in SEALED:
        for order in (table.id.asc(), table.id.desc()):
            row = session.scalar(select(table).order_by(order).limit(1))
            if row is not None and not _opens(vault, row):
                return True
    return False


def _opens(vault: Vault, row: Sealed) -> bool:
    try:
        vault.open(row.sealed, bound_to=row.bound_to)
    except Unreadable:
        return False
    return True
