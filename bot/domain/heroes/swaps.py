"""Swapping weeks of a rota: two people exchange theirs, or one asks who takes a week, or days of it.

The first person who presses takes it. If nobody does, it stays with the person who asked. If a hero is away in their own week,
the clock asks for them. None of this changes whose turn comes next.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence, rotation
from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.wording import days as in_words
from bot.domain.company import parts
from bot.domain.company.parts import Part
from bot.domain.heroes import heroes, looking, stand_ins
from bot.domain.outbox import posts
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.heroes import WHY_LENGTH, HeroSwap, HeroWeek, Rota
from models.outbox import Card
from models.teams import Team

CARD = Card.HERO_SWAP  # in the team's channel
SAID_AGAIN = (timedelta(days=7), timedelta(days=2))  # before the first day: then the message says that nobody took it
STALE = "The rota changed a moment ago, or that week is over. Look at it again with `/small-team rota`."
AT = time(9)


@dataclass(frozen=True)
class SeenWeek:
    """A week as somebody saw it: of which team, and whose it was."""

    team_id: int
    week_on: date
    person_id: str


@dataclass(frozen=True)
class Wish:
    """What somebody asks of their team: the days that others are to take, and why."""

    days: Sequence[date]
    why: str


# --- two weeks for each other -------------------------------------------------------------------------------------


def exchange(
    session: Session, mine: SeenWeek, other: SeenWeek, coming: Sequence[Dates], *, by: str, now: datetime
) -> Team:
    """Let two people have each other's weeks.

    Raises Refusal unless one of them is `by`, when one of the weeks is not theirs any more or has begun, and for somebody
    who is away then.
    """
    team = _team(session, mine.team_id, by, to="swap its weeks")
    if by not in (mine.person_id, other.person_id):
        raise Refusal("Swap a week of your own: nobody gives a week to somebody else.")
    if mine.person_id == other.person_id or mine.week_on == other.week_on:
        raise Refusal("Choose a week that somebody else has.", field="other")
    today = cadence.local_date(now, team.zone)
    ahead = {week.starts_on: week for week in coming if week.starts_on >= today}
    held = {row.week_on: row.person_id for row in rows(session, team, list(ahead))}
    if other.team_id != team.id or not all(rotation.is_held(each, held) for each in (mine, other)):
        raise Refusal(STALE)
    for week_on, person_id in rotation.swapped(mine, other).items():
        _require_there(session, team, ahead[week_on], person_id)
        give(session, team, week_on, person_id, now)
    end_strangers(session, team, now)
    return team


def rows(session: Session, team: Team, days: Sequence[date]) -> Sequence[HeroWeek]:
    """The stored weeks that begin on these days, locked."""
    query = select(HeroWeek).where(HeroWeek.team_id == team.id, HeroWeek.week_on.in_(days))
    return session.scalars(query.with_for_update().execution_options(populate_existing=True)).all()


def _require_there(session: Session, team: Team, week: Dates, person_id: str) -> None:
    if heroes.is_away(session, team, week, person_id):
        name = session.get_one(Person, person_id).name
        raise Refusal(f"{name} is away {in_words(week.starts_on, week.ends_on)}. Choose another week.", field="other")


def give(session: Session, team: Team, week_on: date, person_id: str, now: datetime) -> None:
    """Give this person the week. The order of turns stays as it is."""
    row = session.get(HeroWeek, (team.id, week_on), populate_existing=True)
    if row is None:
        session.add(HeroWeek(team_id=team.id, week_on=week_on, person_id=person_id, entered_at=now, days={}))
    else:
        row.person_id, row.entered_at, row.by_rota = person_id, now, False
        row.days = stand_ins.without(person_id, row.days)
    session.flush()


# --- asking, and taking it ----------------------------------------------------------------------------------------


def ask(session: Session, seen: SeenWeek, wish: Wish, coming: Sequence[Dates], *, by: str, now: datetime) -> Team:
    """Ask the team who takes a week of one's own, or days of it. Asked again, the message says what is asked now.

    Raises Refusal where the week is not theirs any more or over, and without a day that is ahead or a reason.
    """
    team = _team(session, seen.team_id, by, to="ask for a swap")
    today = cadence.local_date(now, team.zone)
    week = next((each for each in coming if each.starts_on == seen.week_on), None)
    row = next(iter(rows(session, team, [seen.week_on])), None)
    if week is None or row is None or row.person_id != by:
        raise Refusal(STALE)
    why = " ".join(wish.why.split())
    if not why:
        raise Refusal("Say in one line why: then others know what they help with.", field="why")
    if len(why) > WHY_LENGTH:
        raise Refusal(f"Use at most {WHY_LENGTH} characters.", field="why")
    days = [day for day in days_of(week) if day in wish.days and day >= today and day.isoformat() not in row.days]
    if not days:
        raise Refusal("Choose at least one day that is still ahead.", field="days")
    open_for(session, team, week, [] if days == days_of(week) else days, by, why, now)
    return team


def days_of(week: Dates) -> list[date]:
    """The days of a week, from its first to its last."""
    return [week.starts_on + timedelta(days=number) for number in range((week.ends_on - week.starts_on).days + 1)]


def open_for(
    session: Session, team: Team, week: Dates, days: Sequence[date], by: str, why: str | None, now: datetime
) -> None:
    """Ask for a week, or these days of it, in one message in the team's channel."""
    found = _open_one(session, team, week.starts_on)
    if found is None:
        found = HeroSwap(team_id=team.id, week_on=week.starts_on, asked_at=now)
        session.add(found)
    found.last_on, found.by_id, found.why = max(days, default=week.ends_on), by, why
    found.days = [day.isoformat() for day in days]
    found.next_at = next_at(found, team, now)
    session.flush()
    posts.draw(session, CARD, found.id, team.channel_id, now=now)


def _open_one(session: Session, team: Team, week_on: date) -> HeroSwap | None:
    query = select(HeroSwap).where(HeroSwap.team_id == team.id, HeroSwap.week_on == week_on, *IS_OPEN)
    return session.scalar(query.execution_options(populate_existing=True))


IS_OPEN = HeroSwap.taken_by_id.is_(None), HeroSwap.ended_at.is_(None)
IS_KEPT = HeroSwap.taken_by_id.is_(None), HeroSwap.taken_at.is_not(None)  # who asked took it back


def take(session: Session, swap_id: int, *, by: str, now: datetime) -> tuple[Team, date]:
    """Take what somebody asked for. Returns the team, and the first day of the week that changed.

    Raises Refusal if somebody else has taken it, it is over, or this person asked for it or is away then.
    """
    team, swap = _locked(session, swap_id, by, to="take a week of its rota")
    if swap.taken_by_id == by:
        return team, swap.week_on
    if swap.taken_by is not None:
        raise Refusal(f"{swap.taken_by.name} has taken it already.")
    today = cadence.local_date(now, team.zone)
    if swap.ended_at is not None or swap.last_on < today:
        raise Refusal("Nobody has to take it any more.")
    if swap.by_id == by:
        raise Refusal("You asked for this yourself. Somebody else of your team takes it.")
    _carry_out(session, team, swap, by, today, now)
    swap.taken_by_id, swap.taken_at, swap.next_at = by, now, None
    session.flush()
    posts.redraw(session, CARD, swap.id, now=now)
    return team, swap.week_on


def _carry_out(session: Session, team: Team, swap: HeroSwap, by: str, today: date, now: datetime) -> None:
    row = next(iter(rows(session, team, [swap.week_on])), None)
    if row is None or row.person_id != swap.by_id:
        raise Refusal(STALE)
    week = week_of(swap)
    days = [date.fromisoformat(day) for day in swap.days if date.fromisoformat(day) >= today]
    if not swap.days and swap.week_on < today and not heroes.is_away(session, team, week, swap.by_id):
        days = [day for day in days_of(week) if day >= today]  # the days before were served by who asked
    asked = [Dates(day, day) for day in days] or [week]
    if all(heroes.is_away(session, team, each, by) for each in asked):
        raise Refusal("You are away then yourself, so somebody else takes it.")
    if not days:
        give(session, team, swap.week_on, by, now)
        return
    row.days = {**row.days, **{day.isoformat(): by for day in days}}


def week_of(swap: HeroSwap) -> Dates:
    """The week, or as much of it as is asked for."""
    return Dates(swap.week_on, swap.last_on)


def end(session: Session, swap_id: int, *, by: str, now: datetime) -> Team:
    """Keep one's week after all. Raises Refusal for somebody else, and once it is taken."""
    team, swap = _locked(session, swap_id, by, to="answer here")
    if swap.by_id != by:
        raise Refusal(f"{swap.by.name} asked for this, so only they can take it back.")
    if swap.taken_by is not None:
        raise Refusal(f"{swap.taken_by.name} has it now. Ask {swap.taken_by.name} to swap it back.")
    if swap.ended_at is None:
        swap.taken_at = now
    end_now(session, swap, now)
    return team


def end_now(session: Session, swap: HeroSwap, now: datetime) -> None:
    """Nobody has to take it any more."""
    if swap.ended_at is None:
        swap.ended_at, swap.next_at = now, None
        session.flush()
        posts.redraw(session, CARD, swap.id, now=now)


def _locked(session: Session, swap_id: int, by: str, *, to: str) -> tuple[Team, HeroSwap]:
    team_id = session.scalar(select(HeroSwap.team_id).where(HeroSwap.id == swap_id))
    if team_id is None:
        raise Refusal(STALE)
    team = _team(session, team_id, by, to=to)
    return team, load(session, swap_id)


def load(session: Session, swap_id: int) -> HeroSwap:
    """A request for a swap, with the people who asked for it and took it."""
    query = select(HeroSwap).where(HeroSwap.id == swap_id)
    query = query.options(joinedload(HeroSwap.by), joinedload(HeroSwap.taken_by))
    return session.scalars(query.execution_options(populate_existing=True)).one()


def _team(session: Session, team_id: int, by: str, *, to: str) -> Team:
    """The team of a rota that nobody else decides anything about until this transaction ends."""
    parts.require(session, Part.ROTA)
    runs = session.scalar(select(Rota).where(Rota.team_id == team_id).with_for_update()) is not None
    team = teams.get(session, team_id)
    teams.require_member(team, by, to=to)
    if not runs:
        raise Refusal(f"No hero rota runs in {team.name} any more. `/small-team rota` starts one.")
    return team


def end_strangers(session: Session, team: Team, now: datetime) -> None:
    """What somebody asked for is over once the week is not theirs any more, or no rota runs."""
    runs = looking.runs(session, team.id)
    query = select(HeroSwap).where(HeroSwap.team_id == team.id, *IS_OPEN)
    for swap in session.scalars(query).all():
        row = session.get(HeroWeek, (team.id, swap.week_on), populate_existing=True)
        if not runs or row is None or row.person_id != swap.by_id:
            end_now(session, swap, now)


def next_at(swap: HeroSwap, team: Team, now: datetime) -> datetime | None:
    """When the message says next that nobody took it: seven days and two days before; and that it is over."""
    first = min((date.fromisoformat(day) for day in swap.days), default=swap.week_on)
    moments = [cadence.instant(first - before, AT, team.zone) for before in SAID_AGAIN]
    moments.append(cadence.instant(swap.last_on + cadence.A_DAY, time(), team.zone))
    return min((moment for moment in moments if moment > now), default=None)
