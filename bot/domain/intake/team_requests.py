"""A team's requests: their cards follow when the team is renamed, merged or closed."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.intake import requests
from bot.domain.outbox import posts
from models.intake.requests import Request


def of_team(session: Session, team_id: int) -> Sequence[int]:
    """The ids of the requests that people of this team asked for it."""
    return session.scalars(select(Request.id).where(Request.team_id == team_id).order_by(Request.id)).all()


def redraw_cards(session: Session, request_ids: Iterable[int], *, now: datetime) -> None:
    """Their team is called something else now, or is another one: have their cards say so."""
    for request_id in request_ids:
        posts.redraw(session, requests.CARD, request_id, now=now)
