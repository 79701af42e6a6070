"""Who is who: what Slack told us about the people of the workspace."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, literal, select, update
from sqlalchemy.orm import Session, selectinload

from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.base import UtcDateTime
from models.company import Person
from models.sharing import Follower
from models.teams import Membership, Team


@dataclass(frozen=True)
class Status:
    """What somebody wrote beside their name, and until when it stands there; None for no end."""

    text: str = ""
    emoji: str = ""
    ends_at: datetime | None = None


@dataclass(frozen=True)
class Profile:
    """What Slack says of an account. `zone` is an IANA name, or None where Slack has none."""

    id: str
    name: str
    zone: str | None
    is_admin: bool
    is_bot: bool
    is_guest: bool
    is_deactivated: bool
    handle: str = ""
    status: Status = Status()


def sync(session: Session, profiles: Iterable[Profile], *, now: datetime) -> list[Person]:
    """Write down what Slack says. Returns the people who were deactivated since the last time."""
    by_id = {profile.id: profile for profile in profiles}
    if not by_id:
        return []
    # Two replicas that start at once meet the same people: each is written once, and both lock them in one order.
    stubs = [_stub(each) for each in sorted(by_id)]
    session.execute(insert(session, Person).values(stubs).on_conflict_do_nothing(index_elements=["id"]))
    # No key is changed, so that whoever writes a row that refers to one of them need not wait, and nobody for each other.
    query = select(Person).where(Person.id.in_(by_id)).order_by(Person.id).with_for_update(key_share=True)
    gone, moved = [], []
    for person in session.scalars(query.execution_options(populate_existing=True)):
        profile = by_id[person.id]
        if profile.is_deactivated and not person.is_deactivated:
            gone.append(person)
        if profile.zone != person.zone:
            moved.append(person.id)
        person.name = profile.name
        person.handle = profile.handle or None
        person.zone = profile.zone
        person.is_admin = profile.is_admin
        person.is_bot = profile.is_bot
        person.is_guest = profile.is_guest
        person.is_deactivated = profile.is_deactivated
        person.synced_at = now
    session.flush()
    look_again(session, moved, now=now)
    return gone


def look_again(session: Session, person_ids: Collection[str], *, now: datetime) -> None:
    """Have the clock see anew when these people are to be asked: they work in another zone, or on other days."""
    if person_ids:
        theirs = select(Membership.team_id).where(Membership.person_id.in_(person_ids))
        at = literal(now, UtcDateTime())
        session.execute(
            update(Team).where(Team.id.in_(theirs)).values(next_at=case((Team.next_at < at, Team.next_at), else_=at))
        )
        follows = update(Follower).where(Follower.person_id.in_(person_ids), Follower.next_at > now)
        session.execute(follows.values(next_at=now))


def known(session: Session, person_id: str) -> Person:
    """The person who acts. Raises Refusal while Slack has not told us who that is."""
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("Prickle has not read your Slack profile yet. Try again in a minute.")
    return person


def require_row(session: Session, person_id: str) -> None:
    """Have a row for this person, for others to refer to; the name comes with the next look at the workspace."""
    session.execute(insert(session, Person).values([_stub(person_id)]).on_conflict_do_nothing(index_elements=["id"]))


def _stub(person_id: str) -> dict[str, object]:
    return {
        "id": person_id,
        "name": "",
        "is_admin": False,
        "is_bot": False,
        "is_guest": False,
        "is_deactivated": False,
    }


def names(session: Session, person_ids: Collection[str]) -> dict[str, str]:
    """The names of those of these people whom we know, by id."""
    query = select(Person.id, Person.name).where(Person.id.in_(person_ids))
    return {row.id: row.name for row in session.execute(query)} if person_ids else {}


def load_aways(session: Session, members: Iterable[Person]) -> None:
    """Have the aways of these people at hand, which `sprints.whole` loads for a sprint that is stored."""
    query = select(Person).where(Person.id.in_([person.id for person in members])).options(selectinload(Person.aways))
    session.scalars(query.execution_options(populate_existing=True)).all()


def seatable(session: Session, person_ids: Sequence[str], *, field: str | None = None) -> list[Person]:
    """These people, in this order. Raises Refusal when one of them can't sit in a small team."""
    found = {person.id: person for person in session.scalars(select(Person).where(Person.id.in_(person_ids)))}
    people = []
    for person_id in dict.fromkeys(person_ids):
        person = found.get(person_id)
        if person is None:
            raise Refusal("One of these people is new to Prickle. Try again in a minute.", field=field)
        people.append(_seatable(person, field))
    return people


def _seatable(person: Person, field: str | None) -> Person:
    if person.is_bot:
        raise Refusal(f"{person.name} is an app, and only people sit in a small team.", field=field)
    if person.is_deactivated:
        raise Refusal(f"{person.name}'s Slack account is deactivated. Choose somebody else.", field=field)
    if person.is_guest:
        raise Refusal(
            f"{person.name} is a guest in this workspace. Ask an admin for a full account first.",
            field=field,
        )
    return person
