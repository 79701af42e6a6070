"""What the clock does next: who is asked what and when, and when a sprint closes."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence, gathering
from bot.domain.calendar.asking_times import Occurrence, Whereabouts
from bot.domain.calendar.cadence import Cadence, Dates, PromptKind
from bot.domain.calendar.calendars import Calendar
from bot.domain.calendar.wording import weekday
from bot.domain.sprints import sprints
from bot.domain.teams import teams
from models.company import Away
from models.outbox import Post
from models.sprints import Absence, Answer, Sprint
from models.teams import Lost, Team

GATHERING = "gathering"  # whoever answered by then: the notes are revealed, and the lead is asked to finalize
CLOSING = "closing"  # of a sprint: nobody is asked, but from then on its retro and its marks stay as they are
MEANINGS: Mapping[str, str] = {
    PromptKind.TURN: "wrap up and plan, in one message",
    PromptKind.REMINDER: "the one reminder, to people who have not answered",
    GATHERING: "the reveal at the latest, and the lead finalizes",
    CLOSING: "the retro closes, marks stay",
}

Period = tuple[datetime, datetime | None]
Done = tuple[str, date, str]  # what was asked, of the sprint that begins on this day, of whom


@dataclass(frozen=True)
class Seat:
    """Somebody whom the clock asks. `aways` are from one instant to another, or without an end that is known."""

    person_id: str
    name: str
    where: Whereabouts
    leads: bool
    aways: tuple[Period, ...] = ()

    def is_away(self, at: datetime) -> bool:
        """Whether this person is away then, as far as it is known by now."""
        return any(starts_at <= at and (ends_at is None or at < ends_at) for starts_at, ends_at in self.aways)


@dataclass(frozen=True)
class Ask:
    """One person is asked one thing about one sprint."""

    dates: Dates
    what: Occurrence
    of: Seat

    @property
    def key(self) -> Done:
        """What makes two asks the same one, whatever rhythm or zone they come from."""
        return self.what.kind, self.what.starts_on, self.of.person_id


@dataclass(frozen=True)
class Moved:
    """Why somebody is asked later than the others: the `day` on which those are asked is a holiday in `country`."""

    day: date
    country: str


@dataclass(frozen=True)
class Upcoming:
    """What the clock does at an instant, in UTC, for people in one zone. `kind` is a `PromptKind`, or one of those above.

    Those of the `people` who are away by then are not asked.
    """

    team: str
    kind: str
    dates: Dates
    at: datetime
    zone: str
    people: tuple[Seat, ...] = ()
    moved: Moved | None = None

    @property
    def local(self) -> datetime:
        """The day and the time on the wall of its zone."""
        return self.at.astimezone(ZoneInfo(self.zone))


_LOST = {
    Lost.ARCHIVED: "its channel is archived. Its lead can choose another one.",
    Lost.REMOVED: "Prickle is no longer in its channel. Invite it there again.",
    Lost.SHARED: "its channel is shared with another company. Its lead can choose another one.",
    Lost.HIDDEN: "its channel is gone, or it is private. Its lead can choose another one.",
}


def silence(team: Team) -> str | None:
    """Why nobody of this team is asked anything at the moment, in a sentence; None if people are asked.

    The team comes with its members. What somebody typed is in the sentence as it was typed.
    """
    nobody = f"Nobody of {team.name} is asked"
    if team.channel_lost is not None:
        return f"{nobody}: {_LOST[Lost(team.channel_lost)]}"
    if team.paused_at is not None:
        until = f" until {weekday(team.paused_until)}" if team.paused_until else ""
        because = f" ({team.paused_because})" if team.paused_because else ""
        return f"{nobody}: it pauses{until}{because}."
    if teams.is_forming(team):
        return f"{nobody} yet: it is forming, and begins with its second member."
    return None


# --- reading ----------------------------------------------------------------------------------------------------


def upcoming(session: Session, all_teams: Iterable[Team], *, now: datetime, count: int) -> list[Upcoming]:
    """What comes next in these teams, the soonest first, as far as it is known now who has still to be asked.

    The teams come with their members. While nobody of one is asked, only its sprints close that are there.
    """
    return _next((each for team in all_teams for each in _of_team(session, team, now, count)), now)[:count]


def _of_team(session: Session, team: Team, now: datetime, count: int) -> list[Upcoming]:
    rhythm = sprints.cadence_of(session, team)
    if silence(team) is not None:
        stored = [sprints.dates_of(row) for row in sprints.latest(session, team.id) if row.closed_at is None]
        return closings(team.name, rhythm, stored)
    since = team.cadence_since or team.created_at
    done = _needless(session, team)
    # Every sprint closes once, and is asked about before the one after the next closes: so many hold the first `count`.
    return expected(session, team, rhythm, since=since, now=now, ahead=count + 2, done=done)[:count]


def expected(
    session: Session,
    team: Team,
    rhythm: Cadence,
    *,
    since: datetime,
    now: datetime,
    ahead: int,
    done: Collection[Done] = (),
) -> list[Upcoming]:
    """What a rhythm that is chosen at `since` brings: of the sprints that are open, and of so many `ahead`.

    What was asked in the rhythm before is not asked again; nor is what is `done`.
    """
    rows = sprints.latest(session, team.id)
    dates = [sprints.dates_of(row) for row in rows if row.closed_at is None]
    today = cadence.local_date(now, rhythm.zone)
    dates += cadence.coming(rhythm, [sprints.dates_of(row) for row in rows], today, ahead)
    asks = all_asks(rhythm, dates, seats(session, team), since=since)
    past = {*done, *_posted(session, rows)}
    found = grouped(team.name, rhythm, asks, without=past)
    gathered = {row.starts_on for row in rows if row.gathered_at is not None or row.finalized_at is not None}
    reveals = gatherings(team.name, rhythm, asks, [each for each in dates if each.starts_on not in gathered], since)
    return _next([*found, *reveals, *closings(team.name, rhythm, dates)], now)


def seats(session: Session, team: Team) -> list[Seat]:
    """The people of this team who are asked by the clock, with where they are and when they are away."""
    people = [member.person for member in team.members if not member.person.is_gone]
    aways: dict[str, list[Period]] = defaultdict(list)
    for away in session.scalars(select(Away).where(Away.person_id.in_([person.id for person in people]))):
        aways[away.person_id].append((away.starts_at, away.ends_at))
    return [
        Seat(
            person_id=person.id,
            name=person.name,
            where=Whereabouts(person.zone or team.zone, person.country, person.weekend),
            leads=teams.leads(team, person.id),
            aways=tuple(aways[person.id]),
        )
        for person in people
    ]


def _posted(session: Session, rows: Sequence[Sprint]) -> set[Done]:
    starts = {row.id: row.starts_on for row in rows}
    query = select(Post).where(Post.subject_id.in_(list(starts)), Post.card.in_(cadence.ASKS))
    return {(post.card or "", starts[post.subject], post.channel_id) for post in session.scalars(query)}


def _needless(session: Session, team: Team) -> set[Done]:
    """What nobody has to be asked any more: those who answered, and those who are off."""
    mine = Sprint.team_id == team.id, Sprint.closed_at.is_(None)
    answers = select(Sprint.starts_on, Answer.person_id).join(Answer, Answer.sprint_id == Sprint.id).where(*mine)
    off = (
        select(Sprint.starts_on, Absence.person_id)
        .join(Absence, Absence.sprint_id == Sprint.id)
        .where(*mine, Absence.starts_on <= Sprint.starts_on, Absence.ends_on >= Sprint.ends_on)
    )
    planned = [(day, person_id) for query in (answers, off) for day, person_id in session.execute(query)]
    return {(kind, day, person_id) for kind in cadence.ASKS for day, person_id in planned}


# --- over values ------------------------------------------------------------------------------------------------


def all_asks(rhythm: Cadence, all_dates: Iterable[Dates], crew: Sequence[Seat], *, since: datetime) -> list[Ask]:
    """Everything that these people are asked about these sprints, in a rhythm that was chosen at `since`."""
    return [
        Ask(dates, what, seat)
        for dates in all_dates
        for seat in crew
        for what in asking_times.occurrences(rhythm, dates, seat.where, since=since)
    ]


def grouped(team: str, rhythm: Cadence, asks: Sequence[Ask], *, without: Collection[Done] = ()) -> list[Upcoming]:
    """These asks, those of one instant in one zone together; `without` those that are done."""
    first: dict[tuple[PromptKind, date], date] = {}
    for ask in asks:
        key = ask.what.kind, ask.what.starts_on
        first[key] = min(ask.what.on, first.get(key, ask.what.on))
    groups: dict[tuple[Dates, Occurrence, str, Moved | None], list[Seat]] = defaultdict(list)
    for ask in asks:
        if ask.key not in without:
            moved = _moved(rhythm, ask, first[ask.what.kind, ask.what.starts_on])
            groups[ask.dates, ask.what, ask.of.where.zone, moved].append(ask.of)
    return [
        Upcoming(team, what.kind, dates, what.at, zone, tuple(people), moved)
        for (dates, what, zone, moved), people in groups.items()
    ]


def _moved(rhythm: Cadence, ask: Ask, first: date) -> Moved | None:
    country = ask.of.where.country or rhythm.calendar.country
    if country is None or ask.what.on == first or Calendar(country=country).holiday(first) is None:
        return None
    return Moved(first, country)


def closings(team: str, rhythm: Cadence, all_dates: Iterable[Dates]) -> list[Upcoming]:
    """When the retros of these sprints close, in the team's zone."""
    return [
        Upcoming(team, CLOSING, dates, dates.closes_at(rhythm.zone, rhythm.calendar), rhythm.zone)
        for dates in all_dates
    ]


def gatherings(
    team: str, rhythm: Cadence, asks: Sequence[Ask], all_dates: Iterable[Dates], since: datetime
) -> list[Upcoming]:
    """When the notes are revealed at the latest in the turns to these sprints, as far as it is known now."""
    found = []
    for dates in all_dates:
        theirs = [ask for ask in asks if ask.dates == dates]
        if not theirs:
            continue
        last = rhythm.waits_until(dates, since)
        reminders = [ask.what.at for ask in theirs if ask.what.kind is PromptKind.REMINDER and ask.what.on <= last]
        nobody = cadence.instant(last, gathering.NOBODY_AT, rhythm.zone)
        at = max(reminders) + gathering.PATIENCE if reminders else nobody
        found.append(Upcoming(team, GATHERING, dates, at, rhythm.zone))
    return found


def _next(found: Iterable[Upcoming], now: datetime) -> list[Upcoming]:
    order = {kind: place for place, kind in enumerate(MEANINGS)}
    ahead = (each for each in found if each.at >= now)
    return sorted(ahead, key=lambda each: (each.at, each.team, each.zone, order[each.kind]))
