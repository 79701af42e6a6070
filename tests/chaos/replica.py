"""A replica without its edge, in a process of its own.

Each line that it gets is an instant and its weather: its clock is set to it, everything that the bot does by itself is done once, and it
says so. In between it may be killed at any moment.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from multiprocessing.connection import Connection

from bot.app import POST_TIMEOUT_S
from bot.platform import logs
from bot.platform.database import Database
from bot.platform.slack import PooledWebClient
from jobs import retros, rhythm, sprints, staffing
from jobs.outbox.delivery import Delivery
from tests.chaos.clock import RoundClock
from tests.chaos.speed import LIMITS
from tests.chaos.weather import Disk


def work(line: Connection, database_url: str, api_url: str, token: str) -> None:
    """Work until nobody says another instant."""
    logs.configure("CRITICAL", "human")
    db = Database(database_url)
    disk = Disk(db.engine)
    now = RoundClock(datetime.min.replace(tzinfo=UTC))
    delivery = Delivery(db, PooledWebClient(token, api_url, POST_TIMEOUT_S), now, LIMITS)
    ours = (rhythm.plan, rhythm.gather, staffing.turn, staffing.end_over, sprints.close_over, retros.turn)
    jobs = (*(lambda job=job: job(db, now) for job in ours), delivery.tick)
    while True:
        try:
            moment, sky = line.recv()
        except EOFError:
            return
        (now.set_back if sky.back else now.set)(moment - sky.back)
        disk.is_full = sky.is_full
        line.send([failed for job in jobs if (failed := _tick(job)) is not None])


def _tick(job: Callable[[], object]) -> str | None:
    """Do a job as the scheduler does: what fails is done again at the next tick. Returns what went wrong."""
    try:
        job()
    except Exception as error:  # whatever it is, the next tick has to make up for it
        return ": ".join([type(error).__name__, *str(error).splitlines()[:1]])
    return None
