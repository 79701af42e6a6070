"""A replica that is killed between storing an event and answering it: a hundred times, each at another beat.

Run as a process of its own: `python -m tests.jobs.crash_intake DATABASE_URL API_URL NOW`. It reads the bodies of events
from its input, one a line, and has a child die over each; that costs a fork instead of a start.
"""

import gc
import json
import os
import random
import signal
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from slack_bolt import App, BoltRequest
from slack_sdk import WebClient

from bot.app import build_bolt
from bot.domain.intake import event_queue, events
from bot.platform import clock
from bot.platform.database import Database
from bot.platform.settings import Settings
from jobs.intake import asking_slack
from jobs.intake import events as job


def die(*_args: object, **_kwargs: object) -> None:
    """As `kill -9` does it: nothing is closed, rolled back or said."""
    os.kill(os.getpid(), signal.SIGKILL)


def after(function: Callable[..., Any]) -> Callable[..., Any]:
    """Does it, and dies."""

    def done(*args: Any, **kwargs: Any) -> None:
        function(*args, **kwargs)
        die()

    return done


class Doomed:
    """The bot of a child; each beat is where it dies."""

    def __init__(self, app: App, db: Database, client: WebClient, now: datetime) -> None:
        self.app, self.db, self.client, self.now = app, db, client, now

    def tell(self, body: dict[str, Any]) -> None:
        """Slack tells of an event."""
        self.app.dispatch(BoltRequest(body=body, mode="socket_mode"))

    def act(self) -> None:
        """The next tick."""
        job.act(self.db, self.client, lambda: self.now)

    def before_storing(self, _body: dict[str, Any]) -> None:
        die()

    def before_answering(self, body: dict[str, Any]) -> None:
        self.tell(body)
        die()

    def with_a_claim(self, body: dict[str, Any]) -> None:
        self.tell(body)
        asking_slack.look_up = die
        self.act()

    def in_the_middle(self, body: dict[str, Any]) -> None:
        self.tell(body)
        events.reach_out = after(events.reach_out)
        self.act()

    def before_the_commit(self, body: dict[str, Any]) -> None:
        self.tell(body)
        event_queue.settle = after(event_queue.settle)
        self.act()

    def after_the_commit(self, body: dict[str, Any]) -> None:
        self.tell(body)
        job._act = after(job._act)
        self.act()


BEATS = (
    Doomed.before_storing,
    Doomed.before_answering,
    Doomed.with_a_claim,
    Doomed.in_the_middle,
    Doomed.before_the_commit,
    Doomed.after_the_commit,
)


def main(database_url: str, api_url: str, now: str) -> None:
    """Kill a child over each event, then be the replica that goes on; prints how many died, and at which beats."""
    settings = Settings(_env_file=None, slack_bot_token="xoxb-x", slack_api_url=api_url)  # type: ignore[call-arg,arg-type]
    client = WebClient(token="xoxb-sandbox-bot", base_url=api_url, retry_handlers=[])
    db, at = Database(database_url), datetime.fromisoformat(now)
    clock.now = lambda: at
    app = build_bolt(settings, db, client.auth_test(), client)
    first, *bodies = [json.loads(line) for line in sys.stdin]
    # Lives through one event, so that no child has to find out how each statement reads in SQL. Then nobody is connected
    # before the forks: a connection has one owner.
    Doomed(app, db, client, at).tell(first)
    Doomed(app, db, client, at).act()
    db.dispose()
    gc.collect()
    gc.freeze()
    chance, died = random.Random(5), dict.fromkeys((beat.__name__ for beat in BEATS), 0)  # noqa: S311
    for body in bodies:
        at += timedelta(milliseconds=10)
        beat = chance.choice(BEATS)
        child = os.fork()
        if child == 0:
            beat(Doomed(app, db, client, at), body)
            os._exit(0)
        _, status = os.waitpid(child, 0)
        died[beat.__name__] += os.WIFSIGNALED(status)
    at += event_queue.LEASE
    for body in bodies:  # what was not answered is told again, and nobody knows what that was
        Doomed(app, db, client, at).tell(body)
    Doomed(app, db, client, at).act()
    sys.stdout.write(json.dumps(died))


if __name__ == "__main__":
    main(*sys.argv[1:])
