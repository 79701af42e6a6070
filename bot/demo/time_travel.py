"""The hands of a bot's clock, for a Slack whose time can be moved: the sandbox's."""

from collections.abc import Sequence
from datetime import datetime

from bot.app import Prickle
from bot.demo import people
from bot.platform import clock
from jobs import rhythm


class Hands:
    """Moves a running bot through time. The sandbox calls it from a thread of its own."""

    def __init__(self, prickle: Prickle) -> None:
        self._prickle = prickle

    def move_to(self, moment: datetime) -> None:
        """Have the bot's clock show this moment, in UTC, and go on ticking."""
        # Whoever is in the middle of posting holds a lease; it must not run out because time was moved.
        with self._prickle.between_deliveries():
            clock.move_to(moment)

    def next_moment(self) -> datetime | None:
        """When the bot has something to do next, in UTC; None if never."""
        return rhythm.following(self._prickle.db, clock.now)

    def next_prompt(self) -> tuple[datetime, Sequence[str]] | None:
        """When somebody is asked something next, in UTC, and who, by id; None if nobody ever is."""
        with self._prickle.db.read() as session:
            return people.next_prompt(session, now=clock.now())

    def settle(self) -> bool:
        """Do what is due at this moment; False when some of it still waits for its channel's next second."""
        while self._prickle.work():
            pass
        return not rhythm.is_busy(self._prickle.db, clock.now)
