"""A replica without its edge, in a process of its own.

Each line that it gets is an instant: its clock is set to it, everything that the bot does by itself is done once, and it
says so. In between it may be killed at any moment.
"""

from datetime import UTC, datetime
from multiprocessing.connection import Connection

from bot import logs
from bot.app import POST_TIMEOUT_S
from bot.database import Database
from bot.slack import PooledWebClient
from jobs import prompts, sprints
from jobs.delivery import Delivery
from tests.chaos.clock import RoundClock
from tests.chaos.speed import LIMITS


def work(line: Connection, database_url: str, api_url: str, token: str) -> None:
    """Work until nobody says another instant."""
    logs.configure("CRITICAL", "human")
    db = Database(database_url)
    now = RoundClock(datetime.min.replace(tzinfo=UTC))
    delivery = Delivery(db, PooledWebClient(token, api_url, POST_TIMEOUT_S), now, LIMITS)
    while True:
        try:
            now.set(line.recv())
        except EOFError:
            return
        prompts.plan(db, now)
        sprints.close_over(db, now)
        line.send(delivery.tick())
