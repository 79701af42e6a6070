"""The secret addresses of calendars. An address is shown once; here is only a hash of its token."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import bindparam, or_, select
from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.teams import teams
from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.company import Person
from models.subscriptions import Subscription
from models.teams import Team

PATH = "/calendar/"
ENDING = ".ics"
TOKEN_BYTES = 32
AN_HOUR = timedelta(hours=1)
MOST_AN_HOUR = 60
OFF = "Calendars are off: the people who run Prickle have not set PUBLIC_URL."


@dataclass(frozen=True)
class Offer:
    """A calendar that somebody can subscribe to: a team's, or without one their own. `made_at` is when they last did."""

    team: Team | None = None
    made_at: datetime | None = None


@dataclass(frozen=True)
class Reader:
    """Whose calendar program asks, and for which calendar: a team's, or without one their own."""

    id: int
    person_id: str
    team_id: int | None


def are_on(session: Session) -> bool:
    """Whether there are calendars to subscribe to."""
    return company.current(session).public_url is not None


def offer(session: Session, person_id: str, team_id: int | None) -> Offer:
    """The calendar, before somebody makes an address for it. Raises Refusal while calendars are off, and for a team that ended."""
    team = _require(session, team_id)[1]
    theirs = Subscription.person_id == person_id, Subscription.team_id == team_id
    return Offer(team, session.scalar(select(Subscription.made_at).where(*theirs)))


def make(session: Session, person_id: str, team_id: int | None, *, now: datetime) -> str:
    """Make an address for this person; the one that they had for this calendar stops. Of two at once the later one counts.

    Raises Refusal while calendars are off, for a team that ended, and for people who are no full members.
    """
    public_url, _team = _require(session, team_id)
    people.require_here(people.known(session, person_id), None)
    token = secrets.token_urlsafe(TOKEN_BYTES)
    row = {"token_hash": _hash(token), "made_at": now, "asked": ""}
    written = insert(session, Subscription).values(person_id=person_id, team_id=team_id, **row)
    if team_id is None:
        own = Subscription.team_id.is_(None)
        session.execute(written.on_conflict_do_update(index_elements=["person_id"], index_where=own, set_=row))
    else:
        session.execute(written.on_conflict_do_update(index_elements=["person_id", "team_id"], set_=row))
    return f"{public_url}{PATH}{token}{ENDING}"


def _require(session: Session, team_id: int | None) -> tuple[str, Team | None]:
    public_url = company.current(session).public_url
    if public_url is None:
        raise Refusal(OFF)
    team = None if team_id is None else teams.get(session, team_id)
    if team is not None:
        teams.require_open(team)
    return public_url, team


def find(session: Session, token: str) -> Reader | None:
    """Who may read at this address. An unknown or old one, a person who left, a guest and a team that ended look alike."""
    row = session.execute(_BY_TOKEN, {"hash": _hash(token)}).one_or_none()
    return Reader(*row) if row else None


def count(session: Session, reader: Reader, *, now: datetime) -> int:
    """Count a request. Returns in how many seconds the next one is answered: 0 for this one."""
    query = select(Subscription).where(Subscription.id == reader.id).with_for_update()
    found = session.scalars(query.execution_options(populate_existing=True)).one()
    second, hour = int(now.timestamp()), int(AN_HOUR.total_seconds())
    asked = [at for at in map(int, filter(None, found.asked.split(","))) if second - hour < at <= second]
    if len(asked) >= MOST_AN_HOUR:
        return asked[0] + hour - second
    found.asked = ",".join(map(str, [*asked, second]))
    return 0


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


_BY_TOKEN = (
    select(Subscription.id, Subscription.person_id, Subscription.team_id)
    .join(Person, Person.id == Subscription.person_id)
    .outerjoin(Team, Team.id == Subscription.team_id)
    .where(
        Subscription.token_hash == bindparam("hash"),
        ~Person.is_gone,
        or_(Subscription.team_id.is_(None), Team.closed_at.is_(None)),
    )
)
