"""What the clock does about swaps: it keeps their messages true, and asks for heroes who are away in their own week."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.domain.calendar import cadence
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.periods import Span
from bot.domain.heroes import heroes, swaps
from bot.domain.outbox import posts
from bot.domain.teams import teams
from models.company import Person
from models.heroes import HeroSwap, HeroWeek
from models.teams import Team

OFFERED = timedelta(days=14)  # before a week begins whose hero is away in it


@dataclass(frozen=True)
class Swap:
    """What the message in the channel says. `days` are none for the whole week, `left` the days until the first of them."""

    id: int
    by: str
    week: Dates
    days: Sequence[date]
    why: str | None
    taken_by: str | None
    ended: bool
    over: bool
    left: int


def shown(session: Session, swap_id: int, *, now: datetime) -> Swap:
    """What the message says now."""
    swap = swaps.load(session, swap_id)
    team = teams.get(session, swap.team_id)
    today = cadence.local_date(now, team.zone)
    days = [date.fromisoformat(day) for day in swap.days]
    return Swap(
        id=swap.id,
        by=swap.by.name,
        week=swaps.week_of(swap),
        days=days,
        why=swap.why,
        taken_by=swap.taken_by.name if swap.taken_by is not None else None,
        ended=swap.ended_at is not None,
        over=swap.last_on < today,
        left=(min(days, default=swap.week_on) - today).days,
    )


def open_ones(session: Session, team_id: int) -> dict[date, HeroSwap]:
    """What people of a team ask for, by the first day of the week."""
    query = select(HeroSwap).where(HeroSwap.team_id == team_id, *swaps.IS_OPEN)
    return {swap.week_on: swap for swap in session.scalars(query)}


def say_again(session: Session, *, now: datetime) -> int:
    """Draw the messages anew of which it is time. Returns how many."""
    query = select(HeroSwap).where(HeroSwap.next_at <= now).order_by(HeroSwap.id).limit(100)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    for swap in found:
        swap.next_at = swaps.next_at(swap, session.get_one(Team, swap.team_id), now)
        posts.redraw(session, swaps.CARD, swap.id, now=now)
    return len(found)


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether it is time for one of them."""
    return session.scalar(select(HeroSwap.id).where(HeroSwap.next_at <= now).limit(1)) is not None


def offer_for_the_away(session: Session, team: Team, coming: Sequence[Dates], *, now: datetime) -> None:
    """Ask who takes over from each hero who is away in their own week or on days of it, and stop asking when they are back."""
    if team.paused_at is not None or team.channel_lost is not None or teams.is_forming(team):
        return
    today = cadence.local_date(now, team.zone)
    near = [week for week in coming if week.starts_on - today <= OFFERED]
    rows = {row.week_on: row for row in swaps.rows(session, team, [week.starts_on for week in near])}
    query = select(Person).where(Person.id.in_({row.person_id for row in rows.values()}))
    people = {person.id: person for person in session.scalars(query.options(selectinload(Person.aways)))}
    off = heroes.off(session, team, people)
    for week in near:
        if (row := rows.get(week.starts_on)) is not None:
            _offer(session, team, week, row, _days_off(week, off[row.person_id], today), now)


def _days_off(week: Dates, off: Sequence[Span], today: date) -> list[date]:
    return [day for day in swaps.days_of(week) if day >= today and any(first <= day <= last for first, last in off)]


def _offer(session: Session, team: Team, week: Dates, row: HeroWeek, days: Sequence[date], now: datetime) -> None:
    theirs = select(HeroSwap).where(HeroSwap.team_id == team.id, HeroSwap.by_id == row.person_id)
    open_one = session.scalar(theirs.where(HeroSwap.week_on == week.starts_on, *swaps.IS_OPEN))
    if open_one is not None and open_one.why is not None:
        return  # they asked in their own words
    kept_ones = theirs.where(HeroSwap.last_on >= week.starts_on, HeroSwap.why.is_(None), *swaps.IS_KEPT)
    kept = {day for swap in session.scalars(kept_ones) for day in _asked(swap, swaps.week_of(swap))}
    left = [day for day in days if day.isoformat() not in row.days and day not in kept]
    if not left:
        if open_one is not None:
            swaps.end_now(session, open_one, now)
    elif open_one is None or left != _ahead(open_one, week, row, now, team.zone):
        wanted = [] if left == swaps.days_of(week) else left
        swaps.open_for(session, team, week, wanted, row.person_id, None, now)


def _ahead(swap: HeroSwap, week: Dates, row: HeroWeek, now: datetime, zone: str) -> list[date]:
    """The days that it still asks for. That days pass is no reason to draw it anew."""
    today = cadence.local_date(now, zone)
    return [day for day in _asked(swap, week) if day >= today and day.isoformat() not in row.days]


def _asked(swap: HeroSwap, week: Dates) -> list[date]:
    return [date.fromisoformat(day) for day in swap.days] or swaps.days_of(week)
