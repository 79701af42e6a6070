"""A small world to tell stories in: people in a sandbox Slack, and the bot behind signed requests."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from typing import Any, Self, TypeVar

from freezegun.api import FrozenDateTimeFactory
from pydantic import SecretStr
from slack_bolt import App, BoltRequest
from sqlalchemy import func, select, update

from bot.app import ANSWER_TIMEOUT_S, POST_TIMEOUT_S, build_bolt
from bot.domain.sprints import pages
from bot.platform import clock
from bot.platform.crypto import Vault
from bot.platform.database import Database
from bot.platform.settings import Settings
from bot.platform.slack import slack_client
from bot.serving.manifest import manifest
from handlers import FEATURES
from handlers.commands import COMMANDS
from jobs import JOBS, company, feedback
from jobs.desks import Desks
from jobs.intake import events, sweeping
from jobs.job import Replica
from jobs.outbox.delivery import Delivery
from models.company import Person
from models.outbox import Post, PostState
from models.sprints import Item
from models.teams import Customer, Membership, Move, Team
from sandbox.app import payloads
from sandbox.people.person import Person as Human
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import modals

MANIFEST = manifest(COMMANDS, FEATURES)
T = TypeVar("T")
KEY = "aSBhbSB0aGUga2V5IG9mIGFsbCBvZiB0aGUgdGVzdHM="  # Fernet's: 32 bytes
PUBLIC_URL = "https://prickle.example"
DIGEST = "Requests to the AI team"
PEOPLE = ("ada", "lee", "noor", "sam", "mia", "tom", "yuki", "ivy")


def of_another_window(submission: dict[str, Any]) -> dict[str, Any]:
    """The same words, sent from a form that was opened a second time."""
    return {**submission, "view": {**submission["view"], "id": "V0ANOTHER"}}


class Bot:
    """The bot as it is put together for one database and one Slack. It keeps nothing of what it has done."""

    def __init__(self, slack: Workspace, server: Server, db: Database) -> None:
        self.db = db
        self.settings = Settings(
            _env_file=None,  # type: ignore[call-arg]
            slack_bot_token=slack.bot_token,  # type: ignore[arg-type]
            slack_signing_secret=slack.signing_secret,  # type: ignore[arg-type]
            slack_api_url=server.api_url,
            feedback_keys=KEY,  # type: ignore[arg-type]
            public_url=PUBLIC_URL,
        )
        self.client = slack_client(self.settings, timeout_s=ANSWER_TIMEOUT_S)
        self.bolt = build_bolt(self.settings, db, self.client.auth_test(), self.client)


class World:
    """The sandbox Slack, the database and the bot between them."""

    def __init__(self, slack: Workspace, bot: Bot, hands: FrozenDateTimeFactory) -> None:
        self.slack = slack
        # The bot's clock is moved by the tests and Slack's runs on: a test of the limits moves both and turns them on.
        slack.enforce_rate_limits = False
        self.db = bot.db
        self.hands = hands
        self.settings, self.client, self._bolt = bot.settings, bot.client, bot.bolt
        self.desks = Desks(self.db, self.client, clock.now)
        self.replica_of_jobs = Replica(self.db, self.client, clock.now, self.desks, deliver=lambda: 0)
        self.deliveries = [self._delivery()]
        slack.app.connect_function(self._answer)

    def run_with(self, *, feedback_keys: str | None) -> None:
        """Start the bot anew, with other keys or none."""
        secret = SecretStr(feedback_keys) if feedback_keys else None
        self.settings = self.settings.model_copy(update={"feedback_keys": secret})
        for delivery in self.deliveries:
            delivery.stop()
        self.deliveries = [self._delivery()]
        self._bolt = build_bolt(self.settings, self.db, self.client.auth_test(), self.client)

    def settle_in(self) -> None:
        """Fill a new workspace with people and channels, and have the bot read who is there."""
        for name in PEOPLE:
            self.slack.add_user(
                name,
                real_name=f"{name.capitalize()} Kern",
                display_name=name.capitalize(),
                handle=f"{name}.kern",
                tz="Europe/Berlin",
                is_admin=name == "ivy",
            )
        for name in ("team-replay", "team-ingestion", "sprints", "team-posthog-ai"):
            self.slack.add_channel(name, members=[self.slack.user(each).id for each in PEOPLE])
        self.slack.add_emoji("retro", "🔄")
        company.note_start(self.db, self.client.auth_test(), self.settings)
        company.sync(self.db, self.client, clock.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_error: object) -> None:
        for delivery in self.deliveries:
            delivery.stop()

    def _delivery(self) -> Delivery:
        client = slack_client(self.settings, timeout_s=POST_TIMEOUT_S)
        return Delivery(self.db, client, clock.now, vault=Vault(self.settings.vault_keys))

    def replica(self) -> Delivery:
        """One more process that delivers."""
        self.deliveries.append(self._delivery())
        return self.deliveries[-1]

    def _answer(self, _method: str, headers: dict[str, str], body: bytes) -> tuple[int, dict[str, Any], str]:
        response = self._bolt.dispatch(BoltRequest(body=body.decode(), headers=dict(headers)))
        return response.status, dict(response.headers), response.body

    @property
    def bolt(self) -> App:
        """The app behind the requests, to serve it as it is served."""
        return self._bolt

    def person(self, name: str) -> Human:
        """Somebody in front of Slack."""
        return self.slack.person(name)

    def id(self, name: str) -> str:
        """Somebody's or some channel's id."""
        return self.slack.user(name).id if name in PEOPLE else self.slack.channel(name).id

    def go_to(self, moment: str) -> None:
        """Move the clock to a moment, in UTC, and let everything happen that is due then."""
        self.hands.move_to(moment)
        for job in JOBS:
            if job.due and job.name not in ("intake", "delivery"):  # in `post`, as long as there is something to do
                job.run(self.replica_of_jobs)
        self.post()

    def post(self) -> None:
        """Let the outbox run dry, a second at a time, as fast as one message a second and channel allows."""
        events.act(self.db, self.client, clock.now)
        while True:
            if any(delivery.tick() for delivery in self.deliveries):
                self.hands.tick(timedelta(seconds=1, milliseconds=1))
            elif feedback.turn(self.db, clock.now):
                continue
            elif soon := self._page_due_at():
                self.hands.move_to(soon)
            else:
                return

    def sweep(self) -> int:
        """Have the intake channel read, if it is time, and everything happen that follows."""
        swept = sweeping.sweep(self.db, self.client, clock.now)
        self.post()
        return swept

    def _page_due_at(self) -> datetime | None:
        """Until when the company's page waits for what else may change on it in the next seconds."""
        soon = clock.now() + pages.TOGETHER
        query = select(func.min(Post.due_at)).where(
            Post.card == pages.CARD, Post.state == PostState.DUE, Post.claimed_until.is_(None)
        )
        with self.db.read() as session:
            return session.scalar(query.where(Post.due_at > clock.now(), Post.due_at <= soon))

    def texts(self, channel: str, thread_ts: str | None = None) -> list[str]:
        """What the bot's messages in a channel, or in a thread, say."""
        self.post()
        bot = self.slack.bot_user_id
        return [
            message["text"]
            for message in self.slack.messages(channel, thread_ts)
            if message.get("user") == bot and "subtype" not in message
        ]

    def card(self, channel: str, containing: str = "") -> dict[str, Any]:
        """The newest of the bot's messages in a channel that say this; a digest, which names everything, left out."""
        self.post()
        said = [message for message in self.slack.messages(channel) if containing in str(message.get("text"))]
        return [message for message in said if DIGEST not in str(message.get("text")) or DIGEST in containing][-1]

    def team(self, lead: str, *members: str, name: str = "Replay", weeks: int = 2, weekday: int = 0) -> None:
        """Found a team through Slack, as its lead."""
        founder = self.person(lead)
        founder.command("/small-team create")
        errors = founder.submit(
            name=name,
            area="Session replay: quality, usage, revenue",
            customer_kind="external",
            customer="Product engineers",
            channel=self.id(f"team-{name.lower()}"),
            lead=self.id(lead),
            members=[self.id(member) for member in members],
            zone="Europe/Berlin",
            sprint_weeks=str(weeks),
            start_weekday=str(weekday),
        )
        assert errors == {}
        founder.close_all()

    @property
    def url(self) -> str:
        """Where the database is, for another process."""
        return self.db.engine.url.render_as_string(hide_password=False)

    def meet(self) -> None:
        """Have the bot read who is in the workspace."""
        company.sync(self.db, self.client, clock.now)

    def at_once(self, *acts: Callable[[], T]) -> list[T]:
        """Do several things in the same moment, each in a thread of its own."""
        gate = threading.Barrier(len(acts))

        def act(number: int) -> T:
            gate.wait(timeout=5)
            return acts[number]()

        with ThreadPoolExecutor(len(acts)) as pool:
            return list(pool.map(act, range(len(acts))))

    def team_id(self, name: str) -> int:
        """A team's id."""
        with self.db.read() as session:
            return session.scalars(select(Team.id).where(Team.name == name)).one()

    def members(self, name: str) -> list[str]:
        """The names of a team's members, in alphabetical order."""
        with self.db.read() as session:
            query = select(Person.name).join(Membership).join(Team).where(Team.name == name).order_by(Person.name)
            return list(session.scalars(query))

    def moves(self, name: str) -> list[tuple[str | None, str | None]]:
        """Where somebody came from and went to, by the names of teams, earliest first."""
        with self.db.read() as session:
            names = {team.id: team.name for team in session.scalars(select(Team))}
            moves = session.scalars(select(Move).where(Move.person_id == self.id(name)).order_by(Move.id))
            return [(names.get(move.from_team_id or 0), names.get(move.to_team_id or 0)) for move in moves]

    def many_teams(self, count: int) -> None:
        """Found so many empty teams without going through Slack."""
        with self.db.begin() as session:
            for number in range(count):
                team = Team(name=f"Number {number:03}", name_key=f"number {number:03}", channel_id=f"C{number:09}")
                team.area, team.customer_kind, team.customer = "an area", Customer.INTERNAL, "everybody"
                team.zone, team.sprint_weeks = "UTC", 1
                team.anchor_on, team.created_at = clock.now().date(), clock.now()
                session.add(team)

    def set_up(self) -> None:
        """Set the company up, as its admin."""
        admin = self.person("ivy")
        admin.command("/prickle setup")
        assert (
            admin.submit(
                sprint_channel=self.id("sprints"), intake_channel=self.id("team-posthog-ai"), zone="Europe/Berlin"
            )
            == {}
        )
        admin.close_all()

    def plan(self, name: str, *, high: str = "", side: str = "", **fields: Any) -> None:
        """Send somebody's plan through Slack."""
        person = self.person(name)
        person.command("/sprint plan")
        assert person.submit(high=high, side=side, **fields) == {}
        person.close_all()

    def mark(self, name: str, title: str, choice: str) -> None:
        """Mark somebody's item in the overview, by the words of the choice."""
        person = self.person(name)
        person.command("/sprint")
        view = person.view or {}
        section = next(b for b in view["blocks"] if title in b.get("text", {}).get("text", "") and "accessory" in b)
        option = next(o for o in section["accessory"]["options"] if choice in o["text"]["text"])
        person.click(section["accessory"]["action_id"], select=option["value"])

    def item_id(self, title: str) -> int:
        """The id of the newest item of this title."""
        with self.db.read() as session:
            return max(session.scalars(select(Item.id).where(Item.title == title)))

    def first_item_id(self, title: str) -> int:
        """The id of the oldest item of this title."""
        with self.db.read() as session:
            return min(session.scalars(select(Item.id).where(Item.title == title)))

    def mark_of(self, title: str, mark: str) -> None:
        """Set an item's mark behind everybody's back."""
        with self.db.begin() as session:
            session.execute(update(Item).where(Item.title == title).values(mark=mark))

    def submission(self, name: str) -> dict[str, Any]:
        """The payload that Slack sends when somebody submits the top view, to send it more than once."""
        user = self.slack.user(name)
        return payloads.submission(self.slack, user, modals.stack(self.slack, user.id)[-1])

    def press(self, name: str, action_id: str, choice: str | None) -> dict[str, Any]:
        """The payload that Slack sends when somebody presses something in the top view, to forge or repeat it."""
        user = self.slack.user(name)
        view = modals.stack(self.slack, user.id)[-1]
        element = next(
            each
            for block in view.payload["blocks"]
            for each in [*block.get("elements", []), block.get("accessory") or {}]
            if each.get("action_id") == action_id
        )
        action = {key: element[key] for key in ("type", "action_id", "value") if key in element}
        if choice is not None:
            options = [option for option in element["options"] if option["value"].endswith(choice)]
            action["selected_option"] = options[0]
        return payloads.view_actions(self.slack, user, view, action)

    def forge_press(self, name: str, message: dict[str, Any], action: dict[str, Any]) -> None:
        """Deliver a press in a message that Slack would not send: with another value, or after the button was gone."""
        user = self.slack.user(name)
        channel = next(each for each in self.slack.store.channels.values() if message["ts"] in each.messages)
        self.slack.deliver("interactive", payloads.message_actions(self.slack, user, channel, message, {}, action))

    def choice(self, name: str, block_id: str, value: str) -> dict[str, Any]:
        """The payload that Slack sends when somebody picks something in a form that tells each choice at once."""
        user = self.slack.user(name)
        view = modals.stack(self.slack, user.id)[-1]
        block = next(each for each in view.payload["blocks"] if each.get("block_id") == block_id)
        element = block["element"]
        option = next(each for each in element["options"] if each["value"] == value)
        action = {"type": element["type"], "action_id": element["action_id"], "block_id": block_id}
        payload = payloads.view_actions(self.slack, user, view, {**action, "selected_option": option})
        payload["view"]["state"]["values"][block_id][element["action_id"]]["selected_option"] = option
        return payload

    def order(self, name: str, high: Sequence[int] | None) -> None:
        """In the form that makes a plan final, choose the places of these items, and make the others side quests."""
        lead = self.person(name)
        if high is None:
            return
        rows = [block["accessory"] for block in (lead.view or {})["blocks"] if "place_" in str(block.get("block_id"))]
        for row in rows:
            item_id = int(row["action_id"].rpartition("_")[2])
            if item_id not in high and row["initial_option"]["value"] != "side":
                lead.click(row["action_id"], select="side")
        for place, item_id in enumerate(high, start=1):
            lead.click(f"place_{item_id}", select=str(place))

    def finalize(
        self, name: str, direction: str = "Playback first.", high: Sequence[str] | None = None, **fields: Any
    ) -> None:
        """Finalize the plan through Slack, as its lead; `high` are the ids of what matters most, in order."""
        lead = self.person(name)
        lead.command("/sprint finalize")
        self.order(name, [int(each) for each in high] if high is not None else None)
        assert lead.submit(direction=direction, **fields) == {}
        lead.close_all()
