"""What is in a calendar: somebody's own, or a team's. Nothing private: no feedback, no notes, no reasons, no channels.

What lasts for days is from a working day to a working day, and a hero's week leaves public holidays out. What happens at
a time is an instant in UTC.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby, pairwise

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar import asking_times, cadence, periods
from bot.domain.calendar.asking_times import Whereabouts
from bot.domain.calendar.cadence import A_DAY, Dates, PromptKind
from bot.domain.calendar.calendars import Calendar
from bot.domain.calendar.periods import Span
from bot.domain.company import company
from bot.domain.heroes import heroes
from bot.domain.heroes.heroes import Entered, Hero, Week
from bot.domain.rhythm import schedules
from bot.domain.sprints import sprints
from bot.domain.subscriptions.addresses import Reader
from bot.domain.subscriptions.events import Event, Feed, Kind, Names
from bot.domain.teams import teams
from models.company import Person
from models.heroes import HeroWeek
from models.retros import Retro
from models.sprints import Absence, Sprint
from models.teams import Team

BACK, AHEAD = timedelta(weeks=8), timedelta(weeks=12)
A_MOMENT = timedelta(minutes=15)  # what takes no time, such as a reveal, is drawn so long
MEETING = timedelta(minutes=30)


def read(session: Session, reader: Reader, *, now: datetime) -> Feed:
    """What this calendar holds now."""
    if reader.team_id is not None:
        team = teams.get(session, reader.team_id)
        return Feed(team.name, _Team(session, team, now).everything())
    me = session.scalars(select(Person).where(Person.id == reader.person_id).options(selectinload(Person.aways))).one()
    mine = teams.for_person(session, me.id)
    names = Names(session, f"of:{me.id}")
    if mine is None:
        calendar = Calendar(me.weekend or company.current(session).weekend, me.country)
        zone = me.zone or company.current(session).zone
        return Feed("", _aways(names, me, [], calendar, zone, now, ""))
    return Feed("", _Team(session, mine, now).of_one(names, me))


class _Team:
    """What is known of a team, read in a handful of queries."""

    def __init__(self, session: Session, team: Team, now: datetime) -> None:
        teams.load_members(session, team)
        self._session, self._team, self._now = session, team, now
        self._names = Names(session, f"team:{team.id}")
        self._rhythm = sprints.cadence_of(session, team)
        self._since = team.cadence_since or team.created_at
        self._today = cadence.local_date(now, team.zone)
        self._rows = _sprints(session, team.id, self._today - BACK)
        self._planned = [sprints.dates_of(row) for row in self._rows]
        self._coming = self._unplanned()
        asked = self._coming if schedules.silence(team) is None else []
        self._dates = _by_start([*self._planned, *asked])

    def everything(self) -> list[Event]:
        """Its sprints, heroes, reveals and meetings, and who is away."""
        off = self._off()
        here = [member.person for member in self._team.members if not member.person.is_gone]
        away = (self._away(self._names, person, off, person.name) for person in here)
        return [
            *self._sprints(self._names),
            *self._heroes(self._names, off, None),
            *(event for theirs in away for event in theirs),
            *self._reveals(),
            *self._meetings(self._names, None),
        ]

    def of_one(self, names: Names, me: Person) -> list[Event]:
        """The team's sprints and meetings, and this member's turns, hero weeks and aways."""
        off = self._off()
        return [
            *self._sprints(names),
            *self._turns(names, me),
            *self._meetings(names, me),
            *self._heroes(names, off, me),
            *self._away(names, me, off, ""),
        ]

    # --- days -----------------------------------------------------------------------------------------------------

    def _sprints(self, names: Names) -> Iterator[Event]:
        for dates in self._dates:
            span = _working_days(dates.starts_on, dates.ends_on, self._rhythm.calendar)
            if span is not None:
                yield Event(names.uid(Kind.SPRINT, self._team.id, dates.starts_on), Kind.SPRINT, *span, self._team.name)

    def _heroes(self, names: Names, off: Mapping[str, Sequence[Span]], only: Person | None) -> Iterator[Event]:
        """The hero weeks and single days that are stored, also while the team is asked nothing."""
        entered = self._entered(off)
        for week in (week for dates in self._weeks(entered) for week in heroes.in_dates(self._team.id, dates, entered)):
            for hero, (first, last) in _stretches(week):
                if only is None or hero.id == only.id:
                    yield from self._as_hero(names, week, hero, (first, last), hero.name if only is None else "")

    def _as_hero(self, names: Names, week: Week, hero: Hero, days: Span, who: str) -> Iterator[Event]:
        # A week that changes hands stays the same event; a day that somebody took of it is another one.
        taker = () if week.belongs_to(hero.id) else (hero.id,)
        for first, last in _without_holidays(*days, self._rhythm.calendar):
            uid = names.uid(Kind.HERO, self._team.id, first, *taker)
            yield Event(uid, Kind.HERO, first, last, self._team.name, who)

    def _weeks(self, entered: Iterable[date]) -> list[Dates]:
        """The sprints whose weeks may have heroes, and the weeks that are over of those that nobody planned."""
        known = [*self._planned, *self._coming]
        alone = (cadence.sprint_dates(week_on, 1, self._rhythm.calendar) for week_on in sorted(entered))
        over = [
            week for week in alone if week.ends_on < self._today and not any(_overlap(week, each) for each in known)
        ]
        return _by_start([*known, *over])

    def _entered(self, off: Mapping[str, Sequence[Span]]) -> dict[date, Entered]:
        query = select(HeroWeek).where(HeroWeek.team_id == self._team.id, HeroWeek.week_on >= self._today - BACK)
        theirs = joinedload(HeroWeek.person).selectinload(Person.aways)
        rows = self._session.scalars(query.options(theirs)).all()
        names = {member.person_id: member.person.name for member in self._team.members}
        return {
            row.week_on: Entered(
                Hero(row.person_id, row.person.name), self._all_off(row.person, off), heroes.others_of(row.days, names)
            )
            for row in rows
        }

    def _all_off(self, person: Person, off: Mapping[str, Sequence[Span]]) -> list[Span]:
        zone = person.zone or self._team.zone
        return [*off.get(person.id, ()), *(periods.days(away, zone) for away in person.aways)]

    def _away(self, names: Names, person: Person, off: Mapping[str, Sequence[Span]], who: str) -> list[Event]:
        calendar = asking_times.calendar_of(self._rhythm, _whereabouts(person, self._team))
        return _aways(names, person, off.get(person.id, ()), calendar, person.zone or self._team.zone, self._now, who)

    def _off(self) -> dict[str, list[Span]]:
        """On which days people are off by what they wrote into the plans."""
        found: dict[str, list[Span]] = {}
        query = select(Absence).where(Absence.sprint_id.in_([row.id for row in self._rows]))
        for absence in self._session.scalars(query):
            found.setdefault(absence.person_id, []).append((absence.starts_on, absence.ends_on))
        return found

    # --- times ----------------------------------------------------------------------------------------------------

    def _turns(self, names: Names, me: Person) -> Iterator[Event]:
        if schedules.silence(self._team) is not None:
            return
        where = _whereabouts(me, self._team)
        for dates in self._asked_about():
            for each in asking_times.occurrences(self._rhythm, dates, where, since=self._since):
                if each.kind is PromptKind.TURN and self._is_ahead(each.at) and not _is_away(me, each.at):
                    uid = names.uid(Kind.TURN, self._team.id, dates.starts_on)
                    yield Event(uid, Kind.TURN, each.at, each.at + A_MOMENT, self._team.name)

    def _reveals(self) -> Iterator[Event]:
        revealed = self._revealed()
        expected = {each.dates: each.at for each in self._gatherings()}
        for before, dates in pairwise(self._dates):
            at = revealed.get(before.starts_on) or expected.get(dates)
            if at is not None:
                uid = self._names.uid(Kind.REVEAL, before.starts_on)
                yield Event(uid, Kind.REVEAL, at, at + A_MOMENT, self._team.name)

    def _revealed(self) -> Mapping[date, datetime]:
        query = select(Sprint.starts_on, Retro.revealed_at).join(Retro, Retro.sprint_id == Sprint.id)
        rows = self._session.execute(query.where(Sprint.id.in_([row.id for row in self._rows])))
        return {starts_on: _to_the_minute(at) for starts_on, at in rows if at is not None}

    def _gatherings(self) -> Iterable[schedules.Upcoming]:
        if schedules.silence(self._team) is not None:
            return []
        gathered = {row.starts_on for row in self._rows if row.gathered_at or row.finalized_at}
        open_ones = [dates for dates in self._asked_about() if dates.starts_on not in gathered]
        crew = schedules.seats(self._session, self._team)
        asks = schedules.all_asks(self._rhythm, open_ones, crew, since=self._since)
        found = schedules.gatherings(self._team.name, self._rhythm, asks, open_ones, self._since)
        return [each for each in found if self._is_ahead(each.at)]

    def _meetings(self, names: Names, only: Person | None) -> Iterator[Event]:
        """When the team meets; for one of them, when they are there."""
        team = self._team
        if team.meets_at is None or schedules.silence(team) is not None:
            return
        for dates in self._dates:
            day = self._rhythm.calendar.working_day(dates.starts_on)
            at = cadence.instant(day, team.meets_at, team.zone)
            if self._is_ahead(at) and not (only is not None and _is_away(only, at)):
                uid = names.uid(Kind.MEETING, dates.starts_on)
                yield Event(uid, Kind.MEETING, at, at + MEETING, team.name, link=team.meets_link or "")

    def _unplanned(self) -> list[Dates]:
        """The sprints that nobody has written anything for: the one that runs, and those ahead, as far as they are known."""
        found: list[Dates] = []
        starts_on = cadence.start_of(self._rhythm, self._today)
        while (starts_on := cadence.free_start(self._rhythm, starts_on, self._planned)) <= self._today + AHEAD:
            found.append(self._rhythm.dates_from(starts_on))
            starts_on = found[-1].next_on
        return found

    def _asked_about(self) -> list[Dates]:
        closed = {row.starts_on for row in self._rows if row.closed_at is not None}
        return [dates for dates in self._dates if dates.starts_on not in closed]

    def _is_ahead(self, at: datetime) -> bool:
        """Whether it is today or later. A past moment is shown only if something happened then."""
        return at >= cadence.instant(self._today, time(), self._rhythm.zone)


def _sprints(session: Session, team_id: int, since: date) -> Sequence[Sprint]:
    query = select(Sprint).where(Sprint.team_id == team_id, Sprint.ends_on >= since)
    return session.scalars(query.order_by(Sprint.starts_on)).all()


def _by_start(found: Iterable[Dates]) -> list[Dates]:
    return sorted(found, key=lambda dates: dates.starts_on)


def _overlap(one: Dates, other: Dates) -> bool:
    return one.starts_on <= other.ends_on and other.starts_on <= one.ends_on


def _stretches(week: Week) -> Iterator[tuple[Hero, Span]]:
    """The week in parts, each with its hero: the stand-in on days that somebody took, and the week's hero on all others."""
    days = [week.starts_on + A_DAY * number for number in range((week.ends_on - week.starts_on).days + 1)]
    for hero, theirs in groupby(days, key=lambda day: week.others.get(day, week.hero)):
        if hero is not None:
            first, *more = theirs
            yield hero, (first, more[-1] if more else first)


def _whereabouts(person: Person, team: Team) -> Whereabouts:
    return Whereabouts(person.zone or team.zone, person.country, person.weekend)


def _is_away(person: Person, at: datetime) -> bool:
    return any(periods.is_away(away, at) for away in person.aways)


def _to_the_minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)


def _aways(
    names: Names, person: Person, written: Sequence[Span], calendar: Calendar, zone: str, now: datetime, who: str
) -> list[Event]:
    """When somebody is away: what they said, and what they wrote into plans. An away without a known end lasts until today."""
    today = cadence.local_date(now, zone)
    found = [(first, max(first, today) if last == date.max else last) for first, last in _days(person, zone)]
    events = []
    for first, last in periods.merged([*found, *written]):
        span = _working_days(first, last, calendar)
        if span is not None and today - BACK <= span[1] and span[0] <= today + AHEAD:
            events.append(Event(names.uid(Kind.AWAY, person.id, first), Kind.AWAY, *span, who=who))
    return events


def _days(person: Person, zone: str) -> list[Span]:
    return [periods.days(away, zone) for away in person.aways]


def _working_days(first: date, last: date, calendar: Calendar) -> Span | None:
    """The first and the last working day among these days; None where there is none."""
    while first <= last and not calendar.is_working_day(first):
        first += A_DAY
    while first <= last and not calendar.is_working_day(last):
        last -= A_DAY
    return (first, last) if first <= last else None


def _without_holidays(first: date, last: date, calendar: Calendar) -> Iterator[Span]:
    """These days in stretches between the public holidays, each from a working day to a working day."""
    days = [first + A_DAY * number for number in range((last - first).days + 1)]
    holidays = [day for day in days if calendar.holiday(day) is not None]
    for before, after in pairwise([first - A_DAY, *holidays, last + A_DAY]):
        span = _working_days(before + A_DAY, after - A_DAY, calendar)
        if span is not None:
            yield span
