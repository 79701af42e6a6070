"""The schema: bringing it up to date, and telling whether it is."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

import migrations
from bot.database import Database


def upgrade(url: str) -> None:
    """Bring the database to the newest revision. Two replicas may call it at once."""
    command.upgrade(_config(url), "head")


def check(url: str) -> None:
    """Raise alembic's CommandError when the models hold something that no revision makes."""
    command.check(_config(url))


def is_current(db: Database) -> bool:
    """Whether the database is at the newest revision."""
    newest = ScriptDirectory.from_config(_config("")).get_current_head()
    with db.engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest


def _config(url: str) -> Config:
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    # ConfigParser reads a % as the beginning of a reference.
    config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
    return config
