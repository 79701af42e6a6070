"""The AI team's desks: what each owns, and who answers there."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, or_, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.company import Person
from models.desks import Desk, DeskMember
from models.teams import Membership, Team

AT_ONCE = 500  # ids in one statement
IS_OPEN = Desk.closed_at.is_(None)
NO_DESK = "Nobody answers requests yet. A Slack admin sets up who does, with `/reach-out setup`."


@dataclass(frozen=True)
class Source:
    """The channel or user group whose members answer at a desk; neither if only its small team answers."""

    desk_id: int
    channel_id: str | None
    usergroup_id: str | None


# --- finding ----------------------------------------------------------------------------------------------------


def get(session: Session, desk_id: int) -> Desk:
    """The desk with its team and lead. Raises Refusal when there is no such desk, or it is closed."""
    return _found(session.scalar(_with_lead().where(Desk.id == desk_id)))


def all(session: Session) -> Sequence[Desk]:  # noqa: A001  (read as desks.all)
    """The desks that are open, with their teams and leads, the oldest first."""
    return session.scalars(_with_lead().order_by(Desk.id)).all()


def everything(session: Session) -> Sequence[Desk]:
    """Every desk that is open, with its people, the oldest first."""
    return session.scalars(_whole().order_by(Desk.id)).all()


def first(session: Session) -> Desk | None:
    """The desk at which new requests arrive, to write one for it; None while there is no desk."""
    query = _kept_open().order_by(Desk.id).limit(1)
    return session.scalar(query) or session.scalar(query)  # the first one may have been closed while this waited for it


def receiving(session: Session, desk_id: int) -> Desk:
    """The desk, to write a request for it: nobody closes it until this transaction ends.

    Raises Refusal when there is no such desk, or it is closed.
    """
    return _found(session.scalar(_kept_open().where(Desk.id == desk_id)))


def _kept_open() -> Select[Desk]:
    query = _with_lead().execution_options(populate_existing=True)
    return query.with_for_update(read=True, key_share=True, of=Desk)


def load(session: Session, desk_id: int, *, lock: bool = False) -> Desk:
    """The desk with its people. With `lock`, nobody else decides anything about it until this transaction ends.

    Raises Refusal when there is no such desk, or it is closed.
    """
    desk = _found(session.scalar(_BY_ID_LOCKED if lock else _BY_ID, {"desk": desk_id}))
    people = session.scalars(_PEOPLE, {"desk": desk_id}, execution_options=teams.AFRESH)
    set_committed_value(desk, "members", people.all())
    teams.load_members(session, desk.team, with_aways=False)
    return desk


# Built once: building them takes as long as running them.
_BY_ID = (
    select(Desk)
    .where(IS_OPEN, Desk.id == bindparam("desk"))
    .options(joinedload(Desk.lead), joinedload(Desk.team))
    .execution_options(populate_existing=True)
)
# Its key does not change, so people can write requests for this desk meanwhile.
_BY_ID_LOCKED = _BY_ID.with_for_update(key_share=True, of=Desk)
_PEOPLE = (
    select(DeskMember)
    .where(DeskMember.desk_id == bindparam("desk"))
    .order_by(DeskMember.person_id)
    .options(joinedload(DeskMember.person))
)


def leads_of(session: Session, desk_ids: Iterable[int]) -> list[str]:
    """Who leads these desks, in their order; nobody leads one that is closed."""
    found = session.execute(select(Desk.id, Desk.lead_id).where(IS_OPEN, Desk.id.in_(wanted := list(desk_ids))))
    by_desk = {desk_id: lead_id for desk_id, lead_id in found}  # noqa: C416  (rows are no pairs to a type checker)
    return list(dict.fromkeys(by_desk[each] for each in wanted if each in by_desk))


def _found(desk: Desk | None) -> Desk:
    if desk is None:
        raise Refusal("Nobody answers there any more. Choose another one.", field="desk")
    return desk


def sources(session: Session, *, now: datetime) -> list[Source]:
    """The channel or user group of each desk, except for desks that were set aside."""
    is_free = set_asides.not_aside(What.DESK_PEOPLE, Desk.id, now)
    query = select(Desk.id, Desk.channel_id, Desk.usergroup_id).where(IS_OPEN, is_free).order_by(Desk.id)
    return [Source(*row) for row in session.execute(query)]


def _with_lead() -> Select[Desk]:
    return select(Desk).where(IS_OPEN).options(joinedload(Desk.lead), joinedload(Desk.team))


def _whole() -> Select[Desk]:
    return (
        select(Desk)
        .where(IS_OPEN)
        .options(
            joinedload(Desk.lead),
            selectinload(Desk.members).joinedload(DeskMember.person),
            joinedload(Desk.team).selectinload(Team.members).joinedload(Membership.person),
        )
    )


# --- who is at a desk -------------------------------------------------------------------------------------------


def people_of(desk: Desk) -> list[Person]:
    """Who answers at a desk that was found here, by name."""
    found = [member.person for member in desk.members]
    found += [member.person for member in desk.team.members] + [desk.lead]
    return by_name({person.id: person for person in found if answers(person)}.values())


def by_name(found: Iterable[Person]) -> list[Person]:
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))


def people(session: Session, desk_id: int) -> list[Person]:
    """Who answers at this desk, by name: its members as Slack last told us, its small team, and its lead."""
    return people_of(load(session, desk_id))


def answers(person: Person) -> bool:
    return not (person.is_bot or person.is_gone)


def at_a_desk(session: Session, person_id: str) -> Sequence[Desk]:
    """The desks at which this person answers, the oldest first."""
    return session.scalars(_with_lead().where(_has(person_id)).order_by(Desk.id)).all()


def of_people(session: Session, person_ids: Collection[str]) -> Sequence[int]:
    """The ids of the desks at which any of these people is."""
    seats = or_(
        Desk.lead_id.in_(person_ids),
        exists().where(DeskMember.desk_id == Desk.id, DeskMember.person_id.in_(person_ids)),
        exists().where(Membership.team_id == Desk.team_id, Membership.person_id.in_(person_ids)),
    )
    return session.scalars(select(Desk.id).where(IS_OPEN, seats)).all()


def is_at(session: Session, desk_id: int, person_id: str) -> bool:
    """Whether this person answers at that desk."""
    return session.scalar(select(Desk.id).where(Desk.id == desk_id, _has(person_id))) is not None


def is_at_any(session: Session, person_id: str) -> bool:
    """Whether this person answers at some desk."""
    return session.scalar(select(Desk.id).where(_has(person_id)).limit(1)) is not None


def require_at_a_desk(session: Session, person_id: str) -> None:
    """Raise Refusal unless this person answers at some desk."""
    if is_at_any(session, person_id):
        return
    found = session.execute(select(Desk.name, Person.name).join(Desk.lead).where(IS_OPEN).order_by(Desk.id)).all()
    if not found:
        raise Refusal(NO_DESK)
    who = "; ".join(f"{desk} (lead {lead})" for desk, lead in found)
    raise Refusal(
        f"Only the people who answer requests can do that: {who}. Write in the request's thread: they read it."
    )


def require_at(session: Session, desk: Desk, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person answers at that desk; `to` says what for."""
    if not is_at(session, desk.id, person_id):
        raise Refusal(f"Only the people of {desk.name} can {to}. {desk.lead.name} leads it.")


def _has(person_id: str) -> ColumnElement[bool]:
    able = exists().where(Person.id == person_id, *_able())
    here = or_(
        Desk.lead_id == person_id,
        exists().where(DeskMember.desk_id == Desk.id, DeskMember.person_id == person_id),
        exists().where(Membership.team_id == Desk.team_id, Membership.person_id == person_id),
    )
    return able & here & IS_OPEN


def _able() -> tuple[ColumnElement[bool], ...]:
    return ~Person.is_bot, ~Person.is_gone


def sync(session: Session, desk_id: int, person_ids: Collection[str], *, now: datetime) -> bool:
    """Write down who answers at a desk, as Slack says; apps, guests and deactivated accounts do not.

    Returns whether that is news.
    """
    desk = load(session, desk_id, lock=True)
    wanted = _known(session, sorted(set(person_ids)))
    here = {person.id for person in people_of(desk)}
    # Of the small team's people only who takes no turns has a row of their own.
    wanted |= {
        each.person_id for each in desk.members if not each.takes_turns and _belongs(desk, each.person_id)
    } & here
    was = {each.person_id for each in desk.members}
    if was == wanted:
        return False
    session.execute(delete(DeskMember).where(DeskMember.desk_id == desk_id, DeskMember.person_id.in_(was - wanted)))
    session.add_all(DeskMember(desk_id=desk_id, person_id=each) for each in sorted(wanted - was))
    session.flush()
    return True


def would_leave(session: Session, desk_id: int, person_ids: Collection[str]) -> list[str]:
    """Who answers at this desk, and does no more once its people are these and those of its small team."""
    desk, wanted = load(session, desk_id), set(person_ids)
    return [each.id for each in people_of(desk) if each.id not in wanted and not _belongs(desk, each.id)]


def _belongs(desk: Desk, person_id: str) -> bool:
    return person_id == desk.lead_id or teams.is_member(desk.team, person_id)


def _known(session: Session, person_ids: Sequence[str]) -> set[str]:
    parts = [person_ids[start : start + AT_ONCE] for start in range(0, len(person_ids), AT_ONCE)]
    return {
        found for part in parts for found in session.scalars(select(Person.id).where(Person.id.in_(part), *_able()))
    }
