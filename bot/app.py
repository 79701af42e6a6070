"""The one place where things are put together: settings to database, Slack clients, Bolt app, clock and edge."""

import gc
import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime

from apscheduler.schedulers.background import BackgroundScheduler
from slack_bolt import App, BoltContext, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.web import SlackResponse

from bot import clock
from bot.crypto import Vault
from bot.database import Database
from bot.settings import Settings
from bot.slack import slack_client
from bot.sockets import Sockets
from bot.web import Web
from handlers import (
    actions,
    agreements,
    aways,
    bookings,
    channels,
    comments,
    company,
    company_sprints,
    contexts,
    decisions,
    desks,
    errors,
    feedback,
    feedback_asks,
    feedback_rhythms,
    feedback_rounds,
    following,
    home,
    intake,
    items,
    matches,
    notes,
    nudges,
    outcomes,
    pauses,
    people,
    plans,
    prompts,
    queues,
    requests,
    retros,
    rhythms,
    sprints,
    surface,
    teams,
    trends,
)
from handlers.commands import COMMANDS
from jobs import aways as aways_job
from jobs import company as company_job
from jobs import decisions as decisions_job
from jobs import digests as digests_job
from jobs import feedback as feedback_job
from jobs import feedback_rhythms as feedback_rhythms_job
from jobs import following as following_job
from jobs import home as home_job
from jobs import intake as intake_job
from jobs import nudges as nudges_job
from jobs import pauses as pauses_job
from jobs import people as people_job
from jobs import prompts as prompts_job
from jobs import retros as retros_job
from jobs import sprints as sprints_job
from jobs.delivery import Delivery
from jobs.desks import Desks

FEATURES = (
    sprints.FEATURE,
    plans.FEATURE,
    prompts.FEATURE,
    items.FEATURE,
    comments.FEATURE,
    notes.FEATURE,
    retros.FEATURE,
    actions.FEATURE,
    agreements.FEATURE,
    rhythms.FEATURE,
    aways.FEATURE,
    teams.FEATURE,
    pauses.FEATURE,
    company.FEATURE,
    company_sprints.FEATURE,
    contexts.FEATURE,
    desks.FEATURE,
    home.FEATURE,
    following.FEATURE,
    people.FEATURE,
    channels.FEATURE,
    trends.FEATURE,
    requests.FEATURE,
    feedback.FEATURE,
    feedback_asks.FEATURE,
    feedback_rounds.FEATURE,
    feedback_rhythms.FEATURE,
    nudges.FEATURE,
    intake.FEATURE,
    matches.FEATURE,
    queues.FEATURE,
    bookings.FEATURE,
    decisions.FEATURE,
    outcomes.FEATURE,
)
ANSWER_TIMEOUT_S = 3  # what a handler may wait for Slack; the person's trigger is void after that anyway
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
        raise_error_for_unhandled_request=False,
    )
    app.middleware(_provide(db, client, Vault(settings.vault_keys)))
    app.error(errors.answer)
    surface.register(app, COMMANDS, FEATURES)
    return app


def _provide(db: Database, client: WebClient, vault: Vault) -> Callable[..., BoltResponse | None]:
    def provide(
        context: BoltContext, command: dict[str, str] | None, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Hands listeners what they ask for by name: the database, the vault, who acts, the words after a command's verb."""
        context["db"] = db
        context["client"] = client
        context["vault"] = vault
        context["me"] = context.user_id
        context["argument"] = surface.after_the_first_word(command or {})
        return next_()

    return provide


class Prickle:
    """A running bot: one replica of as many as you like."""

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
        self._desks = Desks(self.db, self.client, lambda: clock.now())
        self._clock = BackgroundScheduler(timezone=UTC)
        self._sockets: Sockets | None = None
        self._web: Web | None = None

    @property
    def port(self) -> int:
        """The port of its HTTP edge, once started."""
        return self._web.port if self._web else 0

    def start(self) -> None:
        """Take work. Raises SlackApiError when Slack does not take the tokens, OSError when the port is taken."""
        identity = self.client.auth_test()
        app = build_bolt(self._settings, self.db, identity, self.client)
        company_job.note_workspace(self.db, str(identity["url"]))
        self._meet_everybody()
        intake_job.start(self.db, self._now)
        token = self._settings.slack_app_token
        self._web = Web(None if token else app, self.db, host=self._settings.host, port=self._settings.port)
        if token is not None:
            self._sockets = Sockets(app, token.get_secret_value())
            self._sockets.start()
        self._web.start()
        self._tick("delivery", self._delivery.pump, seconds=1)
        self._tick("intake", lambda: intake_job.turn(self.db, self.client, self._now), seconds=1)
        self._tick("prompts", lambda: prompts_job.plan(self.db, self._now), seconds=5)
        self._tick("aways", lambda: aways_job.turn(self.db, self._now), seconds=60)
        self._tick("pauses", lambda: pauses_job.end_over(self.db, self._now), seconds=60)
        self._tick("retros", lambda: retros_job.turn(self.db, self._now), seconds=60)
        self._tick("following", lambda: following_job.turn(self.db, self._now), seconds=60)
        self._tick("decisions", lambda: decisions_job.turn(self.db, self._now), seconds=60)
        self._tick("sprints", lambda: sprints_job.close_over(self.db, self._now), seconds=60)
        self._tick("feedback", lambda: feedback_job.turn(self.db, self._now), seconds=2)
        self._tick("feedback_rhythms", lambda: feedback_rhythms_job.turn(self.db, self._now), seconds=60)
        self._tick("home", lambda: home_job.turn(self.db, self.client, self._now), seconds=2)
        self._tick("desks", self._desks.turn, seconds=60)
        self._tick("nudges", lambda: nudges_job.plan(self.db, self._now), seconds=30)
        self._tick("digests", lambda: digests_job.plan(self.db, self._now), seconds=60)
        self._tick("people", self._meet_everybody, seconds=6 * 60 * 60)
        self._clock.start()
        # What is loaded by now stays for good: the garbage collector need not walk through it while somebody waits.
        gc.collect()
        gc.freeze()

    def stop(self) -> None:
        """Take no more work, finish what is in flight, close everything."""
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
        changed = aways_job.turn(self.db, self._now) + pauses_job.end_over(self.db, self._now)
        closed = sprints_job.close_over(self.db, self._now) + retros_job.turn(self.db, self._now)
        changed += feedback_job.turn(self.db, self._now) + feedback_rhythms_job.turn(self.db, self._now)
        changed += intake_job.turn(self.db, self.client, self._now)
        closed += decisions_job.turn(self.db, self._now) + following_job.turn(self.db, self._now)
        changed += closed + prompts_job.plan(self.db, self._now) + self._desks.turn()
        told = nudges_job.plan(self.db, self._now) + digests_job.plan(self.db, self._now)
        told += home_job.turn(self.db, self.client, self._now)
        return changed + told + self._delivery.tick()

    def between_deliveries(self) -> AbstractContextManager[None]:
        """While it is held nothing is in flight to Slack."""
        return self._delivery.still()

    def _tick(self, name: str, job: Callable[[], object], *, seconds: int) -> None:
        # A late tick is as good as one in time: what is due stands in the database.
        self._clock.add_job(
            job, "interval", seconds=seconds, id=name, max_instances=1, coalesce=True, misfire_grace_time=None
        )

    def _meet_everybody(self) -> None:
        try:
            people_job.sync(self.db, self.client, self._now)
        except SlackApiError as error:
            log.warning("Could not read who is in the workspace: %s. Tried again later.", error.response.get("error"))

    @staticmethod
    def _now() -> datetime:
        return clock.now()
