"""From the version before the turn to this one: what was asked goes on, and nobody is asked twice or forgotten.

`samples/version_0014.json` was written by that version itself: its tables and its Slack at three moments of a team's life,
on the Wednesday of a sprint, on its last Friday once marks were asked for, and on the Monday after with an open plan.
"""

import json
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from freezegun.api import FrozenDateTimeFactory
from sqlalchemy import JSON, Boolean, Date, DateTime, MetaData, Time, delete, insert, select, text, update
from sqlalchemy.exc import IntegrityError

from bot.platform.database import Database
from bot.serving import migrate
from models.company import Person
from models.outbox import Post
from models.retros import MeToo, Note, Retro
from models.rhythm import Notice
from models.sprints import Sprint
from models.teams import Team
from sandbox.server import Server
from sandbox.workspace import Workspace
from sandbox.world import persistence
from tests.which import BOTH
from tests.world import MANIFEST, Bot, World

pytestmark = BOTH
SAMPLE = Path(__file__).parent / "samples" / "version_0014.json"


def restored(kind: Any, value: Any) -> Any:
    """A value of the sample as a database's driver takes it."""
    if isinstance(kind, Boolean):
        return bool(value)
    if isinstance(kind, JSON):
        return json.loads(value) if isinstance(value, str) else value
    readers = {DateTime: datetime.fromisoformat, Date: date.fromisoformat, Time: time.fromisoformat}
    return next((read(value) for of, read in readers.items() if isinstance(kind, of)), value)


def fill(db: Database, tables: dict[str, list[dict[str, Any]]]) -> None:
    """Write the rows of the sample into a database of that version."""
    metadata = MetaData()
    with db.engine.begin() as connection:
        metadata.reflect(connection)
        connection.execute(delete(metadata.tables["company"]))  # a revision made the row
        for table in metadata.sorted_tables:
            rows = [
                {name: restored(table.c[name].type, value) for name, value in row.items()}
                for row in tables.get(table.name, [])
            ]
            for row in rows:
                connection.execute(insert(table).values(row))
            if (
                rows
                and "id" in table.c
                and connection.dialect.name == "postgresql"
                and table.c.id.autoincrement is True
            ):
                last = text(f"SELECT setval(pg_get_serial_sequence('{table.name}', 'id'), max(id)) FROM {table.name}")  # noqa: S608
                connection.execute(last)


class Upgrades:
    """Worlds as that version left them, on this version's tables."""

    def __init__(self, databases: Any, server: Server, hands: FrozenDateTimeFactory, stack: ExitStack) -> None:
        self._databases, self._server, self._hands, self._stack = databases, server, hands, stack

    def on(self, moment: str) -> World:
        """The world on this day of the sample, right after the upgrade."""
        sample = json.loads(SAMPLE.read_text())[moment]
        url = self._stack.enter_context(self._databases.new(migrated=False))
        command.upgrade(migrate._config(url), "0014")
        db = Database(url)
        fill(db, sample["tables"])
        migrate.upgrade(url)
        now = datetime.fromisoformat(sample["now"])
        self._hands.move_to(now.replace(tzinfo=None))
        with db.begin() as session:  # the database's own clock does not stand still
            session.execute(update(Notice).values(since=now))
            session.execute(update(Team).where(Team.next_at > now + timedelta(days=30)).values(next_at=now))
        slack = Workspace(MANIFEST)
        slack.store = persistence.restore(sample["slack"])
        self._server.workspace = slack
        world = self._stack.enter_context(World(slack, Bot(slack, self._server, db), self._hands))
        self._stack.callback(db.dispose)
        self._stack.callback(slack.close)
        self._stack.callback(slack.app.disconnect)
        return world


@pytest.fixture
def upgraded(
    request: pytest.FixtureRequest, database_kind: str, slack_server: Server, hands: FrozenDateTimeFactory
) -> Iterator[Upgrades]:
    with ExitStack() as stack:
        databases = request.getfixturevalue(f"{database_kind}_databases")
        yield Upgrades(databases, slack_server, hands, stack)


NAMES = ("ada", "lee", "noor")
COMING = "27 July–7 August"


def asked(world: World, name: str) -> list[str]:
    """What somebody was sent, by the first words."""
    world.post()
    return [message["text"] for message in world.person(name).dms]


def message(world: World, name: str, action_id: str) -> dict[str, Any]:
    """The newest message to somebody that has this button."""
    world.post()
    return next(each for each in reversed(world.person(name).dms) if f"'{action_id}'" in str(each["blocks"]))


def press(world: World, name: str, action_id: str) -> None:
    """Press an old button, in the newest message that has it."""
    world.person(name).click(action_id, message=message(world, name, action_id))
    world.post()


def retro(world: World) -> Retro:
    """The retro of the sprint that ends."""
    with world.db.read() as session:
        return session.scalars(select(Retro).order_by(Retro.id)).first() or Retro()


def sent(world: World, card: str, starts_on: str = "2026-07-27") -> list[str]:
    """To whom this was sent about the sprint that begins on this day, by name."""
    with world.db.read() as session:
        query = select(Person.name).join(Post, Post.channel_id == Person.id).join(Sprint, Sprint.id == Post.subject_id)
        of = Post.card == card, Sprint.starts_on == date.fromisoformat(starts_on), Post.message_ts.is_not(None)
        return list(session.scalars(query.where(*of).order_by(Person.name)))


def live_asks(world: World, name: str) -> int:
    """How many messages still ask somebody to answer the turn."""
    return sum("'prompt_again'" in str(each["blocks"]) for each in world.person(name).dms)


# --- in the middle of a sprint ------------------------------------------------------------------------------------


def test_a_sprint_that_runs_comes_to_its_turn_and_an_old_check_can_be_marked(upgraded: Upgrades) -> None:
    world = upgraded.on("wednesday")
    press(world, "ada", "prompt_mark_1_finished")
    before = {name: len(asked(world, name)) for name in NAMES}
    world.go_to("2026-07-24 08:00:00")
    assert {name: len(asked(world, name)) - before[name] for name in NAMES} == dict.fromkeys(NAMES, 1)
    assert "🟢 Timeline\n⚪ Changelog" in asked(world, "ada")[-1]
    assert "Me too* takes the place of votes" in asked(world, "ada")[-1], "the lead had chosen votes, and is told once"
    assert "Me too" not in asked(world, "noor")[-1]
    assert "not on Wednesdays any more" in asked(world, "lee")[-1], "Lee wanted to be asked"
    world.go_to("2026-07-27 07:00:00")
    world.go_to("2026-07-27 09:01:00")
    assert "Me too* takes the place" not in asked(world, "ada")[-2]
    assert sent(world, "reminder") == ["Ada", "Lee", "Noor"]
    assert sent(world, "lead") == ["Ada"]
    assert "Nobody is asked about feedback on Wednesdays any more." in asked(world, "ada")[-1]
    assert retro(world).revealed_at is not None


def test_nobody_is_asked_on_wednesdays_any_more_and_the_old_question_says_so(upgraded: Upgrades) -> None:
    world = upgraded.on("wednesday")
    press(world, "lee", "feedback_rhythm_not_now")
    for moment in ("2026-07-29 12:00:00", "2026-08-05 12:00:00"):
        world.go_to(moment)
    assert sum("Whom could you tell" in text for text in asked(world, "lee")) == 2, "the two of the version before"
    assert not any("Anyone you have feedback for?" in text for text in asked(world, "lee")), "not now"


# --- once marks were asked for ------------------------------------------------------------------------------------


def test_on_the_last_friday_nobody_is_asked_again_and_old_buttons_answer(upgraded: Upgrades) -> None:
    world = upgraded.on("friday")
    before = {name: len(asked(world, name)) for name in NAMES}
    world.go_to("2026-07-24 12:10:00")
    assert {name: len(asked(world, name)) for name in NAMES} == before
    press(world, "ada", "prompt_mark_2_finished")
    press(world, "ada", "prompt_again")
    assert f"Your plan for *Replay, {COMING}* is in." in str(world.person("ada").dms)
    assert retro(world).revealed_at is None, "Noor has not answered"
    card = world.card("team-replay", COMING)["text"]
    assert "Timeline" in card
    assert "Changelog" not in card
    press(world, "noor", "retro_nothing")
    assert retro(world).revealed_at is None, "that was about the retro, and not about what comes next"
    noor = world.person("noor")
    noor.click("plan_write", message=message(world, "noor", "plan_write"))
    assert noor.submit(high="Third frame") == {}
    noor.close_all()
    world.post()
    assert retro(world).revealed_at is not None
    press(world, "ada", "plan_finalize")
    assert world.person("ada").submit(direction="Speed first.") == {}
    assert "Third frame" in world.card("team-replay", "Speed first")["text"]
    assert {name: len(asked(world, name)) for name in NAMES} == before, "all of it in the messages that were there"


def test_from_the_last_friday_on_the_turn_ends_by_itself(upgraded: Upgrades) -> None:
    world = upgraded.on("friday")
    world.go_to("2026-07-24 12:10:00")
    for moment in ("2026-07-24 16:00:00", "2026-07-27 07:00:00", "2026-07-27 08:59:00"):
        world.go_to(moment)
        assert retro(world).revealed_at is None
    world.go_to("2026-07-27 09:01:00")
    assert retro(world).revealed_at is not None
    assert (sent(world, "turn"), sent(world, "reminder"), sent(world, "lead")) == ([], ["Ada", "Noor"], ["Ada"])
    assert all(live_asks(world, name) <= 1 for name in NAMES)
    world.go_to("2026-07-28 07:30:00")
    world.go_to("2026-07-29 16:01:00")
    assert retro(world).closed_at is not None
    card = world.card("team-replay", COMING)["text"]
    assert all(title in card for title in ("Timeline", "Changelog", "First frame", "Second frame"))
    assert "Not finalized" in card
    world.go_to("2026-08-07 08:00:00")
    assert sent(world, "turn", "2026-08-10") == ["Ada", "Lee", "Noor"]
    assert "⚪ Timeline" in asked(world, "ada")[-1]


# --- with an open plan --------------------------------------------------------------------------------------------


def test_on_the_monday_after_the_old_nudge_still_finalizes(upgraded: Upgrades) -> None:
    world = upgraded.on("monday")
    before = {name: len(asked(world, name)) for name in NAMES}
    world.go_to("2026-07-27 07:40:00")
    assert {name: len(asked(world, name)) for name in NAMES} == before
    press(world, "ada", "plan_finalize")
    assert world.person("ada").submit(direction="Speed first.") == {}
    world.post()
    assert retro(world).revealed_at is not None, "the notes are revealed first, in the same act"
    for moment in ("2026-07-27 09:01:00", "2026-07-28 07:30:00", "2026-07-29 16:01:00"):
        world.go_to(moment)
    assert {name: len(asked(world, name)) for name in NAMES} == before
    assert "is final" in asked(world, "ada")[-1]
    assert retro(world).closed_at is not None


def test_on_the_monday_after_somebody_off_is_waited_for_no_more(upgraded: Upgrades) -> None:
    world = upgraded.on("monday")
    world.go_to("2026-07-27 07:40:00")
    press(world, "noor", "prompt_off")
    press(world, "ada", "prompt_again")
    assert retro(world).revealed_at is not None
    assert sent(world, "lead") == ["Ada"]
    assert "Off: Noor" in str(world.card("team-replay", COMING)["blocks"])


# --- with notes of 500 characters at most -------------------------------------------------------------------------


def test_notes_take_more_than_before_and_keep_all_that_hangs_on_them(
    request: pytest.FixtureRequest, database_kind: str
) -> None:
    tables = json.loads(SAMPLE.read_text())["monday"]["tables"]
    (note,) = tables["notes"]
    tables["me_toos"] = [{"note_id": note["id"], "person_id": "U000001002"}]
    with request.getfixturevalue(f"{database_kind}_databases").new(migrated=False) as url:
        command.upgrade(migrate._config(url), "0014")
        db = Database(url)
        fill(db, tables)
        migrate.upgrade(url)
        with db.begin() as session:
            assert session.execute(select(MeToo.note_id, MeToo.person_id)).all() == [(note["id"], "U000001002")]
            session.execute(update(Note).values(text="x" * 1_000))
        with db.read() as session, pytest.raises(IntegrityError):
            session.execute(update(Note).values(side="none"))
        db.dispose()
