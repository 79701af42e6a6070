"""Who is who: what Slack told us about the people of the workspace."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, delete, literal, select, update
from sqlalchemy.orm import Session, aliased, selectinload

from bot.platform.database import insert
from bot.platform.errors import Refusal
from models.base import UtcDateTime
from models.company import Company, Person
from models.sharing import Follower
from models.subscriptions import Subscription
from models.teams import Membership, Team


@dataclass(frozen=True)
class Status:
    """What somebody wrote beside their name, and until when it stands there; None for no end."""

    text: str = ""
    emoji: str = ""
    ends_at: datetime | None = None


# Shown only after we have asked Slack.
NOBODY = "Slack shows me nobody with this id. Choose somebody in this workspace."


class Standing(StrEnum):
    """What an account is in this workspace. Only full members act."""

    MEMBER = "member"
    GUEST = "guest"
    STRANGER = "stranger"
    DEACTIVATED = "deactivated"
    APP = "app"


@dataclass(frozen=True)
class Profile:
    """What Slack says of an account. `zone` is an IANA name, or None where Slack has none.

    `workspaces` are those that it is a full account of; empty where Slack names none. Two may have the same `name`, and
    the same full name, but no two in a workspace the same handle.
    """

    id: str
    name: str
    zone: str | None
    is_admin: bool
    is_bot: bool
    is_guest: bool
    is_deactivated: bool
    status: Status = Status()
    workspaces: frozenset[str] = frozenset()
    full_name: str = ""
    handle: str = ""


def sync(session: Session, profiles: Iterable[Profile], *, now: datetime) -> list[Person]:
    """Write down what Slack says. Returns the people who are gone since the last time: they left, or are guests now."""
    by_id = {profile.id: profile for profile in profiles}
    if not by_id:
        return []
    # Two replicas that start at once meet the same people: each is written once, and both lock them in one order.
    stubs = [_stub(each) for each in sorted(by_id)]
    session.execute(insert(session, Person).values(stubs).on_conflict_do_nothing(index_elements=["id"]))
    # No key is changed, so that whoever writes a row that refers to one of them need not wait, and nobody for each other.
    concerned = Person.id.in_(by_id) | _is_called_like(by_id.values())
    query = select(Person).where(concerned).order_by(Person.id).with_for_update(key_share=True)
    found = session.scalars(query.execution_options(populate_existing=True)).all()
    home = session.scalar(select(Company.workspace_id))
    gone, moved, back = [], [], []
    for person in found:
        if (profile := by_id.get(person.id)) is None:
            continue
        was_gone = person.is_gone
        if profile.zone != person.zone:
            moved.append(person.id)
        person.called, person.called_key = profile.name, profile.name.casefold()
        person.full_name, person.handle = profile.full_name, profile.handle
        person.zone = profile.zone
        person.is_admin = profile.is_admin
        person.is_bot = profile.is_bot
        person.is_guest = profile.is_guest
        person.is_deactivated = profile.is_deactivated
        person.is_stranger = bool(home and profile.workspaces) and home not in profile.workspaces
        if person.is_gone and not was_gone:
            gone.append(person)
        elif was_gone and not person.is_gone:
            back.append(person)
        person.synced_at = now
    _tell_apart(found)
    session.flush()
    _stop_calendars(session, [person.id for person in (*gone, *back)])
    look_again(session, moved, now=now)
    return gone


def _stop_calendars(session: Session, person_ids: Collection[str]) -> None:
    """The addresses of their calendars are dead for good, also when one was made in the moment in which they left."""
    if person_ids:
        session.execute(delete(Subscription).where(Subscription.person_id.in_(person_ids)))


def _is_called_like(profiles: Collection[Profile]) -> ColumnElement[bool]:
    """Who is called the same as one of these accounts is now, or was so far."""
    other = aliased(Person)
    before = select(other.called_key).where(other.id.in_([profile.id for profile in profiles]))
    return Person.called_key.in_({profile.name.casefold() for profile in profiles}) | Person.called_key.in_(before)


def _tell_apart(found: Iterable[Person]) -> None:
    """Somebody goes by what they are called; of two who are called the same, by their full names, or else their handles."""
    alike = defaultdict(list)
    for person in found:
        if person.called is not None:
            person.name = person.called
            if not (person.is_gone or person.is_bot):
                alike[person.called_key].append(person)
    for namesakes in alike.values():
        if len(namesakes) > 1:
            full = Counter((person.full_name or "").casefold() for person in namesakes)
            for person in namesakes:
                person.name = _apart(person, full[(person.full_name or "").casefold()] > 1)


def _apart(person: Person, is_shared: bool) -> str:
    if person.full_name and not is_shared and person.full_name != person.called:
        return person.full_name
    return f"{person.called} (@{person.handle})" if person.handle else str(person.called)


def look_again(session: Session, person_ids: Collection[str], *, now: datetime) -> None:
    """Have the clock work out again when to ask these people: their zone or their working days changed."""
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
        raise Refusal("Slack does not tell me who you are. Try again, and tell a Slack admin if it stays like this.")
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
        "is_stranger": False,
        "is_deactivated": False,
    }


def names(session: Session, person_ids: Collection[str]) -> dict[str, str]:
    """The names of these people, by id, as far as we know them."""
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
            raise Refusal(NOBODY, field=field)
        people.append(_seatable(person, field))
    return people


def standings(session: Session, person_ids: Iterable[str]) -> dict[str, Standing]:
    """What these people may do here. People Slack has not told us about yet are left out."""
    # Plain rows of a statement that is built once: it is asked before everything that anybody does.
    found = session.connection().execute(_STANDINGS, {"ids": list(set(person_ids))})
    return {row.id: _standing(row) for row in found}


_STANDINGS = select(Person.id, Person.is_bot, Person.is_deactivated, Person.is_stranger, Person.is_guest).where(
    Person.id.in_(bindparam("ids", expanding=True)), Person.synced_at.is_not(None)
)


def _standing(row: Any) -> Standing:
    kinds = {
        Standing.APP: row.is_bot,
        Standing.DEACTIVATED: row.is_deactivated,
        Standing.STRANGER: row.is_stranger,
        Standing.GUEST: row.is_guest,
    }
    return next((kind for kind, holds in kinds.items() if holds), Standing.MEMBER)


def how_gone(person: Person) -> str:
    """Why somebody is no full member any more, in words that follow their name."""
    if person.is_deactivated:
        return "has left the company"
    return "is from another organization now" if person.is_stranger else "is a guest here now"


def require_here(person: Person, field: str | None) -> Person:
    """Raise Refusal for somebody who can't be chosen here, with why not."""
    if person.is_deactivated:
        raise Refusal(f"{person.name}'s Slack account is deactivated. Choose somebody else.", field=field)
    if person.is_stranger:
        raise Refusal(f"{person.name} is from another organization. Choose somebody of this one.", field=field)
    if person.is_guest:
        raise Refusal(
            f"{person.name} is a guest in this workspace. Ask an admin for a full account first.",
            field=field,
        )
    return person


def _seatable(person: Person, field: str | None) -> Person:
    if person.is_bot:
        raise Refusal(f"{person.name} is an app, and only people sit in a small team.", field=field)
    return require_here(person, field)
