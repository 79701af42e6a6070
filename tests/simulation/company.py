"""One company, drawn from a seed: its Slack, its bot with several replicas, its people, and the time there."""

import json
import logging
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any
from unittest.mock import patch

from slack_bolt import App, BoltRequest
from slack_sdk.errors import SlackApiError
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from bot.app import build_bolt
from bot.domain.rhythm import next_due
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.platform.settings import Settings
from handlers import errors
from jobs import JOBS, batches, company
from jobs.desks import Desks
from jobs.intake import events
from jobs.job import Job, Replica
from jobs.outbox.delivery import Delivery
from models.base import Base
from models.intake.events import InboundEvent
from models.outbox import Post, PostState
from sandbox.people.person import Person
from sandbox.workspace import Workspace
from sandbox.world import messages, modals, statuses
from sandbox.world.shapes import Request, Response
from tests.simulation.machine import Killed, Machine
from tests.simulation.steps import InThisThread, Later
from tests.simulation.wire import API, Wire, without_network
from tests.simulation.written import Reader, Written
from tests.world import KEY, MANIFEST, PUBLIC_URL

BEGINS = datetime(2026, 7, 8, 7, tzinfo=UTC)  # a Wednesday
REPLICAS = 3
OUTSIDE = (ConnectionError, TimeoutError, SlackApiError)  # Slack's fault, and logged as such
OFTEN = ("aways", "sprints", "retros", "intake", "prompts", "turns", "delivery")
SELDOM = 0.3
INTAKE, DELIVERY = (next(job for job in JOBS if job.name == name) for name in ("intake", "delivery"))
DRY, BETWEEN_MESSAGES, SOON = 30, timedelta(seconds=1.1), timedelta(minutes=1)
KILL_STEPS = 60  # a process that dies does so within so many statements and calls


class Bot:
    """The bot's program for one database. It keeps nothing of what it has done, so that every company can use it."""

    def __init__(self, url: str) -> None:
        self.db = Database(url)
        self.machine = Machine()
        self.machine.watch(self.db.engine)
        self.written = Written()
        self.written.watch(self.db.engine)
        self.slack = Workspace(MANIFEST)
        self.settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            slack_bot_token=self.slack.bot_token,  # type: ignore[arg-type]
            slack_signing_secret=self.slack.signing_secret,  # type: ignore[arg-type]
            slack_api_url=API,
            feedback_keys=KEY,  # type: ignore[arg-type]
            public_url=PUBLIC_URL,
        )
        self.client = Wire(lambda: self.slack, self.machine, self.slack.bot_token)
        self.bolt: App = build_bolt(self.settings, self.db, self.client.auth_test(), self.client)


class _Ear(logging.Handler):
    def __init__(self, company: "Company") -> None:
        super().__init__(logging.ERROR)
        self._company = company

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error is not None and not isinstance(error, OUTSIDE):
            where = _innermost(error)
            self._company.heard.append(f"{record.getMessage()}: {type(error).__name__} {where}")


def _is_by_hand(request: Request) -> bool:
    """Whether somebody reveals notes, or finalizes, before the others have answered."""
    if request.kind != "interactive":
        return False
    body = json.loads(request.payload)
    pressed = [str(action) for action in body.get("actions") or []]
    sent = [str(body["view"].get("callback_id"))] if body["type"] == "view_submission" else []
    return any("reveal" in each or "finalize" in each for each in [*pressed, *sent])


def _innermost(error: BaseException) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"in {trace.tb_frame.f_code.co_qualname}:{trace.tb_lineno}: {error}"[:400] if trace else ""


class Company:
    """Everything of one seed. `dice` is the only chance there is."""

    def __init__(self, bot: Bot, seed: int) -> None:
        self.seed, self.bot, self.db = seed, bot, bot.db
        self.dice = random.Random(seed)  # noqa: S311
        self.moment, self.skew = BEGINS, timedelta(0)
        self.slack = bot.slack = Workspace(MANIFEST, clock=lambda: self.moment.timestamp())
        self.slack.random.seed(seed)
        self.slack.faults.random.seed(seed)
        self.later = self.slack.background = Later(self.slack.clock, self.dice)  # type: ignore[assignment]
        self.slack.raise_on_trouble = False
        self.client = bot.client
        self.history: list[str] = []
        self.heard: list[str] = []
        self.met: Counter[str] = Counter()
        self.requests: list[Request] = []
        self.lost: list[str] = []  # what was acknowledged, and is nowhere
        self.secrets: dict[str, str] = {}  # words of feedback, and who gave it
        self.items = 0  # how many people have planned something before the first step
        self.shared: dict[str, float] = {}  # channels that another company reads, and since when the bot must know it
        self.news = Reader(bot.written)
        self._texts: dict[str, str] = {}  # all that stands in a table
        self.by_hand = False  # whether somebody revealed notes, or finalized, in this step
        self.kill_rate = 0.0
        self.slack.app.connect_function(self._answer)
        self._deliver_one = self.slack.app.deliver
        self.slack.app.deliver = self._deliver  # type: ignore[method-assign]
        self.replicas = [self._replica() for _ in range(REPLICAS)]

    @contextmanager
    def alive(self) -> Iterator[None]:
        """In this block its time is the bot's, and its network is none."""
        ear = _Ear(self)
        root = logging.getLogger()
        with ExitStack() as stack:
            stack.enter_context(without_network(lambda: self.slack, self.bot.machine))
            stack.enter_context(patch.object(clock, "now", self.now))
            stack.enter_context(patch.object(company, "time", SimpleNamespace(sleep=self._sleep)))
            stack.enter_context(patch.object(errors, "threading", SimpleNamespace(Thread=self._thread)))
            level = root.level
            root.addHandler(ear)
            root.setLevel(logging.ERROR)
            try:
                yield
            finally:
                root.removeHandler(ear)
                root.setLevel(level)
                self.slack.app.disconnect()

    # --- time ---------------------------------------------------------------------------------------------------

    def now(self) -> datetime:
        """What the bot's clock shows, which may be a little off."""
        return self.moment + self.skew

    def pass_time(self, wait: timedelta) -> None:
        """Let time pass; Slack clears the statuses that are over."""
        self.moment += wait
        with self.slack.lock:
            statuses.end_the_old(self.slack)

    def next_due(self) -> datetime | None:
        """When the bot has something to do next."""
        with self.db.read() as session:
            return next_due.following(session, self.now())

    def _sleep(self, seconds: float) -> None:
        self.moment += timedelta(seconds=seconds)

    def _thread(self, target: Any, args: Any, **_more: Any) -> SimpleNamespace:
        return SimpleNamespace(start=lambda: self.later.later(0, lambda: target(*args)))

    # --- the bot ------------------------------------------------------------------------------------------------

    def _replica(self) -> Replica:
        vault = Vault(self.bot.settings.vault_keys)
        delivery = Delivery(self.db, self.client, lambda: clock.now(), vault=vault, pool=InThisThread())
        desks = Desks(self.db, self.client, lambda: clock.now())
        return Replica(self.db, self.client, lambda: clock.now(), desks, delivery.tick)

    def start(self) -> None:
        """What a bot does when it starts."""
        company.note_start(self.db, self.client.auth_test(), self.bot.settings)
        company.sync(self.db, self.client, lambda: clock.now())
        events.start(self.db, lambda: clock.now())
        batches.start(self.db, lambda: clock.now())

    def tick(self, job: Job, number: int | None = None, *, may_die: bool = True) -> int:
        """One tick of one job on some replica, which may die over it. Returns how much was done."""
        place = self.dice.randrange(REPLICAS) if number is None else number
        machine = self.bot.machine
        steps = self.dice.randrange(KILL_STEPS) if may_die and self.dice.random() < self.kill_rate else None
        with machine.dying_after(steps):
            try:
                return job.run(self.replicas[place])
            except Killed:
                self.note(f"replica {place} dies in {job.name}")
                self.met["a replica dies"] += 1
                died = True
            except OUTSIDE:
                died = False
            except Exception as error:
                # The clock logs it, and ticks again; whether it may happen at all is a rule's business.
                self.heard.append(f"{job.name} failed: {type(error).__name__} {_innermost(error)}")
                died = False
        if died:
            self.replicas[place] = self._replica()
        return 0

    def work(self, *, may_die: bool = True) -> int:
        """The jobs once, each on some replica, in any order; what is not about the turn or a request only now and then."""
        order = [job for job in JOBS if job.due and (not may_die or job.name in OFTEN or self.dice.random() < SELDOM)]
        self.dice.shuffle(order)
        return sum(self.tick(job, may_die=may_die) for job in order)

    def deliver(self) -> None:
        """What came in is acted on, and what is due is posted, each by some replica."""
        if self.news.is_news("what comes in", InboundEvent):
            self.tick(INTAKE)
        if self.news.is_news("what goes out", Post):
            self.tick(DELIVERY)

    def run_dry(self) -> None:
        """On a good day: what is due within a minute is posted, each channel's messages a little more than a second apart."""
        for _ in range(DRY):
            self.pass_time(BETWEEN_MESSAGES)
            self.later.work()
            if self.tick(DELIVERY, may_die=False):
                continue
            with self.db.read() as session:
                due = session.scalar(select(func.min(Post.due_at)).where(Post.state == PostState.DUE))
            if due is None or due > self.now() + SOON:
                return
            self.pass_time(max(due - self.now(), timedelta(0)))

    def _answer(self, _method: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any], str]:
        steps = self.dice.randrange(KILL_STEPS) if self.dice.random() < self.kill_rate / 2 else None
        with self.bot.machine.dying_after(steps):
            try:
                response = self.bot.bolt.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
                self.bot.machine.step()
            except Killed:
                self.note("what answers dies")
                self.met["what answers dies"] += 1
                return 503, {}, ""
        return response.status, dict(response.headers), response.body

    def _deliver(self, request: Request) -> Response:
        self.requests.append(request)
        self.by_hand = self.by_hand or _is_by_hand(request)
        response = self._deliver_one(request)
        if response.status >= 500 and response.trouble:
            self.met["not acknowledged"] += 1
        return response

    # --- what anybody can look at -----------------------------------------------------------------------------------

    def screens(self) -> Iterator[tuple[str, set[str], str]]:
        """Where something of the bot's stands, who sees it, and what it says."""
        slack = self.slack
        everybody = {each.id for each in slack.store.users.values() if not (each.is_bot or each.deleted)}
        for channel in slack.store.channels.values():
            said = [each for each in channel.messages.values() if each.get("bot_id")]
            seen = {each for each in everybody if messages.may_see(channel, each)}
            yield channel.name or "a DM", seen, "\n".join(f"{each.get('text')} {each.get('blocks')}" for each in said)
        for user_id in everybody:
            whispered = slack.store.ephemerals.get(user_id, [])
            yield "a whisper", {user_id}, "\n".join(f"{each.get('text')} {each.get('blocks')}" for each in whispered)
            views = [*modals.stack(slack, user_id), slack.store.views.get(slack.store.homes.get(user_id, ""))]
            yield "a window or Home", {user_id}, "\n".join(str(view.payload.get("blocks")) for view in views if view)

    def look_for(self, form: str, typed: Mapping[str, str], window: str) -> None:
        """A form with these words was taken: they are stored now, or still in the window, unless they are sealed."""
        if form.startswith("feedback"):
            return
        with self.db.read() as session:
            everything = self.stored(session)
        lines = [line for words in typed.values() for line in words.splitlines()]
        self.lost += [f"{form}: {line!r} is nowhere" for line in lines if line not in everything + window]

    def stored(self, session: Session) -> str:
        """Everything in the database, as one text."""
        for table in Base.metadata.sorted_tables:
            if self.news.is_news(table.name, table):
                rows = session.execute(table.select()).all()
                texts = [str(value) for row in rows for value in row if isinstance(value, (str, list))]
                self._texts[table.name] = "\n".join(texts)
        return "\n".join(self._texts.values())

    # --- what is written down ------------------------------------------------------------------------------------

    def note(self, what: str) -> None:
        """Write down what happened, for whoever looks at a seed that failed."""
        self.history.append(f"{self.moment:%a %d %H:%M:%S} {what}")

    def person(self, name: str) -> Person:
        """Somebody in front of Slack."""
        return self.slack.person(name)
