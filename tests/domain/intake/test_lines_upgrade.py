"""The messages of requests that were open before the upgrade can be edited and deleted like those after it."""

from datetime import UTC, datetime
from typing import Any

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import MetaData, insert, select

from bot.platform.database import Database
from bot.serving import migrate
from models.intake.events import Line
from tests.which import BOTH

pytestmark = BOTH
NOW = datetime(2026, 7, 13, 8, tzinfo=UTC)
ASKED = {
    "title": "Summarise tickets",
    "text": "Hi\nSummarise tickets",
    "asker_id": "U1",
    "channel_id": "C1",
    "state": "open",
    "waiting_on": "desk",
    "waiting_since": NOW,
    "nudged": 0,
    "created_at": NOW,
}


def test_lines_of_open_requests_are_known_after_the_upgrade(request: pytest.FixtureRequest, database_kind: str) -> None:
    with request.getfixturevalue(f"{database_kind}_databases").new(migrated=False) as url:
        config = migrate._config(url)
        before = ScriptDirectory.from_config(config).get_revision("0022").down_revision
        command.upgrade(config, str(before))
        db = Database(url)
        _ask(db, source="message:C1:1783584000.000100", thread_ts="1783584000.000100")
        _ask(db, source="message:C1:1783584001.000100", thread_ts="1783584001.000100", state="done")
        _ask(db, source="view:V1", thread_ts=None)
        migrate.upgrade(url)
        with db.read() as session:
            (line,) = session.scalars(select(Line))
        db.dispose()

    assert (line.channel_id, line.ts, line.thread_ts, line.person_id) == ("C1", "1783584000.000100", None, "U1")
    assert (line.request_id, line.words, line.is_gone) == (1, "Hi\nSummarise tickets", False)


def _ask(db: Database, **values: Any) -> None:
    metadata = MetaData()
    with db.engine.begin() as connection:
        metadata.reflect(connection, only=["people", "requests"])
        people, requests = metadata.tables["people"], metadata.tables["requests"]
        if connection.execute(select(people.c.id)).first() is None:
            flags = {each.name: False for each in people.c if each.name.startswith("is_")}
            connection.execute(insert(people).values(id="U1", name="Ada", **flags))
        connection.execute(insert(requests).values({**ASKED, **values}))
