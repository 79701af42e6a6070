"""What a job is, and what it works with."""

import logging
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from slack_sdk import WebClient

from bot.platform.database import Database
from bot.platform.errors import Busy

TRIES, PAUSE_S = 5, 0.5

log = logging.getLogger(__name__)


class DeskReader(Protocol):
    """Reads who is at the desks, and remembers until the next restart what it has read."""

    def turn(self) -> int:
        """Do what is due. Returns how much of it was news."""
        ...


@dataclass(frozen=True)
class Replica:
    """One running copy of the bot, as its jobs see it. `deliver` sends what is due and returns how much that was."""

    db: Database
    client: WebClient
    now: Callable[[], datetime]
    desks: DeskReader
    deliver: Callable[[], int]


@dataclass(frozen=True)
class Job:
    """Something the clock does every so many seconds. Any number of replicas may run it at the same time.

    `run` does what is due and returns how much that was; `does` says it to people. A job that is not `due` work, like
    reading the whole workspace anew, is left out when time travels.
    """

    name: str
    seconds: int
    run: Callable[[Replica], int]
    due: bool = True
    does: str = field(kw_only=True)


def run(job: Job, replica: Replica, *, pause: Callable[[float], bool]) -> int:
    """Run a job. One that met a lock wrote nothing, and its next tick may be hours away: it comes again after a pause.

    `pause` waits so many seconds, and says whether the bot stops meanwhile.
    """
    for _ in range(TRIES - 1):
        try:
            return job.run(replica)
        except Busy:
            log.info("%s found no room in the database, and comes again", job.name)
        if pause(PAUSE_S):
            return 0
    return job.run(replica)
