"""A replica that is killed right after Slack took its message, and before it could write that down.

Run as a process of its own: `python -m tests.jobs.crash DATABASE_URL API_URL TOKEN NOW`.
"""

import os
import signal
import sys
from datetime import datetime

from slack_sdk import WebClient

from bot.platform.database import Database
from jobs.outbox.delivery import Delivery
from jobs.outbox.settling import Settling


class Doomed(Settling):
    """Dies with the first message that Slack took."""

    def sent(self, *_args: object, **_kwargs: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def main(database_url: str, api_url: str, token: str, now: str) -> None:
    """Deliver what is due, and die."""
    client = WebClient(token=token, base_url=api_url, retry_handlers=[])
    db, moment = Database(database_url), datetime.fromisoformat(now)
    delivery = Delivery(db, client, lambda: moment)
    delivery._settling = Doomed(db, lambda: moment)
    delivery.tick()


if __name__ == "__main__":
    main(*sys.argv[1:])
