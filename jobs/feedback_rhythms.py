"""Once a week somebody is asked whom they could tell something."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import feedback_rhythms
from jobs import batches


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Have everybody asked whose week is over, some in each transaction. Returns how many people that concerned."""
    with db.read() as session:
        if not feedback_rhythms.is_due(session, now=now()):
            return 0
    return batches.run(db, now, feedback_rhythms.turn)
