"""How a migration runs: one at a time across replicas, and never waiting long for a lock."""

from collections.abc import Collection, Mapping
from sqlite3 import Connection as SqliteConnection
from typing import Any

from alembic import context
from alembic.runtime.migration import MigrationContext, MigrationInfo
from sqlalchemy import Connection, Engine, create_engine, event, text

from migrations.tables import to_compare

# "prickle" on a phone's keys, shortened to what PostgreSQL takes: two replicas never migrate at once.
LOCK = 7_472_465_353
# A migration that waits for a lock makes everybody behind it wait too: better to fail and try again.
LOCK_TIMEOUT = "4s"
STATEMENT_TIMEOUT = "60s"


def note(ctx: MigrationContext, step: MigrationInfo, heads: Collection[Any], run_args: Mapping[str, Any]) -> None:
    """Tell the command that migrates what was done."""
    context.config.attributes.setdefault("steps", []).append(step.up_revision_id)


def run(connection: Connection) -> None:
    """Bring the schema to where the revisions say."""
    if connection.dialect.name == "postgresql":
        connection.execute(text(f"SET statement_timeout = '{STATEMENT_TIMEOUT}'"))
        connection.commit()
    context.configure(
        connection=connection,
        target_metadata=to_compare(),
        compare_type=True,
        render_as_batch=connection.dialect.name == "sqlite",
        transaction_per_migration=False,
        on_version_apply=note,
        transactional_ddl=True,  # SQLite too takes back half a migration, if it is asked to begin one
    )
    with context.begin_transaction():
        if connection.dialect.name == "postgresql":
            # Who waits here waits for another replica's migration, and may; from then on nobody waits long.
            connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))
            connection.execute(text(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT}'"))
        context.run_migrations()


def one_at_a_time(engine: Engine) -> None:
    """SQLite: whoever migrates holds the write lock from the start, and the next one finds everything done."""

    @event.listens_for(engine, "connect")
    def say_begin_ourselves(connection: SqliteConnection, _record: object) -> None:
        connection.isolation_level = None

    @event.listens_for(engine, "begin")
    def take_the_lock(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


engine = create_engine(context.config.get_main_option("sqlalchemy.url") or "")
if engine.dialect.name == "sqlite":
    one_at_a_time(engine)
try:
    with engine.connect() as only_connection:
        run(only_connection)
finally:
    engine.dispose()
