"""Keeps what Slack says of the workspace."""

from bot.database import Database
from bot.domain import company


def note_workspace(db: Database, url: str) -> None:
    """Write down where the workspace is: links to messages begin with it."""
    with db.begin() as session:
        company.note_workspace(session, url)
