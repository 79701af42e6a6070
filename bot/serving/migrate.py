"""The schema: bringing it up to date, and telling whether it is.

Alembic is loaded by whoever changes the schema. Serving only asks how far it is, and starts faster and smaller without.
"""

import io
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import inspect, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

import migrations
from bot.platform.database import Database
from migrations.tables import METADATA

if TYPE_CHECKING:
    from alembic.config import Config


class SchemaError(Exception):
    """The schema can't be brought up to date, or is not. The message says what to do."""


def upgrade(url: str) -> str:
    """Bring the database to the newest revision, and say what is true then. Two replicas may call it at once.

    Tables of a later release are left alone: whoever rolls back starts the old code on them. Raises SchemaError, also when
    they lack something that this code needs.
    """
    from alembic import command
    from alembic.util import CommandError

    config = _config(url)
    steps: list[str] = config.attributes.setdefault("steps", [])
    try:
        command.upgrade(config, "head")
    except DBAPIError as error:
        raise SchemaError(trouble(url, error)) from error
    except CommandError:
        # Asked only now: to look beforehand would meet the lock of another replica that migrates.
        if not _is_of_a_later_release(url):
            raise
        require_current(url)
        return "The database is of a later version, and this one runs on it. Nothing was changed."
    if not steps:
        return "The database is at the newest version already. Nothing was changed."
    done = f"step {steps[0]}" if len(steps) == 1 else f"{len(steps)} steps, {steps[0]} to {steps[-1]}"
    return f"The database is at the newest version: {done} done."


def _is_of_a_later_release(url: str) -> bool:
    db = Database(url)
    try:
        found = _revision(db)
    finally:
        db.dispose()
    return found is not None and found not in revisions()


def check(url: str) -> None:
    """Raise SchemaError when the models hold something that no revision makes. Of later tables there is nothing to say."""
    from alembic import command
    from alembic.util import CommandError

    try:
        command.check(_config(url))
    except CommandError as error:
        if _is_of_a_later_release(url):
            return
        raise SchemaError(f"The models and the migrations disagree: {error}") from error


def require_current(url: str) -> None:
    """Raise SchemaError unless the database answers and is at the newest revision."""
    db = Database(url)
    try:
        wrong = shortcoming(db)
        if wrong is not None:
            raise SchemaError(wrong)
    except DBAPIError as error:
        raise SchemaError(trouble(url, error)) from error
    finally:
        db.dispose()


def is_current(db: Database) -> bool:
    """Whether the database has all that this code needs: it is at the newest revision, or at one of a later release."""
    return shortcoming(db) is None


def shortcoming(db: Database) -> str | None:
    """What the tables lack, and what to do; None when this code can run on them. It changes nothing."""
    found = _revision(db)
    if found is None:
        return "The database has no tables yet: run `prickle migrate`."
    known = revisions()
    if found not in known:
        lacks = _lacks(db)
        return f"The database is of a later version that lacks {lacks}: install that version again." if lacks else None
    if found == known[-1]:
        return None
    return "The database's tables are of an older version: run `prickle migrate`."


def _lacks(db: Database) -> str | None:
    """The first table or column that this code needs and the database has no longer."""
    inspector = inspect(db.engine)
    tables = set(inspector.get_table_names())
    for table in METADATA.sorted_tables:
        there = {column["name"] for column in inspector.get_columns(table.name)} if table.name in tables else set()
        gone = [f"{table.name}.{column.name}" for column in table.columns if column.name not in there]
        if gone:
            return gone[0] if there else table.name
    return None


def revisions() -> list[str]:
    """The revisions that this code knows, the newest last. Each file's name begins with its own."""
    return sorted(file.name.partition("_")[0] for file in (_folder() / "versions").glob("[0-9]*_*.py"))


def _revision(db: Database) -> str | None:
    if db.is_new():
        return None
    with db.engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        found: str | None = connection.scalar(text("SELECT version_num FROM alembic_version"))
        return found


def _folder() -> Path:
    return Path(migrations.__file__).parent


def trouble(url: str, error: DBAPIError) -> str:
    """Why the database can't be used, and what to do. The driver's words name the host and the reason, no password."""
    reason = str(error.orig).strip().splitlines()[0]
    if "lock timeout" in reason or "database is locked" in reason:
        return "The database is busy: a table was locked for too long. Nothing was changed; run it again."
    return f"The database does not answer ({reason}). {_remedy(url)}"


def _remedy(url: str) -> str:
    parts = make_url(url)
    if parts.get_backend_name() != "sqlite":
        return "Check DATABASE_URL, and that the database is running."
    file = Path(parts.database or "")
    if not file.parent.is_dir():
        return f"The folder {file.parent} is not there: make it, or change DATABASE_URL."
    return f"{file} is no SQLite database, or Prickle may not write in its folder: check DATABASE_URL."


def _config(url: str) -> "Config":
    from alembic.config import Config

    config = Config(stdout=io.StringIO())  # what there is to say, we say
    config.set_main_option("script_location", str(_folder()))
    # ConfigParser reads a % as the beginning of a reference.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
