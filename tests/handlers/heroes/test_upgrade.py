"""An upgrade from the version in which a sprint had one hero, whom its lead chose."""

from datetime import date

from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from tests.handlers.heroes.test_heroes import ada_founds_replay, ada_plans, heroes, line
from tests.stories import After
from tests.which import BOTH
from tests.world import World

pytestmark = BOTH
ADDED_SINCE = ("by_rota BOOLEAN NOT NULL DEFAULT FALSE", "days JSON NOT NULL DEFAULT '{}'")


def upgraded(world: World, **chosen: str) -> None:
    """The revision has run, on the tables of the version before it; in these teams' sprints these were heroes."""
    found = [{"hero": world.id(hero), "team": world.team_id(team)} for team, hero in chosen.items()]
    revision = ScriptDirectory("migrations").get_revision("0016")
    with world.db.engine.begin() as connection:
        # Only what this revision has made is undone: those after it stay as they are.
        connection.execute(text("DROP TABLE hero_weeks"))
        for values in found:
            connection.execute(text("UPDATE sprints SET hero_id = :hero WHERE team_id = :team"), values)
        with Operations.context(MigrationContext.configure(connection)):
            revision.module.upgrade()
        for column in ADDED_SINCE:
            connection.execute(text(f"ALTER TABLE hero_weeks ADD COLUMN {column}"))


def test_the_one_hero_of_a_sprint_has_each_of_its_weeks(after: After) -> None:
    world = after(ada_founds_replay, ada_plans)
    world.plan("mia", high="Consumers")
    upgraded(world, Replay="noor", Ingestion="tom")
    with world.db.read() as session:
        found = session.execute(text("SELECT team_id, week_on, person_id FROM hero_weeks ORDER BY team_id, week_on"))
        rows = [(team, date.fromisoformat(str(day)), person) for team, day, person in found]
    replay, ingestion = world.team_id("Replay"), world.team_id("Ingestion")
    assert rows == [
        (replay, date(2026, 7, 13), world.id("noor")),
        (replay, date(2026, 7, 20), world.id("noor")),
        (ingestion, date(2026, 7, 13), world.id("tom")),
    ]
    world.person("noor").command("/sprint away until 10 July")
    assert line(world) == "Noor"


def test_a_sprint_without_a_hero_has_none_afterwards(after: After) -> None:
    world = after(ada_founds_replay, ada_plans)
    upgraded(world)
    assert heroes(world) == {}
    world.plan("lee", high="Player")
    assert line(world) == "nobody yet"


def test_who_has_left_the_team_keeps_the_past_and_is_hero_of_nothing_that_is_open(after: After) -> None:
    world = after(ada_founds_replay, ada_plans)
    upgraded(world, Replay="tom")
    assert heroes(world) == {}
    with world.db.engine.begin() as connection:
        connection.execute(text("UPDATE sprints SET closed_at = created_at"))
    upgraded(world, Replay="tom")
    assert heroes(world) == {"2026-07-13": "tom", "2026-07-20": "tom"}
