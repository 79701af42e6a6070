"""Feedback's part of the clock: rounds are delivered, and givers are told what became of theirs.

And all of it is sealed anew when keys change.
"""

from collections.abc import Callable
from datetime import datetime

from bot.domain.feedback import letters, rhythms, rounds, sealing
from bot.platform.crypto import Vault
from bot.platform.database import Database
from jobs import batches
from jobs.job import Job
from models.feedback import Sealed

BATCH = 200  # rows in one transaction: nobody waits long for one of them


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Do what is due. Returns how much that was."""
    with db.read() as session:
        is_over, to_tell = rounds.due(session, now=now()), letters.to_tell(session, now=now())
    done = 0
    if is_over:
        with db.begin() as session:
            done += rounds.deliver(session, now=now())
    if to_tell:
        with db.begin() as session:
            done += letters.tell_givers(session, now=now())
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


def ask_weekly(db: Database, now: Callable[[], datetime]) -> int:
    """Have everybody asked whose week is over, some in each transaction. Returns how many people that concerned."""
    with db.read() as session:
        if not rhythms.is_due(session, now=now()):
            return 0
    return batches.run(db, now, rhythms.turn)


JOBS = (
    Job("feedback", 2, lambda ours: turn(ours.db, ours.now)),
    Job("feedback_rhythms", 60, lambda ours: ask_weekly(ours.db, ours.now)),
)
