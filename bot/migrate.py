"""The schema: bringing it up to date, and telling whether it is."""

import io
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy.exc import OperationalError

import migrations
from bot.database import Database


class SchemaError(Exception):
    """The schema can't be brought up to date, or is not. The message says what to do."""


def upgrade(url: str) -> None:
    """Bring the database to the newest revision. Two replicas may call it at once."""
    try:
        command.upgrade(_config(url), "head")
    except OperationalError as error:
        raise SchemaError(_trouble(error)) from error


def check(url: str) -> None:
    """Raise SchemaError when the models hold something that no revision makes."""
    try:
        command.check(_config(url))
    except CommandError as error:
        raise SchemaError(f"The models and the migrations disagree: {error}") from error


def require_current(url: str) -> None:
    """Raise SchemaError unless the database answers and is at the newest revision."""
    db = Database(url)
    try:
        if not is_current(db):
            raise SchemaError("The database lacks this version's tables. Run `prickle migrate`.")
    except OperationalError as error:
        raise SchemaError(_trouble(error)) from error
    finally:
        db.dispose()


def is_current(db: Database) -> bool:
    """Whether the database has all that this code needs: it is at the newest revision, or at one of a later release."""
    scripts = ScriptDirectory.from_config(_config(""))
    with db.engine.connect() as connection:
        found = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in scripts.walk_revisions()}
    return found is not None and (found == scripts.get_current_head() or found not in known)


def _trouble(error: OperationalError) -> str:
    # The driver's words name the host and the reason, and no password.
    reason = str(error.orig).strip().splitlines()[0]
    if "lock timeout" in reason or "database is locked" in reason:
        return "The database is busy: a table was locked for too long. Nothing was changed; run it again."
    return f"The database does not answer ({reason}). Check DATABASE_URL, and that the database is running."


def _config(url: str) -> Config:
    config = Config(stdout=io.StringIO())  # what there is to say, we say
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    # ConfigParser reads a % as the beginning of a reference.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
