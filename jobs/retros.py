"""Retros whose time has come: revealed at their hour, and closed by themselves some days later."""

from collections.abc import Callable
from datetime import datetime

from bot.database import Database
from bot.domain import retros


def turn(db: Database, now: Callable[[], datetime]) -> None:
    """Reveal and close what is due, a few in each transaction."""
    for step in (retros.reveal_due, retros.close_due):
        while True:
            with db.begin() as session:
                if not step(session, now=now()):
                    break
