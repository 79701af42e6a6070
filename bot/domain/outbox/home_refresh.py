"""Whose Home is to be published anew: of those who opened it lately, the people something of whom changed.

What changes in the same two seconds is published once.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy import Update, bindparam, or_, select, update
from sqlalchemy.orm import Session

from bot.domain.company import people
from bot.platform.database import at_the_end, insert
from models.base import UtcDateTime
from models.company import Person
from models.home import OpenedHome
from models.teams import Membership

TOGETHER = timedelta(seconds=2)  # what else may change meanwhile
LATELY = timedelta(days=14)  # whoever has not looked for longer sees it when they open it
TODAY = timedelta(days=1)  # whoever opened it within a day need not be written down again
LEASE = timedelta(minutes=1)  # after so long somebody else publishes what was claimed and is still due
AT_ONCE = 20


@dataclass
class _Touched:
    """Whose Homes a transaction changes: these people's, and everybody's in these teams."""

    now: datetime
    people: set[str] = field(default_factory=set)
    teams: set[int] = field(default_factory=set)


@dataclass(frozen=True)
class HomeClaim:
    """Homes that are ours to publish `until` the lease ends."""

    person_ids: Sequence[str]
    until: datetime


def is_noted(session: Session, person_id: str, *, now: datetime) -> bool:
    """Whether it is written down already that this person opens Home. It takes no lock, as most openings need none."""
    opened_at = session.scalar(select(OpenedHome.opened_at).where(OpenedHome.person_id == person_id))
    return opened_at is not None and opened_at > now - TODAY


def opened(session: Session, person_id: str, *, now: datetime) -> None:
    """Somebody opened Home: from now on it is kept up to date."""
    people.require_row(session, person_id)
    row = insert(session, OpenedHome).values(person_id=person_id, opened_at=now)
    session.execute(row.on_conflict_do_update(index_elements=["person_id"], set_={"opened_at": now}))


def touch(session: Session, person_ids: Iterable[str | None], *, now: datetime) -> None:
    """Something changed that stands on these people's Homes. It costs nobody anything who never opened theirs."""
    _touched(session, now).people.update(each for each in person_ids if each is not None)


def touch_team(session: Session, team_id: int, *, now: datetime) -> None:
    """The same for everybody in a team."""
    _touched(session, now).teams.add(team_id)


def _touched(session: Session, now: datetime) -> _Touched:
    found = session.info.get(_Touched)
    if isinstance(found, _Touched):
        return found
    touched = _Touched(now)
    session.info[_Touched] = touched
    # At the end, all together and in one order: two who change the same people never wait for each other in a circle.
    at_the_end(session, lambda: _write(session, touched))
    return touched


def _write(session: Session, touched: _Touched) -> None:
    del session.info[_Touched]
    whose = {"people": list(touched.people), "teams": list(touched.teams)}
    session.execute(_DUE_SOON, {**whose, "lately": touched.now - LATELY, "soon": touched.now + TOGETHER})


def _due_soon() -> Update:
    seated = select(Membership.person_id).where(Membership.team_id.in_(bindparam("teams", expanding=True)))
    theirs = OpenedHome.person_id.in_(bindparam("people", expanding=True))
    open_ones = (
        select(OpenedHome.person_id)
        .where(theirs | OpenedHome.person_id.in_(seated), OpenedHome.opened_at > bindparam("lately"))
        .order_by(OpenedHome.person_id)
        .with_for_update()
    )
    soon = bindparam("soon", type_=UtcDateTime())
    # One that is being published at the moment may show what was before: it is due once more.
    later = or_(OpenedHome.due_at.is_(None), OpenedHome.due_at > soon)
    return (
        update(OpenedHome)
        .where(OpenedHome.person_id.in_(open_ones), later)
        .values(due_at=soon)
        .execution_options(synchronize_session=False)
    )


_DUE_SOON = _due_soon()  # built once: building it takes longer than running it


# --- publishing -------------------------------------------------------------------------------------------------


def is_due(session: Session, *, now: datetime) -> bool:
    """Whether any Home is to be published by now. It takes no lock."""
    return session.scalar(select(OpenedHome.person_id).where(OpenedHome.due_at <= now).limit(1)) is not None


def claim(session: Session, *, now: datetime) -> HomeClaim:
    """Take some of the Homes that are due, and none that another replica holds. Nobody publishes for who was deactivated."""
    query = (
        select(OpenedHome, Person.is_gone)
        .join(Person, Person.id == OpenedHome.person_id)
        .where(OpenedHome.due_at <= now)
        .order_by(OpenedHome.due_at, OpenedHome.person_id)
        .limit(AT_ONCE)
    )
    rows = session.execute(query.with_for_update(of=OpenedHome, skip_locked=True)).all()
    for home, is_gone in rows:
        home.due_at = None if is_gone else now + LEASE
    return HomeClaim([home.person_id for home, is_gone in rows if not is_gone], now + LEASE)


def settled(session: Session, claimed: HomeClaim, person_id: str) -> None:
    """It is published, or can't be. What changed since the claim has made it due anew, and stays so."""
    session.execute(_ours(claimed, [person_id]).values(due_at=None))


def put_off(session: Session, claimed: HomeClaim, person_ids: Sequence[str], *, until: datetime) -> None:
    """These are published not before then."""
    session.execute(_ours(claimed, person_ids).values(due_at=until))


def _ours(claimed: HomeClaim, person_ids: Sequence[str]) -> Update:
    return update(OpenedHome).where(OpenedHome.person_id.in_(person_ids), OpenedHome.due_at == claimed.until)
