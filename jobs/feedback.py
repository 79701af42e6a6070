"""Feedback's part of the clock: rounds are delivered, and givers are told what became of theirs.

And all of it is sealed anew when keys change.
"""

from collections.abc import Callable
from datetime import datetime

from bot.crypto import Vault
from bot.database import Database
from bot.domain import feedback, feedback_rounds, sealing
from models.feedback import Sealed

BATCH = 200  # rows in one transaction: nobody waits long for one of them


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Do what is due. Returns how much that was."""
    with db.read() as session:
        is_over, to_tell = feedback_rounds.due(session, now=now()), feedback.to_tell(session)
    done = 0
    if is_over:
        with db.begin() as session:
            done += feedback_rounds.deliver(session, now=now())
    if to_tell:
        with db.begin() as session:
            done += feedback.tell_givers(session, now=now())
    return done


def rotate(db: Database, vault: Vault) -> int:
    """Seal everything anew under the vault's first key, some rows at a time. Returns how many those were.

    It can be stopped and run again. Raises Unreadable for a row that no key opens.
    """
    return sum(_rotate(db, vault, table) for table in sealing.SEALED)


def _rotate(db: Database, vault: Vault, table: type[Sealed]) -> int:
    count = 0
    last: int | None = 0
    while last is not None:
        with db.begin() as session:
            ids = sealing.reseal(session, vault, table, last, limit=BATCH)
        count += len(ids)
        last = ids[-1] if ids else None
    return count
