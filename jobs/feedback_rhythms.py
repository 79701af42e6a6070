"""Once a week somebody is asked whom they could tell something."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import feedback_rhythms


def turn(db: Database, now: Callable[[], datetime]) -> int:
    """Have everybody asked whose week is over, some in each transaction. Returns how many people that concerned."""
    with db.read() as session:
        if not feedback_rhythms.is_due(session, now=now()):
            return 0
    turned = 0
    while True:
        with db.begin() as session:
            found = feedback_rhythms.turn(session, now=now())
        if not found:
            return turned
        turned += found
