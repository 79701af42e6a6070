"""Following any team: what it planned, changed and learnt, in one message on the last working day of one's week."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import count

from sqlalchemy import Select, Update, delete, func, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.calendar import asking_times, cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, people
from bot.domain.outbox import home_refresh, posts, prompt_posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import teams
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.outbox import Card
from models.sharing import Follow, Follower
from models.teams import Membership, Team

CARD = Card.FOLLOWED  # in the DM of somebody who follows teams, on their Friday
AT = time(15)
FRIDAY = 4
A_WEEK = timedelta(weeks=1)
AT_ONCE = 200  # of those who are told in one transaction


@dataclass(frozen=True)
class WeekEnd:
    """Where somebody's week ends: an IANA zone, and the days on which they work."""

    zone: str
    calendar: Calendar

    def told_on(self, day: date) -> date | None:
        """In the week of `day`: its Friday, or the last working day before it; None in a week without any."""
        monday = day - timedelta(days=day.weekday())
        until_friday = [monday + timedelta(days=number) for number in range(FRIDAY, -1, -1)]
        return next((each for each in until_friday if self.calendar.is_working_day(each)), None)

    def at(self, on: date) -> datetime:
        """The instant, in UTC, at which they are told on this day."""
        return cadence.instant(on, AT, self.zone)

    def next_at(self, now: datetime) -> datetime:
        """The first instant after `now` at which they are told."""
        return next(at for at in self._from(now, A_WEEK) if at > now)

    def last_at(self, now: datetime) -> datetime:
        """The last instant before `now` at which they were told, or would have been."""
        return next(at for at in self._from(now, -A_WEEK) if at < now)

    def _from(self, now: datetime, step: timedelta) -> Iterable[datetime]:
        today = cadence.local_date(now, self.zone)
        days = (self.told_on(today + number * step) for number in count())
        return (self.at(day) for day in days if day is not None)


@dataclass(frozen=True)
class Ties:
    """What somebody has to do with a team that they do not sit in, and the names of all who support it.

    `subscribes` when there are calendars to subscribe to.
    """

    follows: bool = False
    supports: bool = False
    supporters: Sequence[str] = ()
    subscribes: bool = False


# --- following --------------------------------------------------------------------------------------------------


def follow(session: Session, team_id: int, *, by: str, now: datetime) -> Team:
    """Read of this team on Fridays from now on. Raises Refusal for its own people."""
    team = _from_outside(session, team_id, by, to="follow it")
    _write(session, team, by, now)
    return team


def unfollow(session: Session, team_id: int, *, by: str, now: datetime) -> Team:
    """Stop following this team. Raises Refusal for people who support it."""
    team = teams.get(session, team_id, lock=True)
    if ties(session, team_id, by).supports:
        raise Refusal(
            f"You support {team.name}, so you follow it, too. First press *I don't support it any more* in its window."
        )
    session.execute(delete(Follow).where(Follow.person_id == by, Follow.team_id == team_id))
    home_refresh.touch(session, [by], now=now)
    return team


def support(session: Session, team_id: int, *, by: str, now: datetime) -> Team:
    """Work for this team without a seat in it, as product managers and designers do for several, and follow it.

    Raises Refusal for its own people.
    """
    team = _from_outside(session, team_id, by, to="support it")
    _write(session, team, by, now)
    session.execute(_theirs(team_id, by).values(supports=True))
    return team


def support_no_more(session: Session, team_id: int, *, by: str) -> Team:
    """Work for this team no more, and go on reading of it."""
    team = teams.get(session, team_id, lock=True)
    session.execute(_theirs(team_id, by).values(supports=False))
    return team


def took_a_seat(session: Session, team_id: int, person_id: str) -> None:
    """Stop following and supporting a team when one joins it: its prompts and cards reach its members anyway."""
    session.execute(delete(Follow).where(Follow.person_id == person_id, Follow.team_id == team_id))


def teams_of(session: Session, person_id: str) -> Sequence[Team]:
    """The teams that this person follows, by name."""
    query = select(Team).join(Follow).where(Follow.person_id == person_id).order_by(Team.name_key)
    return session.scalars(query).all()


def ties(session: Session, team_id: int, viewer: str) -> Ties:
    """Whether this person follows or supports a team that they are not in, and who else supports it."""
    query = (
        select(Follow.person_id, Follow.supports, Person.name, Person.is_gone)
        .join(Person, Person.id == Follow.person_id)
        .where(Follow.team_id == team_id, or_(Follow.supports, Follow.person_id == viewer))
        .order_by(Person.name, Person.id)
    )
    rows = session.execute(query).all()
    mine = next((row for row in rows if row.person_id == viewer), None)
    names = [row.name for row in rows if row.supports and not row.is_gone]
    subscribes = company.current(session).public_url is not None
    return Ties(mine is not None, mine is not None and mine.supports, names, subscribes)


def supporters(session: Session, team_id: int) -> Sequence[str]:
    """The names of those who support a team."""
    return ties(session, team_id, "").supporters


def _theirs(team_id: int, person_id: str) -> Update:
    return update(Follow).where(Follow.team_id == team_id, Follow.person_id == person_id)


def _from_outside(session: Session, team_id: int, person_id: str, *, to: str) -> Team:
    people.known(session, person_id)
    # Who takes a seat in it locks the team as well, so that nobody is in it and outside of it.
    team = teams.get(session, team_id, lock=True)
    teams.require_open(team)
    if teams.is_member(team, person_id):
        raise Refusal(f"You sit in {team.name}: what happens there reaches you anyway, so there is no need to {to}.")
    return team


def _write(session: Session, team: Team, person_id: str, now: datetime) -> None:
    home_refresh.touch(session, [person_id], now=now)
    row = insert(session, Follow).values(person_id=person_id, team_id=team.id, since=now, supports=False)
    session.execute(row.on_conflict_do_nothing(index_elements=["person_id", "team_id"]))
    here = whereabouts(session, [person_id])[person_id]
    told = insert(session, Follower).values(person_id=person_id, next_at=here.next_at(now))
    session.execute(
        told.on_conflict_do_update(
            index_elements=["person_id"], set_={"next_at": func.coalesce(Follower.next_at, told.excluded.next_at)}
        )
    )


# --- as time passes ---------------------------------------------------------------------------------------------


def due(session: Session, now: datetime) -> bool:
    """Whether anybody is to be told by now."""
    return session.scalar(_to_tell(now).with_only_columns(Follower.person_id).limit(1)) is not None


def _to_tell(now: datetime) -> Select[Follower]:
    return select(Follower).where(Follower.next_at <= now, set_asides.not_aside(What.FOLLOWER, Follower.person_id, now))


def turn(session: Session, *, now: datetime) -> int:
    """Have those told whose Friday afternoon it is; whose it was on an earlier day are told a week later.

    Returns how many were looked at.
    """
    query = _to_tell(now).order_by(Follower.next_at, Follower.person_id).limit(AT_ONCE)
    found = session.scalars(query.with_for_update(skip_locked=True)).all()
    set_asides.each(
        session, What.FOLLOWER, found, lambda some: _tell(session, some, now), now=now, key=lambda each: each.person_id
    )
    return len(found)


def _tell(session: Session, found: Sequence[Follower], now: datetime) -> None:
    ids = [follower.person_id for follower in found]
    follows = set(session.scalars(select(Follow.person_id).where(Follow.person_id.in_(ids)).distinct()))
    places = whereabouts(session, ids)
    rows = []
    for follower in found:
        here = places[follower.person_id]
        if follower.person_id not in follows:
            follower.next_at = None
            continue
        rows += _row(follower.person_id, here, now)
        follower.next_at = here.next_at(now)
    posts.write_rows(session, rows)


def _row(person_id: str, here: WeekEnd, now: datetime) -> list[dict[str, object]]:
    on = cadence.local_date(now, here.zone)
    due_at, expires_at = here.at(on), cadence.instant(on, asking_times.NIGHT, here.zone)
    if on != here.told_on(on) or not due_at <= now < expires_at:
        return []
    key = f"{CARD}:{person_id}:{on}"
    return [prompt_posts.new_row(key, CARD, on.toordinal(), person_id, due_at=due_at, expires_at=expires_at, now=now)]


def whereabouts(session: Session, person_ids: Sequence[str]) -> dict[str, WeekEnd]:
    """Where these people's weeks end: by what they told us, else by their team's, else by the company's calendar."""
    settings = company.current(session)
    query = (
        select(Person, Team)
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Team, Team.id == Membership.team_id)
        .where(Person.id.in_(person_ids))
    )
    return {
        person.id: WeekEnd(
            person.zone or (team.zone if team else settings.zone),
            Calendar(person.weekend or settings.weekend, person.country or (team.country if team else None)),
        )
        for person, team in session.execute(query)
    }
