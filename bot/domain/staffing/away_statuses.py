"""Reads from Slack statuses who is away."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, periods
from bot.domain.company.people import Profile, Status
from bot.domain.staffing import away_phrases, aways
from models.company import Away, AwaySource, Person


def says_away(status: Status, now: datetime) -> bool:
    """Whether a Slack status means that somebody is away, and is not over."""
    is_over = status.ends_at is not None and status.ends_at <= now
    return not is_over and away_phrases.says_away(status.emoji, status.text)


def heard(session: Session, profiles: Iterable[Profile], *, now: datetime) -> None:
    """Take down whose Slack status says that they are away, and until when. `people.sync` has met them before."""
    known = sorted((each for each in profiles if not each.is_bot), key=lambda each: each.id)
    of_these = Person.id.in_([each.id for each in known])
    gone = set(session.scalars(select(Person.id).where(of_these, Person.is_gone)))
    if gone:
        session.execute(delete(Away).where(Away.person_id.in_(gone)))
    query = select(Away).where(Away.person_id.in_([each.id for each in known]), Away.source == AwaySource.STATUS)
    rows = {away.person_id: away for away in session.scalars(query.order_by(Away.person_id).with_for_update())}
    changed, back = [], []
    for profile in known:
        away = rows.get(profile.id)
        if profile.id not in gone and says_away(profile.status, now):
            if _is_news(away, profile.status):
                changed.append(profile.id)
                starts_at = now if away is None or periods.is_over(away) else away.starts_at
                aways.write(session, profile.id, AwaySource.STATUS, starts_at, profile.status.ends_at, now)
        elif away is not None and _end(away, now):
            back.append(profile.id)
    session.flush()
    aways.redraw(session, [*changed, *back], now)
    aways.welcome(session, [(person_id, now) for person_id in back], cadence.MORNING, now)


def _is_news(away: Away | None, status: Status) -> bool:
    if away is None:
        return True
    return not away.ignored and (periods.is_over(away) or away.ends_at != status.ends_at)


def _end(away: Away, now: datetime) -> bool:
    """Take down that the status was cleared. False where that ends nothing: one whose end was known ends by itself."""
    away.ignored = False
    if periods.is_over(away) or (away.ends_at is not None and away.ends_at <= now):
        return False
    away.ends_at, away.next_at = now, None
    return True
