"""Who is away right now."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Select, or_, select
from sqlalchemy.orm import Session

from models.company import Away


def away_at(session: Session, person_ids: Iterable[str], now: datetime) -> set[str]:
    """Who of these people is away at this moment."""
    return set(session.scalars(_away(now).where(Away.person_id.in_(set(person_ids)))))


def is_away(session: Session, person_id: str, now: datetime) -> bool:
    """Whether this person is away at this moment."""
    return person_id in away_at(session, [person_id], now)


def _away(now: datetime) -> Select[str]:
    return select(Away.person_id).where(Away.starts_at <= now, or_(Away.ends_at.is_(None), Away.ends_at > now))
