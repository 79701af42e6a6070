"""The one place where things are put together: settings to database, Slack clients, Bolt app, clock and edge."""

import gc
import logging
import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.domain.outbox import submissions
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.platform.slack import slack_client
from bot.platform.ticks import Ticks
from bot.serving.web import Web
from handlers import FEATURES, deliveries, errors, gate, routing
from handlers.commands import COMMANDS
from handlers.home import menu
from jobs import JOBS, batches, company, desks
from jobs.intake import events
from jobs.job import Replica, run
from jobs.outbox.delivery import Delivery

if TYPE_CHECKING:
    from bot.serving.calendars import Calendars
    from bot.serving.sockets import Sockets

ANSWER_TIMEOUT_S = 2  # what a handler may wait for Slack, of the 3 s in which a press has to be acknowledged
ENTRIES = routing.entries_of(FEATURES)
POST_TIMEOUT_S = 8  # far below a lease, and below the 10 s in which a stopped process has to be gone


log = logging.getLogger(__name__)


def build_bolt(settings: Settings, db: Database, identity: SlackResponse, client: WebClient) -> App:
    """The Bolt app with all that it listens to. `identity` is the answer of `auth.test`."""
    secret = settings.slack_signing_secret
    authorized = AuthorizeResult.from_auth_test_response(
        bot_token=settings.slack_bot_token.get_secret_value(), auth_test_response=identity
    )
    app = App(
        name="prickle",  # without one Bolt walks through all source files on the stack to find a name
        # Where Slack is and how long to wait; the token is the authorization's.
        client=WebClient(base_url=client.base_url, timeout=client.timeout, retry_handlers=[]),
        # Socket Mode carries no signatures, but Bolt wants a secret to be there.
        signing_secret=secret.get_secret_value() if secret else "socket mode",
        authorize=lambda: authorized,
        process_before_response=True,
        raise_error_for_unhandled_request=True,  # for `errors.answer`, since a 404 is words of Slack's to the person
    )
    app.middleware(_provide(db, client, Vault(settings.vault_keys)))
    app.middleware(gate.before_all(db, client))
    app.error(errors.answer)
    routing.register(app, COMMANDS, FEATURES, menu.explain)
    return app


def _provide(db: Database, client: WebClient, vault: Vault) -> Callable[..., BoltResponse | None]:
    def provide(
        context: BoltContext, body: dict[str, Any], command: dict[str, str] | None, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Hands listeners what they ask for by name: the database, the vault, who acts, the words after a command's verb."""
        context["db"] = _once(db, body)
        context["client"] = client
        context["vault"] = vault
        context["me"] = context.user_id
        context["entries"] = ENTRIES
        context["argument"] = routing.after_the_first_word(command or {})
        return next_()

    return provide


def _once(db: Database, body: dict[str, Any]) -> Database:
    """The database, in which what this delivery changes is changed once, however often it arrives."""
    sent = deliveries.sent(body)
    return db.beginning_with(lambda session: submissions.record(session, sent, now=clock.now())) if sent else db


class Prickle:
    """A running bot: one replica of as many as you like."""

    identity: SlackResponse
    """What Slack answered to auth.test, once started."""
    shortcoming: str | None = None
    """Why it is not ready though it runs, in a sentence."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self.db = Database(settings.database_url)
        self.client = slack_client(settings, timeout_s=ANSWER_TIMEOUT_S)
        self._delivery = Delivery(
            self.db,
            slack_client(settings, timeout_s=POST_TIMEOUT_S),
            lambda: clock.now(),
            vault=Vault(settings.vault_keys),
        )
        self._replica = Replica(
            db=self.db,
            client=self.client,
            now=lambda: clock.now(),
            desks=desks.Desks(self.db, self.client, lambda: clock.now()),
            deliver=self._delivery.pump,
        )
        self._clock = Ticks()
        self._stopping = threading.Event()
        self._sockets: Sockets | None = None
        self._web: Web | None = None

    @property
    def port(self) -> int:
        """The port of its HTTP edge, once started."""
        return self._web.port if self._web else 0

    def start(self) -> None:
        """Take work. Raises SlackApiError when Slack does not take the tokens, OSError when the port is taken."""
        self.identity = self.client.auth_test()
        app = build_bolt(self._settings, self.db, self.identity, self.client)
        company.note_start(self.db, self.identity, self._settings)
        company.sync_quietly(self._replica)
        events.start(self.db, self._replica.now)
        batches.start(self.db, self._replica.now)
        token = self._settings.slack_app_token
        self._web = Web(
            None if token else app,
            self.db,
            host=self._settings.host,
            port=self._settings.port,
            secret=self._settings.slack_signing_secret,
            calendars=self._calendars(),
            shortcoming=lambda: self.shortcoming or self._clock.standstill(),
        )
        if token is not None:
            # Not at the top: who takes requests over HTTP needs no web sockets.
            from bot.serving.sockets import Sockets

            self._sockets = Sockets(app, token.get_secret_value())
            self._sockets.start()
        self._web.start()
        for job in JOBS:
            again = partial(run, job, self._replica, pause=self._stopping.wait)
            self._clock.tick(job.name, again, seconds=job.seconds)
        self._clock.start()
        # What is loaded by now stays for good: the garbage collector need not walk through it while somebody waits.
        gc.freeze()

    def _calendars(self) -> "Calendars | None":
        if self._settings.public_url is None:
            return None
        # Not at the top: without a public address nobody needs to write calendars.
        from bot.serving.calendars import Calendars

        return Calendars(self.db)

    def stop(self) -> None:
        """Take no more work, finish what is in flight, close everything."""
        self._stopping.set()
        if self._sockets is not None:
            self._sockets.stop()
        if self._web is not None:
            self._web.stop()
        self._delivery.stop()
        if self._clock.running:
            self._clock.shutdown(wait=True)
        self.db.dispose()

    def work(self) -> int:
        """Do at once what the ticks would do in the next seconds. Returns how much that was."""
        at_once = replace(self._replica, deliver=self._delivery.tick)
        return sum(job.run(at_once) for job in JOBS if job.due)

    def between_deliveries(self) -> AbstractContextManager[None]:
        """While it is held nothing is in flight to Slack."""
        return self._delivery.still()
