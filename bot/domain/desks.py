"""The AI team's desks: what each owns, who answers there, and who has triage."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, delete, exists, func, or_, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.database import insert
from bot.domain import absences, cadence, company, posts, teams, turns
from bot.domain import people as accounts
from bot.domain.channels import Channel
from bot.domain.turns import Crew
from bot.errors import Refusal
from models.company import Company
from models.desks import Desk, DeskMember, TriageWeek
from models.people import Person
from models.posts import Post
from models.teams import Membership, Team

CARD, THE_CARD = "rota", 1  # one card, pinned in the intake channel
TURN_CARD = "triage"  # in the DM of who has triage, on their Monday morning
HELLO, EVENING = time(9), time(20)
NAME_LENGTH, OWNS_LENGTH = 60, 300
AT_ONCE = 500  # ids in one statement
NO_DESK = "The AI team has no desk yet. A Slack admin makes the first one with `/reach-out setup`."


@dataclass(frozen=True)
class DeskForm:
    """What a desk is. Its people are the members of a channel or of a user group, and those of its small team."""

    name: str
    owns: str
    team: int | None
    lead: str
    channel: str | None
    usergroup: str | None


@dataclass(frozen=True)
class Turn:
    """Who answers first at a desk at the moment; None where nobody is there."""

    desk: Desk
    person: Person | None


@dataclass(frozen=True)
class Setup:
    """What `/reach-out setup` shows a viewer, who is an admin of the workspace or leads a desk."""

    turns: Sequence[Turn]
    company: Company
    viewer: str
    is_admin: bool

    def may_edit(self, desk: Desk) -> bool:
        """Whether the viewer may change this desk."""
        return self.is_admin or desk.lead_id == self.viewer


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
    """The desk with its team and lead. Raises Refusal when there is no such desk."""
    return _found(session.scalar(_with_lead().where(Desk.id == desk_id)))


def all_desks(session: Session) -> Sequence[Desk]:
    """The desks with their teams and leads, the oldest first."""
    return session.scalars(_with_lead().order_by(Desk.id)).all()


def first(session: Session) -> Desk | None:
    """The desk at which new requests arrive; None while there is no desk."""
    return session.scalar(_with_lead().order_by(Desk.id).limit(1))


def whole(session: Session, desk_id: int, *, lock: bool = False) -> Desk:
    """The desk with its people. With `lock`, nobody else decides anything about it until this transaction ends.

    Raises Refusal when there is no such desk.
    """
    query = _whole().where(Desk.id == desk_id).execution_options(populate_existing=True)
    # No key is changed, so that whoever writes a request for this desk need not wait.
    return _found(session.scalar(query.with_for_update(key_share=True, of=Desk) if lock else query))


def _found(desk: Desk | None) -> Desk:
    if desk is None:
        raise Refusal("This desk is gone. Choose another one.", field="desk")
    return desk


def sources(session: Session) -> list[Source]:
    """Where Slack says who is at which desk."""
    query = select(Desk.id, Desk.channel_id, Desk.usergroup_id).order_by(Desk.id)
    return [Source(*row) for row in session.execute(query)]


def _with_lead() -> Select[Desk]:
    return select(Desk).options(joinedload(Desk.lead), joinedload(Desk.team))


def _whole() -> Select[Desk]:
    return select(Desk).options(
        joinedload(Desk.lead),
        selectinload(Desk.members).joinedload(DeskMember.person),
        joinedload(Desk.team).selectinload(Team.members).joinedload(Membership.person),
    )


# --- setting up -------------------------------------------------------------------------------------------------


def setup(session: Session, viewer: str, *, now: datetime) -> Setup:
    """The desks, to be set up. Raises Refusal unless the viewer is an admin of the workspace or leads a desk."""
    is_admin = accounts.known(session, viewer).is_admin
    found = triage(session, now=now)
    if not is_admin and not any(turn.desk.lead_id == viewer for turn in found):
        leads = ", ".join(f"{turn.desk.lead.name} ({turn.desk.name})" for turn in found)
        others = f", and a desk's lead their own: {leads}" if leads else ""
        raise Refusal(f"Only an admin of this Slack workspace sets desks up{others}. Ask one of them.")
    return Setup(found, company.current(session), viewer, is_admin)


def require_setter(session: Session, desk_id: int | None, person_id: str) -> None:
    """Raise Refusal unless this person may change that desk, or with None may found one."""
    if accounts.known(session, person_id).is_admin:
        return
    lead = get(session, desk_id).lead if desk_id is not None else None
    if lead is None or lead.id != person_id:
        other = f" or {lead.name}, its lead," if lead else ""
        raise Refusal(f"Only an admin of this Slack workspace{other} can do that. Ask one of them.")


def require_channel(channel: Channel | None) -> None:
    """Raise Refusal for a channel whose members can't answer at a desk; None is one that Slack does not know."""
    if channel is None:
        raise Refusal("Slack knows no such channel any more. Choose another one.", field="channel")
    if channel.is_archived:
        raise Refusal(f"#{channel.name} is archived. Unarchive it, or choose another channel.", field="channel")
    if channel.is_shared:
        words = "Choose one in which only your own people are."
        raise Refusal(f"#{channel.name} is shared with another company. {words}", field="channel")


def save(session: Session, desk_id: int | None, form: DeskForm, *, by: str, now: datetime) -> Desk:
    """Found a desk, or change this one. Its people are those of its small team until Slack has told of the others.

    Raises Refusal unless `by` is an admin or leads this desk, and for what can't be.
    """
    require_setter(session, desk_id, by)
    desk = whole(session, desk_id, lock=True) if desk_id is not None else Desk(created_at=now)
    name, owns = " ".join(form.name.split()), " ".join(form.owns.split())
    _require_words(name, owns)
    if form.channel and form.usergroup:
        raise Refusal("Choose a channel or a user group, not both.", field="usergroup")
    if form.team is None:
        raise Refusal("Choose the desk's small team: its engineers are booked by that team's sprints.", field="team")
    key = name.casefold()
    if session.scalar(select(Desk.id).where(Desk.name_key == key, Desk.id != (desk_id or 0))) is not None:
        raise _taken(name)
    desk.team_id, desk.lead_id = teams.get(session, form.team).id, _lead(session, form.lead).id
    desk.name, desk.name_key, desk.owns = name, key, owns
    desk.channel_id, desk.usergroup_id = form.channel, form.usergroup
    session.add(desk)
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise _taken(name) from None  # two people founded it in the same moment
    show(session, now=now)
    return whole(session, desk.id)


def _require_words(name: str, owns: str) -> None:
    if not name:
        raise Refusal("Give the desk a name, such as PostHog AI.", field="name")
    if len(name) > NAME_LENGTH:
        raise Refusal(f"Use at most {NAME_LENGTH} characters for the name.", field="name")
    if teams.MARKUP & set(name):
        raise Refusal("Leave * _ ~ and ` out of the name: Slack would take them for formatting.", field="name")
    if not owns:
        raise Refusal("Say in one line what the desk owns, so that people know where they belong.", field="owns")
    if len(owns) > OWNS_LENGTH:
        raise Refusal(f"Say it in at most {OWNS_LENGTH} characters.", field="owns")


def _taken(name: str) -> Refusal:
    return Refusal(f"There is a desk called {name} already. Choose another name.", field="name")


def _lead(session: Session, person_id: str) -> Person:
    person = session.get(Person, person_id)
    if person is None:
        raise Refusal("Whom you chose is new to Prickle. Try again in a minute.", field="lead")
    if person.is_bot:
        raise Refusal(f"{person.name} is an app, and a desk is led by a person. Choose somebody else.", field="lead")
    if person.is_deactivated:
        raise Refusal(f"{person.name}'s Slack account is deactivated. Choose somebody else.", field="lead")
    if person.is_guest:
        raise Refusal(f"{person.name} is a guest in this workspace. Choose somebody with a full account.", field="lead")
    return person


def show(session: Session, *, now: datetime) -> None:
    """Have the card in the intake channel say what is so by now. Nothing is drawn without a channel or a desk."""
    channel = company.current(session).intake_channel_id
    if channel is not None and session.scalar(select(Desk.id).limit(1)) is not None:
        posts.draw(session, CARD, THE_CARD, channel, now=now)


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
    able = {person.id: person for person in found if _answers(person)}
    return sorted(able.values(), key=lambda person: (person.name.casefold(), person.id))


def people(session: Session, desk_id: int) -> list[Person]:
    """Who answers at this desk, by name: its members as Slack last told us, its small team, and its lead."""
    return people_of(whole(session, desk_id))


def _answers(person: Person) -> bool:
    return not (person.is_bot or person.is_guest or person.is_deactivated)


def at_a_desk(session: Session, person_id: str) -> Sequence[Desk]:
    """The desks at which this person answers, the oldest first."""
    return session.scalars(_with_lead().where(_has(person_id)).order_by(Desk.id)).all()


def is_at(session: Session, desk_id: int, person_id: str) -> bool:
    """Whether this person answers at that desk."""
    return session.scalar(select(Desk.id).where(Desk.id == desk_id, _has(person_id))) is not None


def require_at_a_desk(session: Session, person_id: str) -> None:
    """Raise Refusal unless this person answers at some desk."""
    if session.scalar(select(Desk.id).where(_has(person_id)).limit(1)) is not None:
        return
    found = session.execute(select(Desk.name, Person.name).join(Desk.lead).order_by(Desk.id)).all()
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
    return able & here


def _able() -> tuple[ColumnElement[bool], ...]:
    return ~Person.is_bot, ~Person.is_guest, ~Person.is_deactivated


def sync(session: Session, desk_id: int, person_ids: Collection[str], *, now: datetime) -> bool:
    """Write down who answers at a desk, as Slack says; apps, guests and deactivated accounts do not.

    Returns whether that is news; then the rota is filled anew.
    """
    desk = whole(session, desk_id, lock=True)
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
    fill(session, desk_id, now=now)
    return True


def _belongs(desk: Desk, person_id: str) -> bool:
    return person_id == desk.lead_id or teams.is_member(desk.team, person_id)


def _known(session: Session, person_ids: Sequence[str]) -> set[str]:
    parts = [person_ids[start : start + AT_ONCE] for start in range(0, len(person_ids), AT_ONCE)]
    return {
        found for part in parts for found in session.scalars(select(Person.id).where(Person.id.in_(part), *_able()))
    }


# --- who has triage ---------------------------------------------------------------------------------------------


def on_triage(session: Session, desk_id: int, *, now: datetime) -> Person | None:
    """Who answers first at this desk: whose week it is, or while they are away the next in line who is there."""
    return next((turn.person for turn in _turns(session, [whole(session, desk_id)], now)), None)


def triage(session: Session, *, now: datetime) -> list[Turn]:
    """The same for every desk, the oldest first."""
    return _turns(session, _everything(session), now)


def _everything(session: Session) -> Sequence[Desk]:
    return session.scalars(_whole().order_by(Desk.id)).all()


def _turns(session: Session, desks: Sequence[Desk], now: datetime) -> list[Turn]:
    if not desks:
        return []
    week = this_week(session, now)
    taken = weeks(session, [desk.id for desk in desks], since=week)
    crews = crews_of(session, desks)
    found = []
    for desk in desks:
        line = turns.in_line(crews[desk.id], taken[desk.id])
        there = (person for person in line if not any(absences.is_away(away, now) for away in person.aways))
        found.append(Turn(desk, next(there, None)))
    return found


def crews_of(session: Session, desks: Sequence[Desk]) -> dict[int, Crew]:
    """Who is at these desks, with their aways and whether they take turns."""
    settings = company.current(session)
    found = {desk.id: people_of(desk) for desk in desks}
    accounts.load_aways(session, [person for crew in found.values() for person in crew])
    return {
        desk.id: Crew(
            found[desk.id],
            frozenset(member.person_id for member in desk.members if not member.takes_turns),
            settings.zone,
            settings.weekend,
        )
        for desk in desks
    }


def this_week(session: Session, now: datetime) -> date:
    """The Monday of this week, by the company's calendar."""
    return turns.monday(cadence.local_date(now, company.current(session).zone))


def weeks(session: Session, desk_ids: Iterable[int], *, since: date) -> dict[int, dict[date, str]]:
    """Whose week is which at these desks, from this Monday on."""
    found: dict[int, dict[date, str]] = {desk_id: {} for desk_id in desk_ids}
    query = select(TriageWeek.desk_id, TriageWeek.week_on, TriageWeek.person_id)
    query = query.where(TriageWeek.desk_id.in_(found), TriageWeek.week_on >= since)
    for desk_id, week_on, person_id in session.execute(query):
        found[desk_id][week_on] = person_id
    return found


def due(session: Session, *, now: datetime) -> bool:
    """Whether a week is still to be filled, or its person to be told."""
    found = _everything(session)
    crews, week = crews_of(session, found) if found else {}, this_week(session, now)
    for desk in found:
        taken = weeks(session, [desk.id], since=week)[desk.id]
        if _filled(session, desk, crews[desk.id], taken, week) != _covered(taken, week):
            return True
        if week in taken and not _is_told(session, _key(desk.id, week)):
            return True
    return False


def fill_weeks(session: Session, *, now: datetime) -> int:
    """Give this week and the coming ones of every desk to somebody. Returns how many weeks changed hands."""
    ids = session.scalars(select(Desk.id).order_by(Desk.id)).all()
    return sum(fill(session, desk_id, now=now) for desk_id in ids)


def fill(session: Session, desk_id: int, *, now: datetime) -> int:
    """The same for one desk."""
    return _fill(session, whole(session, desk_id, lock=True), now)


def release(session: Session, desk_id: int, person_id: str, *, now: datetime) -> None:
    """Free this person's weeks at a desk, from this one on."""
    here = (TriageWeek.desk_id == desk_id, TriageWeek.person_id == person_id)
    session.execute(delete(TriageWeek).where(*here, TriageWeek.week_on >= this_week(session, now)))


def _fill(session: Session, desk: Desk, now: datetime) -> int:
    """Fill the weeks of a desk that is locked, tell who has this one, and draw the card where that is another person."""
    week = this_week(session, now)
    taken = weeks(session, [desk.id], since=week)[desk.id]
    before = _covered(taken, week)
    filled = _filled(session, desk, crews_of(session, [desk])[desk.id], taken, week)
    changed = [each for each in turns.coming(week) if filled.get(each) != before.get(each)]
    write_weeks(session, desk.id, {each: filled.get(each) for each in changed})
    person_id, was = filled.get(week), before.get(week)
    begins = not _is_told(session, _key(desk.id, week))
    if person_id is not None and (begins or person_id != was):
        key = _key(desk.id, week) if begins else f"{_key(desk.id, week)}:{person_id}"
        _tell(session, key, desk.id, session.get_one(Person, person_id), week, now)
    if (begins and person_id is not None) or person_id != was:
        show(session, now=now)
    return len(changed)


def _filled(session: Session, desk: Desk, crew: Crew, taken: dict[date, str], week: date) -> dict[date, str]:
    query = select(TriageWeek.person_id, func.max(TriageWeek.week_on)).group_by(TriageWeek.person_id)
    query = query.where(TriageWeek.desk_id == desk.id, TriageWeek.week_on < week)
    before = {person_id: last for person_id, last in session.execute(query)}  # noqa: C416  (rows are no pairs to a type checker)
    return turns.fill(crew, turns.coming(week), taken, before)


def _covered(taken: dict[date, str], week: date) -> dict[date, str]:
    return {each: taken[each] for each in turns.coming(week) if each in taken}


def write_weeks(session: Session, desk_id: int, people_of_weeks: Mapping[date, str | None]) -> None:
    """Give these weeks of a desk that is locked to these people; None frees one."""
    free = [week for week, person_id in people_of_weeks.items() if person_id is None]
    session.execute(delete(TriageWeek).where(TriageWeek.desk_id == desk_id, TriageWeek.week_on.in_(free)))
    for week, person_id in people_of_weeks.items():
        if person_id is not None:
            values = {"desk_id": desk_id, "week_on": week, "person_id": person_id}
            statement = insert(session, TriageWeek).values(values)
            session.execute(
                statement.on_conflict_do_update(index_elements=["desk_id", "week_on"], set_={"person_id": person_id})
            )


def _key(desk_id: int, week: date) -> str:
    return f"triage:{desk_id}:{week}"


def _is_told(session: Session, key: str) -> bool:
    return session.scalar(select(Post.id).where(Post.key == key)) is not None


def _tell(session: Session, key: str, desk_id: int, person: Person, week: date, now: datetime) -> None:
    """One message to who has this week: at nine on their Monday, or later in the daytime when it is theirs only then."""
    zone = person.zone or company.current(session).zone
    due_at = max(cadence.instant(week, HELLO, zone), _daytime(now, zone))
    expires_at = due_at + cadence.PROMPT_LIVES
    posts.ask(session, key, TURN_CARD, desk_id, person.id, due_at=due_at, expires_at=expires_at, now=now)


def _daytime(now: datetime, zone: str) -> datetime:
    local = now.astimezone(ZoneInfo(zone))
    if local.time() < HELLO:
        return cadence.instant(local.date(), HELLO, zone)
    return now if local.time() <= EVENING else cadence.instant(local.date() + timedelta(days=1), HELLO, zone)


def redraw_for(session: Session, person_ids: Collection[str], *, now: datetime) -> None:
    """These people went away or came back: have the card say who answers instead."""
    query = select(TriageWeek.desk_id).where(TriageWeek.person_id.in_(person_ids))
    query = query.where(TriageWeek.week_on == this_week(session, now))
    if person_ids and session.scalar(query.limit(1)) is not None:
        posts.redraw(session, CARD, THE_CARD, now=now)
