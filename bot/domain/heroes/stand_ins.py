"""People who took single days of a week. They keep them when the week's hero or dates change, and lose them when they leave the team."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar.cadence import Dates
from bot.domain.outbox import posts
from models.heroes import HeroSwap, HeroWeek
from models.outbox import Card
from models.teams import Team

TAKEN = HeroSwap.taken_by_id.is_not(None), HeroSwap.ended_at.is_(None)


def without(person_id: str, days: Mapping[str, Any] | None) -> dict[str, Any]:
    """The days that others took, when the week becomes this person's."""
    return {day: each for day, each in (days or {}).items() if each != person_id}


def leave(session: Session, team: Team, person_id: str, since: date, *, today: date, now: datetime) -> None:
    """Somebody left: the days that they took go back to the week's hero, from today on."""
    query = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on > since)
    # All of them, in one order: two people who leave at once wait for each other only one way round.
    for row in session.scalars(query.order_by(HeroWeek.week_on).with_for_update()).all():
        if person_id in row.days.values():
            row.days = {day: each for day, each in row.days.items() if each != person_id or day < today.isoformat()}
    theirs = select(HeroSwap).where(HeroSwap.team_id == team.id, HeroSwap.last_on >= today, *TAKEN)
    for swap in session.scalars(theirs.where(HeroSwap.taken_by_id == person_id)).all():
        _end(session, swap, now)


def rows(session: Session, team: Team, weeks: Sequence[Dates]) -> dict[date | None, HeroWeek]:
    """Who has these weeks, by first day."""
    days = [week.starts_on for week in weeks]
    query = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on.in_(days))
    return {row.week_on: row for row in session.scalars(query.execution_options(populate_existing=True))}


def keep(session: Session, team: Team, weeks: Sequence[Dates], before: Collection[date | None], today: date) -> None:
    """Copy the days that people took into the weeks of a new rhythm, and into the weeks of a hero who replaces one who left.

    `before` are the first days of the weeks that somebody had so far. In those nothing is missing.
    """
    found = rows(session, team, weeks)
    query = select(HeroSwap).where(HeroSwap.team_id == team.id, HeroSwap.last_on >= today, *TAKEN)
    for swap in session.scalars(query.order_by(HeroSwap.id)).all():
        ahead = [date.fromisoformat(day) for day in swap.days if day >= today.isoformat()]
        into = {day: row for day in ahead if (row := found.get(_week_of(weeks, day))) is not None}
        for day, row in into.items():
            if row.week_on not in before or row.week_on != swap.week_on:
                row.days = without(row.person_id, {day.isoformat(): swap.taken_by_id, **row.days})
        if into:
            swap.week_on = into[min(into)].week_on
    session.flush()


def _week_of(weeks: Sequence[Dates], day: date) -> date | None:
    return next((week.starts_on for week in weeks if week.starts_on <= day <= week.ends_on), None)


def end_lost(session: Session, team: Team, *, today: date, now: datetime) -> None:
    """End the swaps of single days in weeks that have no hero any more: nobody has to stand in there."""
    query = select(HeroSwap).where(HeroSwap.team_id == team.id, HeroSwap.last_on >= today, *TAKEN)
    for swap in session.scalars(query).all():
        if swap.days and session.get(HeroWeek, (team.id, swap.week_on), populate_existing=True) is None:
            _end(session, swap, now)


def _end(session: Session, swap: HeroSwap, now: datetime) -> None:
    swap.taken_by_id, swap.taken_at, swap.ended_at, swap.next_at = None, None, now, None
    session.flush()
    posts.redraw(session, Card.HERO_SWAP, swap.id, now=now)
