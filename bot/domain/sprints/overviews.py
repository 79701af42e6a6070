"""What `/sprint` shows of a person's team: the screen that opens most often, so it is read in two or three small queries."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence, periods
from bot.domain.calendar.cadence import Cadence, Dates
from bot.domain.calendar.calendars import Calendar
from bot.domain.heroes import hand_overs, heroes
from bot.domain.heroes.hand_overs import HandOver
from bot.domain.heroes.heroes import Entered, Hero, Week
from bot.domain.outbox import undoing
from bot.domain.sprints import away_undos, overview_queries, sprints, weeks
from bot.domain.sprints.sprints import Planning
from models.sprints import Mark
from models.teams import SMALLEST, Lost


@dataclass(frozen=True)
class ItemLine:
    """An item, as one line of a list."""

    id: int
    owner_id: str
    title: str
    mark: Mark
    note: str | None
    carried: int
    points: str = ""
    others: str = ""


@dataclass(frozen=True)
class SprintLine:
    """A sprint: what its dates are and how far it is."""

    id: int
    starts_on: date
    ends_on: date
    over_at: datetime
    finalized_at: datetime | None
    closed_at: datetime | None
    direction: str
    answered: bool
    closes_at: datetime | None = None


@dataclass(frozen=True)
class Still:
    """Why nobody of the team is asked anything: its pause with its last day and reason, its lost channel, its size."""

    paused: bool = False
    paused_until: date | None = None
    paused_because: str | None = None
    channel_id: str = ""
    channel_lost: Lost | None = None
    is_forming: bool = False

    @property
    def stops(self) -> bool:
        """Whether nobody of the team is asked anything."""
        return self.paused or self.channel_lost is not None or self.is_forming


@dataclass(frozen=True)
class AwayLine:
    """The viewer is away, until this last day of their own calendar if that is known. `can_undo` while they said it lately."""

    last: date | None
    can_undo: bool = False


@dataclass(frozen=True)
class AwayToday:
    """Somebody is off today, until this last day if that is known."""

    name: str
    last: date | None


@dataclass(frozen=True)
class Overview:
    """What one person sees of their team: the running sprint with its items in their order, and the sprint to plan.

    `leads`, `answered` and `away` are the viewer's own: they lead the team, sent a plan for the sprint to plan, and are
    away. `ahead` holds the items of a final plan whose sprint has not begun. `waiting` names whose plan is still to come, of
    `members`; both are empty where nothing but the running sprint is planned. `is_open` once planning has opened, by the
    team's calendar, and `asked` while the viewer's own plan is waited for.
    `acted_lately` when there may be something that the viewer can undo. `heroes` are the weeks of the running sprint and of the coming one that are not over, and `today` is the team's.
    Where more than the window of `/sprint` is shown, `ended` has just ended and can still be marked, with the viewer's
    items, and `off` names who is off today. `names` says what each member is called. The viewer `hands_over` a week.
    """

    team_id: int
    team_name: str
    viewer: str
    leads: bool
    running: SprintLine | None
    items: Sequence[ItemLine]
    planning: Planning
    answered: bool
    ahead: Sequence[ItemLine]
    waiting: Sequence[str]
    members: int
    still: Still = Still()
    away: AwayLine | None = None
    is_open: bool = False
    asked: bool = False
    ended: SprintLine | None = None
    to_mark: Sequence[ItemLine] = ()
    off: Sequence[AwayToday] = ()
    heroes: Sequence[Week] = ()
    today: date = date.min
    acted_lately: bool = False
    names: Mapping[str, str] = field(default_factory=dict)
    hands_over: HandOver | None = None

    @property
    def plans_what_runs(self) -> bool:
        """Whether the sprint to plan is the one that runs, and its plan final: only a late answer is still to come."""
        return self.running is not None and self.planning.late and self.planning.sprint_id == self.running.id

    def mine(self) -> list[ItemLine]:
        """The viewer's items in the running sprint."""
        return [item for item in self.items if item.owner_id == self.viewer]

    def mine_ahead(self) -> list[ItemLine]:
        """The viewer's items in a final plan whose sprint has not begun."""
        return [item for item in self.ahead if item.owner_id == self.viewer]


@dataclass(frozen=True)
class _Period:
    """An away, as its columns."""

    starts_at: datetime
    ends_at: datetime | None
    next_at: datetime | None


@dataclass
class _Seat:
    """A member, and whether their plan is there or nobody waits for it."""

    person_id: str
    name: str
    settled: bool
    is_gone: bool
    off: list[periods.Span] = field(default_factory=list)
    hero_on: dict[date, dict[str, str]] = field(default_factory=dict)


def for_person(session: Session, person_id: str, *, now: datetime, everything: bool = False) -> Overview | None:
    """The overview of this person's team; None for somebody who has none. `everything` is what only Home shows of it."""
    # Plain rows: making objects of the ORM out of them would cost as much again.
    connection = session.connection()
    rows: Sequence[Any] = connection.execute(overview_queries.TEAM_AND_SPRINTS, {"me": person_id, "now": now}).all()
    if not rows:
        return None
    team = rows[0]
    team_id, team_name = team[:2]
    anchor_on, length, zone, turn_days, country, weekend, leads = team[2:9]
    rhythm = Cadence(anchor_on, length, zone, Calendar(weekend, country), turn_days)
    recent = [SprintLine(*row[9:18]) for row in reversed(rows) if row[9] is not None]
    planning = sprints.to_plan(recent, rhythm, now)
    running = sprints.running(recent, rhythm.zone, now)
    planned_here = running is not None and planning.late and planning.sprint_id == running.id
    ahead = weeks.ahead(recent, rhythm, now)
    seats = _seats(connection, team_id, planning, running, ahead, zone, now)
    ended = next(filter(lambda sprint: _is_markable(sprint, now), recent), None) if everything else None
    items = _items(connection, running, planning.sprint_id if planning.late else None, ended)
    today = cadence.local_date(now, zone)
    lately = undoing.lately(session, person_id, now=now) if team.acted_lately else frozenset()
    still_asked = [] if planned_here else seats
    shown = [
        replace(week, in_rota=bool(team.in_rota))
        for dates in ahead
        for week in _heroes(team_id, dates, seats, lately)
        if not week.is_over(today)
    ]
    return Overview(
        team_id=team_id,
        team_name=team_name,
        viewer=person_id,
        leads=leads,
        running=running,
        items=items.get(running.id, []) if running else [],
        planning=planning,
        answered=any(sprint.answered for sprint in recent if sprint.id == planning.sprint_id),
        ahead=items.get(planning.sprint_id or 0, []) if planning.late and not planned_here else [],
        waiting=[seat.name for seat in still_asked if not seat.settled],
        members=len(still_asked),
        still=_still(team),
        away=_away(team, zone, can_undo=_can_undo_away(session, person_id, lately, now)),
        is_open=today >= rhythm.opens_on(planning.dates.starts_on),
        asked=any(seat.person_id == person_id and not seat.settled for seat in seats),
        ended=ended,
        to_mark=[item for item in items.get(ended.id, []) if item.owner_id == person_id] if ended else [],
        off=[each for seat in seats if not seat.is_gone for each in _off_today(seat, today)] if everything else [],
        heroes=shown,
        today=today,
        acted_lately=bool(lately),
        names={seat.person_id: seat.name for seat in seats},
        hands_over=hand_overs.of_viewer(session, shown, person_id, today, now=now),
    )


def _is_markable(sprint: SprintLine, now: datetime) -> bool:
    """Whether it is over, but its marks are not frozen yet."""
    return sprint.over_at <= now and sprint.closed_at is None and (sprint.closes_at or sprint.over_at) > now


def _off_today(seat: _Seat, today: date) -> list[AwayToday]:
    spans = periods.merged(seat.off)
    return [AwayToday(seat.name, last if last < date.max else None) for first, last in spans if first <= today <= last]


def _heroes(team_id: int, dates: Dates, seats: Sequence[_Seat], lately: Collection[str]) -> list[Week]:
    names = {seat.person_id: seat.name for seat in seats}
    entered = {
        week_on: Entered(Hero(seat.person_id, seat.name), seat.off, heroes.others_of(others, names))
        for seat in seats
        if not seat.is_gone
        for week_on, others in seat.hero_on.items()
    }
    return [heroes.with_undo(week, lately) for week in heroes.in_dates(team_id, dates, entered)]


def _still(team: Any) -> Still:
    return Still(
        paused=team.paused_at is not None,
        paused_until=team.paused_until,
        paused_because=team.paused_because,
        channel_id=team.channel_id,
        channel_lost=team.channel_lost,
        is_forming=team.seats < SMALLEST,
    )


def _away(team: Any, zone: str, *, can_undo: bool) -> AwayLine | None:
    if team.away_until is None:
        return None
    known = team.away_until < overview_queries.FOREVER
    last = cadence.local_date(team.away_until - periods.A_MOMENT, team.own_zone or zone) if known else None
    return AwayLine(last, can_undo)


def _can_undo_away(session: Session, person_id: str, lately: Collection[str], now: datetime) -> bool:
    return away_undos.key(person_id) in lately and away_undos.is_offered(session, person_id, now=now)


def _items(
    connection: Connection, running: SprintLine | None, planned_id: int | None, ended: SprintLine | None
) -> dict[int, list[ItemLine]]:
    """The items of these sprints, by the sprint's id."""
    ids = {planned_id, running.id if running else None, ended.id if ended else None} - {None}
    found: dict[int, list[ItemLine]] = {}
    for row in connection.execute(overview_queries.ITEMS, {"sprints": sorted(filter(None, ids))}) if ids else ():
        found.setdefault(row.sprint_id, []).append(ItemLine(*row[1:]))
    return found


def _seats(
    connection: Connection,
    team_id: int,
    planning: Planning,
    running: SprintLine | None,
    ahead: Sequence[Dates],
    team_zone: str,
    now: datetime,
) -> list[_Seat]:
    """The members, in the order of their seats. A row is a member with one of their aways."""
    seats: dict[int, _Seat] = {}
    which = {
        "team": team_id,
        "sprint": planning.sprint_id or 0,
        "running": running.id if running else 0,
        "first_day": ahead[0].starts_on,
        "last_day": ahead[-1].ends_on,
    }
    for row in connection.execute(overview_queries.SEATS, which):
        number, name, zone, settled, off_from, off_until, starts_at, ends_at, next_at, *who_and_hero = row
        person_id, is_gone, *_hero = who_and_hero
        seat = seats.setdefault(number, _Seat(person_id, name, settled, is_gone))
        if row.week_on is not None:
            seat.hero_on[row.week_on] = row.days or {}
        if off_from is not None:
            seat.off.append((off_from, off_until))
        if starts_at is not None:
            period = _Period(starts_at, ends_at, next_at)
            seat.off.append(periods.days(period, zone or team_zone))
            seat.settled |= periods.is_away(period, now)
    for seat in seats.values():
        seat.settled |= periods.covers(seat.off, planning.dates.starts_on, planning.dates.ends_on)
    return list(seats.values())
