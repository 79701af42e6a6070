"""The AI team's desks: what each owns, who answers there, and who has triage."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import ColumnElement, Select, bindparam, delete, exists, or_, select, union
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.calendar import cadence, periods, rotation
from bot.domain.calendar.rotation import Crew
from bot.domain.company import company
from bot.domain.company import people as accounts
from bot.domain.outbox import posts, set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.base import UtcDateTime
from models.company import Away, Person
from models.desks import Desk, DeskMember, TriageWeek
from models.outbox import Card
from models.teams import Membership, Team

CARD, THE_CARD = Card.ROTA, 1  # one card, pinned in the intake channel
MOVED_CARD = Card.ROTA_MOVED  # what is left of it in a channel before
AT_ONCE = 500  # ids in one statement
IS_OPEN = Desk.closed_at.is_(None)
NO_DESK = "The AI team has no desk yet. A Slack admin makes the first one with `/reach-out setup`."


@dataclass(frozen=True)
class OnTriage:
    """Who answers first at a desk at the moment; None where nobody is there."""

    desk: Desk
    person: Person | None


@dataclass(frozen=True)
class Duty:
    """The same by id and name."""

    desk_id: int
    desk: str
    person_id: str | None = None
    person: str | None = None


@dataclass(frozen=True)
class Source:
    """Where Slack says who is at a desk; neither for one whose people are those of its small team."""

    desk_id: int
    channel_id: str | None
    usergroup_id: str | None


@dataclass(frozen=True)
class Pin:
    """The card as it stands in a channel, where it is still to be pinned."""

    channel_id: str
    ts: str


# --- finding ----------------------------------------------------------------------------------------------------


def get(session: Session, desk_id: int) -> Desk:
    """The desk with its team and lead. Raises Refusal when there is no such desk, or it is closed."""
    return _found(session.scalar(_with_lead().where(Desk.id == desk_id)))


def all(session: Session) -> Sequence[Desk]:  # noqa: A001  (read as desks.all)
    """The desks that are open, with their teams and leads, the oldest first."""
    return session.scalars(_with_lead().order_by(Desk.id)).all()


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
# No key is changed, so that whoever writes a request for this desk need not wait.
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
        raise Refusal("This desk is gone. Choose another one.", field="desk")
    return desk


def sources(session: Session, *, now: datetime) -> list[Source]:
    """Where Slack says who is at which desk; those are left out that were set aside."""
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


# --- the card in the intake channel ----------------------------------------------------------------------------------


def show(session: Session, *, now: datetime) -> None:
    """Have the card in the intake channel say what is so by now. Nothing is drawn without a channel or a desk."""
    channel = company.current(session).intake_channel_id
    if channel is not None and session.scalar(select(Desk.id).where(IS_OPEN).limit(1)) is not None:
        _leave(session, channel, now)
        posts.draw(session, CARD, THE_CARD, channel, now=now)


def _leave(session: Session, channel_id: str, now: datetime) -> None:
    """The card in a channel that is not the intake channel any more says where to go, and is pinned there no more."""
    card, settings = posts.card_of(session, CARD, THE_CARD), company.current(session)
    if card is None or card.message_ts is None or card.channel_id == channel_id:
        return
    posts.leave(session, card, f"{MOVED_CARD}:{card.channel_id}:{card.message_ts}", MOVED_CARD, now=now)
    settings.unpin_channel_id, settings.unpin_ts = card.posted_in_id or card.channel_id, card.message_ts


def to_unpin(session: Session) -> Pin | None:
    """The card of a channel before, while it is still pinned there."""
    settings = company.current(session)
    if settings.unpin_channel_id is None or settings.unpin_ts is None:
        return None
    return Pin(settings.unpin_channel_id, settings.unpin_ts)


def unpinned(session: Session, pin: Pin) -> None:
    """Take down that it is pinned no more."""
    settings = company.current(session)
    if settings.unpin_ts == pin.ts:
        settings.unpin_channel_id = settings.unpin_ts = None


def redraw_for(session: Session, person_ids: Collection[str], *, now: datetime) -> None:
    """These people went away or came back: have the card say who answers instead."""
    query = select(TriageWeek.desk_id).where(TriageWeek.person_id.in_(person_ids))
    query = query.where(TriageWeek.week_on == this_week(session, now))
    if person_ids and session.scalar(query.limit(1)) is not None:
        posts.redraw(session, CARD, THE_CARD, now=now)


def to_pin(session: Session) -> Pin | None:
    """The card, while it is still to be pinned where it stands."""
    card = posts.card_of(session, CARD, THE_CARD)
    if card is None or card.message_ts is None or card.message_ts == company.current(session).pinned_ts:
        return None
    return Pin(card.posted_in_id or card.channel_id, card.message_ts)


def pinned(session: Session, pin: Pin) -> None:
    """Take down that the card is pinned."""
    company.current(session).pinned_ts = pin.ts


# --- who is at a desk -------------------------------------------------------------------------------------------


def people_of(desk: Desk) -> list[Person]:
    """Who answers at a desk that was found here, by name."""
    found = [member.person for member in desk.members]
    found += [member.person for member in desk.team.members] + [desk.lead]
    return _by_name({person.id: person for person in found if _answers(person)}.values())


def _by_name(found: Iterable[Person]) -> list[Person]:
    return sorted(found, key=lambda person: (person.name.casefold(), person.id))


def people(session: Session, desk_id: int) -> list[Person]:
    """Who answers at this desk, by name: its members as Slack last told us, its small team, and its lead."""
    return people_of(load(session, desk_id))


def _answers(person: Person) -> bool:
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


def require_at_a_desk(session: Session, person_id: str) -> None:
    """Raise Refusal unless this person answers at some desk."""
    if session.scalar(select(Desk.id).where(_has(person_id)).limit(1)) is not None:
        return
    found = session.execute(select(Desk.name, Person.name).join(Desk.lead).where(IS_OPEN).order_by(Desk.id)).all()
    if not found:
        raise Refusal(NO_DESK)
    who = "; ".join(f"{desk} (lead {lead})" for desk, lead in found)
    raise Refusal(
        f"Only people at a desk of the AI team can do that: {who}. Write in the request's thread: they read it."
    )


def require_at(session: Session, desk: Desk, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person answers at that desk; `to` says what for."""
    if not is_at(session, desk.id, person_id):
        raise Refusal(f"Only people at the desk {desk.name} can {to}. Its lead is {desk.lead.name}.")


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


# --- who has triage ---------------------------------------------------------------------------------------------


def on_triage(session: Session, desk_id: int, now: datetime) -> Person | None:
    """Who answers first at this desk: whose week it is, or while they are away the next in line who is there."""
    return next((turn.person for turn in _turns(session, [load(session, desk_id)], now)), None)


def triage(session: Session, *, now: datetime) -> list[OnTriage]:
    """The same for every desk, the oldest first."""
    return _turns(session, everything(session), now)


def duties(session: Session, *, now: datetime) -> list[Duty]:
    """The same by ids and names, for a screen that opens often: one query while all of them are there, else two."""
    week = this_week(session, now)
    rows = session.execute(_DUTIES, {"now": now, "week": week}).all()
    found = {desk_id: Duty(desk_id, desk) for desk_id, desk, *_ in rows}
    taken: dict[int, dict[date, str]] = {desk_id: {} for desk_id in found}
    for desk_id, desk, week_on, person_id, name, is_missing in rows:
        if week_on is not None:
            taken[desk_id][week_on] = person_id
        if week_on == week and not is_missing:
            found[desk_id] = Duty(desk_id, desk, person_id, name)
    missing = [desk_id for desk_id, duty in found.items() if duty.person_id is None]
    for desk_id, crew in (_crews(session, missing) if missing else {}).items():
        line = rotation.in_line(crew, taken[desk_id])
        there = next((each for each in line if not any(periods.is_away(away, now) for away in each.aways)), None)
        if there is not None:
            found[desk_id] = replace(found[desk_id], person_id=there.id, person=there.name)
    return list(found.values())


def _duties() -> Select[int, str, date | None, str, str, bool]:
    now, week = bindparam("now", type_=UtcDateTime()), bindparam("week", type_=TriageWeek.week_on.type)
    is_over = Away.ends_at.is_not(None) & (Away.ends_at <= now)
    is_away = exists().where(Away.person_id == Person.id, Away.starts_at <= now, ~is_over)
    return (
        select(Desk.id, Desk.name, TriageWeek.week_on, Person.id, Person.name, Person.is_gone | is_away)
        .outerjoin(TriageWeek, (TriageWeek.desk_id == Desk.id) & (TriageWeek.week_on >= week))
        .outerjoin(Person, Person.id == TriageWeek.person_id)
        .where(IS_OPEN)
        .order_by(Desk.id)
    )


_DUTIES = _duties()  # built once: building it takes longer than running it


def _crews(session: Session, desk_ids: Sequence[int]) -> dict[int, Crew]:
    """Who is at these desks, with their aways and whether they take turns: the same as `crews_of`, in one query."""
    seats = union(
        select(Desk.id, Desk.lead_id.label("person_id")),
        select(DeskMember.desk_id, DeskMember.person_id),
        select(Desk.id, Membership.person_id).join(Membership, Membership.team_id == Desk.team_id),
    ).subquery()
    member = (DeskMember.desk_id == seats.c.id) & (DeskMember.person_id == Person.id)
    query = (
        select(seats.c.id, Person, DeskMember.takes_turns)
        .join(Person, Person.id == seats.c.person_id)
        .outerjoin(DeskMember, member)
        .outerjoin(Person.aways)
        .where(seats.c.id.in_(desk_ids))
        .options(contains_eager(Person.aways))
        .execution_options(populate_existing=True)
    )
    settings = company.current(session)
    people: dict[int, list[Person]] = {desk_id: [] for desk_id in desk_ids}
    no_turns: dict[int, set[str]] = {desk_id: set() for desk_id in desk_ids}
    for desk_id, person, takes_turns in session.execute(query).unique():
        if _answers(person):
            people[desk_id].append(person)
        if takes_turns is False:
            no_turns[desk_id].add(person.id)
    return {
        desk_id: Crew(_by_name(found), frozenset(no_turns[desk_id]), settings.zone, settings.weekend)
        for desk_id, found in people.items()
    }


def everything(session: Session) -> Sequence[Desk]:
    """Every desk that is open, with its people, the oldest first."""
    return session.scalars(_whole().order_by(Desk.id)).all()


def _turns(session: Session, desks: Sequence[Desk], now: datetime) -> list[OnTriage]:
    if not desks:
        return []
    week = this_week(session, now)
    taken = weeks(session, [desk.id for desk in desks], since=week)
    crews = crews_of(session, desks)
    found = []
    for desk in desks:
        line = rotation.in_line(crews[desk.id], taken[desk.id])
        there = (person for person in line if not any(periods.is_away(away, now) for away in person.aways))
        found.append(OnTriage(desk, next(there, None)))
    return found


def crews_of(session: Session, desks: Sequence[Desk]) -> dict[int, Crew]:
    """Who is at these desks, with their aways and whether they take turns."""
    settings = company.current(session)
    found = {desk.id: people_of(desk) for desk in desks}
    everybody = [person for crew in found.values() for person in crew]
    accounts.load_aways(session, everybody)
    countries = teams.countries_of(session, [person.id for person in everybody])
    return {
        desk.id: Crew(
            found[desk.id],
            frozenset(member.person_id for member in desk.members if not member.takes_turns),
            settings.zone,
            settings.weekend,
            countries,
        )
        for desk in desks
    }


def this_week(session: Session, now: datetime) -> date:
    """The Monday of this week, by the company's calendar."""
    return rotation.monday(cadence.local_date(now, company.current(session).zone))


def weeks(session: Session, desk_ids: Iterable[int], *, since: date) -> dict[int, dict[date, str]]:
    """Whose week is which at these desks, from this Monday on."""
    found: dict[int, dict[date, str]] = {desk_id: {} for desk_id in desk_ids}
    query = select(TriageWeek.desk_id, TriageWeek.week_on, TriageWeek.person_id)
    query = query.where(TriageWeek.desk_id.in_(found), TriageWeek.week_on >= since)
    for desk_id, week_on, person_id in session.execute(query):
        found[desk_id][week_on] = person_id
    return found
