"""Small teams: founding one, and who sits where."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, people
from bot.platform.errors import Refusal
from models.company import Away, Person
from models.teams import SEATS, SMALLEST, Customer, Lost, Membership, Move, Team

NAME_LENGTH = 60
TEAMS_A_PAGE = 10  # what a person reads at a glance; the window opens as fast whatever else there is
FREE_SHOWN = 30  # to who has no team: each takes a section, and a view holds 100 blocks
CLOSED = "\x1f"  # what follows it makes the name and the channel of a closed team its own; nobody can type it
MARKUP = frozenset("*_~`")
GONE = "This team is gone. `/small-team list` shows those there are."
NO_TEAM = "You are in no small team yet. `/small-team list` shows them; `/small-team join` takes a seat."


@dataclass(frozen=True)
class Charter:
    """What a team is: the part of the form that its lead may edit. When people are asked what is its rhythm."""

    name: str
    area: str
    customer_kind: Customer
    customer: str
    channel: str


@dataclass(frozen=True)
class Founding:
    """The form that creates a team, with its first sprints: `start_weekday` is 0 for Monday.

    `members` need not hold the lead, who is one anyway.
    """

    charter: Charter
    zone: str
    sprint_weeks: int
    start_weekday: int
    lead: str
    members: Sequence[str]


@dataclass(frozen=True)
class Seated:
    """What happened to a seat: `left` and `joined` are the teams concerned, one of them empty when it was no move."""

    move: Move
    person: Person
    left: Team | None
    joined: Team | None


# --- founding and editing ---------------------------------------------------------------------------------------


def create(session: Session, founding: Founding, *, by: str, now: datetime) -> Team:
    """Found a team. Raises Refusal for a taken name or channel, and for people who can't be seated."""
    people.known(session, by)
    seated = people.seatable(session, list(dict.fromkeys([founding.lead, *founding.members])), field="members")
    if len(seated) > SEATS:
        raise Refusal(f"That is {len(seated)} people. A small team has at most {SEATS}.", field="members")
    _refuse_seated_elsewhere(session, seated, lead=founding.lead)
    team = Team(created_at=now)
    _apply(session, team, founding.charter)
    team.zone, team.sprint_weeks = company.known_zone(founding.zone), founding.sprint_weeks
    calendar, today = Calendar(company.current(session).weekend), cadence.local_date(now, team.zone)
    team.anchor_on = cadence.first_start(today, founding.start_weekday, calendar)
    team.cadence_since = now
    look_again(team, now)
    session.add(team)
    for seat, person in enumerate(seated, start=1):
        team.members.append(Membership(person=person, seat=seat, is_lead=person.id == founding.lead, joined_at=now))
    _flush_or_refuse(session, team)
    session.add_all(Move(person_id=person.id, to_team_id=team.id, at=now) for person in seated)
    return team


def edit(session: Session, team_id: int, charter: Charter, *, by: str, now: datetime) -> Team:
    """Change what a team is. Raises Refusal unless `by` leads it. `charters.edit` has its cards drawn, too."""
    team = get(session, team_id, lock=True)
    require_lead(team, by, to="edit the team")
    was_lost = team.channel_lost is not None
    _apply(session, team, charter)
    if was_lost:
        team.cadence_since = now  # nobody was asked meanwhile: they are asked anew, and not as something late
    look_again(team, now)
    _flush_or_refuse(session, team)
    return team


def _apply(session: Session, team: Team, charter: Charter) -> None:
    name = _without_the_word_team(charter.name)
    if not name:
        raise Refusal("Give the team a name, such as Replay.", field="name")
    if MARKUP & set(name):
        raise Refusal("Leave * _ ~ and ` out of the name: Slack would take them for formatting.", field="name")
    if not charter.area.strip():
        raise Refusal("Say in a few words what the team owns.", field="area")
    if not charter.customer.strip():
        raise Refusal("Say for whom the team works.", field="customer")
    if name_taken(session, name, other_than=team.id):
        raise Refusal(f"There is a team called {name} already. Choose another name.", field="name")
    team.name, team.name_key = name, _key(name)
    team.area, team.customer_kind, team.customer = charter.area, charter.customer_kind, charter.customer
    team.channel_id = charter.channel
    team.channel_lost = team.channel_lost_before = None


def look_again(team: Team, now: datetime) -> None:
    """Have the clock see anew what this team is to be asked, and when. Never later than it would have looked anyway."""
    team.next_at = min(team.next_at or now, now)


def _flush_or_refuse(session: Session, team: Team) -> None:
    """Write the team. What two people do in the same moment, only a constraint can see."""
    name = team.name
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError as error:
        words = str(error.orig)
        if "channel_id" in words:
            raise Refusal(
                "That channel belongs to another team. Choose a channel of its own.", field="channel"
            ) from None
        if "name_key" in words:
            raise Refusal(f"There is a team called {name} already. Choose another name.", field="name") from None
        raise Refusal("Somebody here joined another team a moment ago. Try again.", field="members") from None


def _refuse_seated_elsewhere(session: Session, seated: Sequence[Person], *, lead: str) -> None:
    rows = session.execute(
        select(Membership.person_id, Team.name)
        .join(Team, Membership.team_id == Team.id)
        .where(Membership.person_id.in_([person.id for person in seated]))
    ).all()
    names = {person.id: person.name for person in seated}
    for person_id, team_name in rows:
        raise Refusal(
            f"{names[person_id]} is in {team_name}, and nobody is in two small teams. Leave them out here; "
            "they can move by themselves with `/small-team join`.",
            field="lead" if person_id == lead else "members",
        )


# --- finding ----------------------------------------------------------------------------------------------------


def get(session: Session, team_id: int, *, lock: bool = False) -> Team:
    """The team with its members. With `lock`, nobody else decides anything about it until this transaction ends.

    Raises Refusal when there is no such team.
    """
    query = (
        select(Team)
        .where(Team.id == team_id)
        .options(selectinload(Team.members).joinedload(Membership.person))
        .execution_options(populate_existing=True)
    )
    team = session.scalar(query.with_for_update() if lock else query)
    if team is None:
        raise Refusal(GONE)
    return team


def load_members(session: Session, team: Team) -> None:
    """Have the team's members at hand, as they are now, with who is away of them."""
    afresh = {"populate_existing": True}
    members = session.scalars(_MEMBERS, {"team": team.id}, execution_options=afresh).all()
    aways = session.scalars(_AWAYS, {"team": team.id}, execution_options=afresh).all()
    for member in members:
        theirs = [each for each in aways if each.person_id == member.person_id]
        set_committed_value(member.person, "aways", theirs)
    set_committed_value(team, "members", list(members))


_MEMBERS = (
    select(Membership)
    .where(Membership.team_id == bindparam("team"))
    .order_by(Membership.seat)
    .options(joinedload(Membership.person))
)
_AWAYS = (
    select(Away)
    .join(Membership, Membership.person_id == Away.person_id)
    .where(Membership.team_id == bindparam("team"))
    .order_by(Away.starts_at)
)


def of_member(session: Session, team_id: int, person_id: str, *, to: str) -> Team:
    """The team, without its members. Raises Refusal unless this person sits in it; `to` says what for."""
    team = session.scalar(_OF_MEMBER, {"team": team_id, "person": person_id})
    if team is None:
        require_member(get(session, team_id), person_id, to=to)
        raise Refusal(GONE)
    return team


_OF_MEMBER = (
    select(Team).join(Membership).where(Team.id == bindparam("team"), Membership.person_id == bindparam("person"))
)


def for_person(session: Session, person_id: str) -> Team | None:
    """The team this person is in, with its members."""
    return session.scalar(
        select(Team)
        .join(Membership)
        .where(Membership.person_id == person_id)
        .options(selectinload(Team.members).joinedload(Membership.person))
    )


def countries_of(session: Session, person_ids: Collection[str]) -> dict[str, str | None]:
    """Whose public holidays the teams of these people keep; people in no team are left out."""
    query = select(Membership.person_id, Team.country).join(Team).where(Membership.person_id.in_(person_ids))
    return {person_id: country for person_id, country in session.execute(query)}  # noqa: C416  (rows are no pairs to a type checker)


def mine(session: Session, person_id: str) -> Team:
    """The team this person is in. Raises Refusal, with the way to one, when there is none."""
    team = for_person(session, person_id)
    if team is None:
        raise Refusal(NO_TEAM)
    return team


def named(session: Session, name: str) -> Team:
    """The team of this name; its beginning is enough if no other team begins so. Raises Refusal otherwise.

    One that was closed is found while no other has its name.
    """
    key = _key(_without_the_word_team(name))
    query = select(Team).options(selectinload(Team.members).joinedload(Membership.person))
    query = query.where(func.substr(Team.name_key, 1, len(key)) == key).order_by(Team.name_key).limit(2)
    there = session.scalars(query.where(Team.closed_at.is_(None))).all()
    found = there or session.scalars(query.where(Team.closed_at.is_not(None))).all()
    exact = [team for team in found if team.name_key == key]
    if exact or (len(found) == 1 and key):
        return (exact or list(found))[0]
    raise Refusal(f"There is no team called “{name.strip()}”. `/small-team list` shows them all.")


def all_teams(session: Session) -> list[Team]:
    """Every team with its members, by name; those that were closed are left out."""
    query = select(Team).where(Team.closed_at.is_(None)).order_by(Team.name_key)
    return list(session.scalars(query.options(selectinload(Team.members).joinedload(Membership.person))))


@dataclass(frozen=True)
class TeamPage:
    """A page of the list of all teams, from 0, and whether there is another."""

    teams: Sequence[Team]
    number: int = 0
    more: bool = False


def page(session: Session, number: int = 0) -> TeamPage:
    """A page of every team with its members, by name. It costs the same however many there are."""
    found = session.scalars(_PAGE, {"after": number * TEAMS_A_PAGE, "most": TEAMS_A_PAGE + 1}).all()
    return TeamPage(found[:TEAMS_A_PAGE], number, len(found) > TEAMS_A_PAGE)


def with_a_free_seat(session: Session) -> Sequence[Team]:
    """Some of the teams that somebody can join, with their members, by name."""
    return session.scalars(_FREE, {"after": 0, "most": FREE_SHOWN}).all()


def by_name(session: Session, *, limit: int = 100) -> Sequence[Team]:
    """The first teams, to choose from. 100 is what a Slack menu takes."""
    return session.scalars(select(Team).where(Team.closed_at.is_(None)).order_by(Team.name_key).limit(limit)).all()


_PAGE = (
    select(Team)
    .where(Team.closed_at.is_(None))
    .options(selectinload(Team.members).joinedload(Membership.person))
    .order_by(Team.name_key)
    .limit(bindparam("most"))
    .offset(bindparam("after"))
)
_TAKEN = select(func.count()).where(Membership.team_id == Team.id).correlate(Team).scalar_subquery()
_FREE = _PAGE.where(_TAKEN < SEATS)


def search(session: Session, text: str, *, limit: int = 100) -> list[Team]:
    """Teams with `text` in their name, with their members; none that was closed. 100 is what a Slack menu takes."""
    query = (
        select(Team)
        .where(Team.name_key.contains(_key(text), autoescape=True), Team.closed_at.is_(None))
        .options(selectinload(Team.members).joinedload(Membership.person))
        .order_by(Team.name_key)
        .limit(limit)
    )
    return list(session.scalars(query))


def name_taken(session: Session, name: str, *, other_than: int | None = None) -> bool:
    """Whether another team has this name, whatever its capitals."""
    query = select(Team.id).where(Team.name_key == _key(name))
    if other_than is not None:
        query = query.where(Team.id != other_than)
    return session.scalar(query) is not None


def lead_of(team: Team) -> Membership | None:
    """The lead's seat; a team always has one once it is founded."""
    return next((member for member in team.members if member.is_lead), None)


def is_member(team: Team, person_id: str) -> bool:
    """Whether this person sits in the team."""
    return any(member.person_id == person_id for member in team.members)


def is_forming(team: Team) -> bool:
    """Whether the team is still too small to be one: the handbook's least is 2."""
    return len(team.members) < SMALLEST


def leads(team: Team, person_id: str) -> bool:
    """Whether this person leads the team."""
    return any(member.person_id == person_id and member.is_lead for member in team.members)


def require_lead(team: Team, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person leads the team; `to` says what for."""
    if not leads(team, person_id):
        lead = lead_of(team)
        raise Refusal(f"Only the lead of {team.name}, {lead.person.name if lead else 'still to be found'}, can {to}.")


def require_member(team: Team, person_id: str, *, to: str) -> None:
    """Raise Refusal unless this person sits in the team; `to` says what for."""
    if not is_member(team, person_id):
        raise Refusal(f"Only people of {team.name} can {to}. You can read every plan, and say what you think of it.")


# --- seats ------------------------------------------------------------------------------------------------------


def join(session: Session, team_id: int, *, person_id: str, now: datetime) -> Seated:
    """Take a seat in a team; from another team this is a move. Raises Refusal when there is no way."""
    here = session.scalar(select(Membership.team_id).where(Membership.person_id == person_id))
    # Two people who swap teams at once lock the same two teams: in one order, or each would wait for the other.
    session.execute(
        select(Team.id).where(Team.id.in_({team_id, here or team_id})).order_by(Team.id).with_for_update()
    ).all()
    person = people.seatable(session, [person_id], field="team")[0]
    team = get(session, team_id)
    require_open(team, field="team")
    if is_member(team, person_id):
        raise Refusal(f"You are in {team.name} already.", field="team")
    seat = _free_seat(team)
    left = _free_the_old_seat(session, person_id)
    session.add(Membership(person_id=person_id, team_id=team.id, seat=seat, joined_at=now, is_lead=False))
    try:
        with session.begin_nested():
            session.flush()
    except IntegrityError:
        raise Refusal(f"Somebody took that seat in {team.name} a moment ago. Try again.", field="team") from None
    return Seated(_remember(session, person_id, left, team, now), person, left, get(session, team_id))


def leave(session: Session, *, person_id: str, now: datetime) -> Seated:
    """Free one's seat. Raises Refusal for a lead, who hands over first."""
    person = people.known(session, person_id)
    team = get(session, mine(session, person_id).id, lock=True)
    if _free_the_old_seat(session, person_id) is None:
        raise Refusal(NO_TEAM)  # pressed twice, and the first press did it
    return Seated(_remember(session, person_id, team, None, now), person, get(session, team.id), None)


def hand_over(session: Session, team_id: int, *, to: str, by: str) -> Team:
    """Make another member the lead. Any member may do it while the lead's account is deactivated."""
    team = get(session, team_id, lock=True)
    require_handover(team, by)
    lead = lead_of(team)
    heir = next((member for member in team.members if member.person_id == to), None)
    if heir is None:
        raise Refusal(f"The lead is one of the team. Choose somebody of {team.name}.", field="lead")
    people.seatable(session, [to], field="lead")
    if lead is not None:
        lead.is_lead = False
        session.flush()  # one lead at a time is a constraint, also between two statements
    heir.is_lead = True
    return team


def require_free_to_leave(team: Team, person_id: str) -> None:
    """Raise Refusal for the lead, who hands over first."""
    if leads(team, person_id):
        raise Refusal(f"You lead {team.name}. Hand the lead over first, with `/small-team lead`.")


def require_handover(team: Team, person_id: str) -> None:
    """Raise Refusal unless this person may choose the next lead: the lead, or anybody of the team once the lead is gone."""
    lead = lead_of(team)
    if lead is not None and not lead.person.is_gone:
        require_lead(team, person_id, to="hand the lead over")
    require_member(team, person_id, to="choose its lead")


def responsible_for(session: Session, channel_id: str) -> str | None:
    """Whom to tell when a channel can't be posted in: its team's lead, or who set the company up.

    While the lead's account is deactivated, somebody else of the team, who can take the lead.
    """
    team = at(session, channel_id)
    if team is not None:
        present = [member for member in team.members if not member.person.is_gone]
        return next((member.person_id for member in sorted(present, key=lambda member: not member.is_lead)), None)
    settings = company.current(session)
    return settings.set_up_by_id if settings.sprint_channel_id == channel_id else None


def at(session: Session, channel_id: str) -> Team | None:
    """The team whose channel this is, with its members."""
    query = select(Team).where(Team.channel_id == channel_id)
    return session.scalar(query.options(selectinload(Team.members).joinedload(Membership.person)))


def lose_channel(session: Session, channel_id: str, lost: Lost, now: datetime) -> Team | None:
    """Take down that nothing can be posted in a team's channel: nobody of the team is asked anything meanwhile.

    Returns the team when that is news; None when it was lost before, and for a channel that is no team's.
    """
    team = _locked(session, channel_id)
    if team is None or team.channel_lost is not None:
        return None
    team.channel_lost, team.next_at = lost, None
    team.channel_lost_before = lost if lost == Lost.ARCHIVED else Lost.REMOVED
    session.flush()
    return team


def find_channel(session: Session, channel_id: str, now: datetime) -> Team | None:
    """Take down that a team's channel can be posted in again. Returns the team when it was lost before."""
    seen = at(session, channel_id)
    if seen is None or seen.channel_lost is None:
        return None  # we join every team's channel once, and nobody has to wait for that
    team = _locked(session, channel_id)
    if team is None or team.channel_lost is None:
        return None
    team.channel_lost = team.channel_lost_before = None
    team.cadence_since = now
    look_again(team, now)
    session.flush()
    return team


def end(team: Team, now: datetime) -> None:
    """The team is closed: nobody is asked anything, and its name and channel are free. Its rows stay, to be read."""
    if team.closed_at is None:
        team.closed_at, team.next_at = now, None
        team.paused_at = team.paused_until = team.paused_because = None
        team.channel_lost = team.channel_lost_before = None
        team.name_key, team.channel_id = f"{team.name_key}{CLOSED}{team.id}", f"{team.channel_id}{CLOSED}{team.id}"


def home_channel(team: Team) -> str:
    """The channel in which its plans stand, also of a team that was closed."""
    return team.channel_id.partition(CLOSED)[0]


def require_open(team: Team, *, field: str | None = None) -> None:
    """Raise Refusal for a team that was closed."""
    if team.closed_at is not None:
        raise Refusal(f"{team.name} was closed. Choose another team; `/small-team list` shows them.", field=field)


def _locked(session: Session, channel_id: str) -> Team | None:
    found = at(session, channel_id)
    team = get(session, found.id, lock=True) if found else None
    return team if team is not None and team.channel_id == channel_id else None


def since(session: Session, person_id: str) -> Membership | None:
    """The seat this person has, with its team."""
    return session.scalar(
        select(Membership).where(Membership.person_id == person_id).options(joinedload(Membership.team))
    )


def _free_seat(team: Team) -> int:
    taken = {member.seat for member in team.members}
    free = [seat for seat in range(1, SEATS + 1) if seat not in taken]
    if not free:
        raise Refusal(
            f"{team.name} has {SEATS} people, and a small team has no more. "
            "Choose another team, or found one with `/small-team create`.",
            field="team",
        )
    return free[0]


def _free_the_old_seat(session: Session, person_id: str) -> Team | None:
    old = session.scalar(
        select(Membership).where(Membership.person_id == person_id).options(joinedload(Membership.team))
    )
    if old is None:
        return None
    if old.is_lead:
        raise Refusal(f"You lead {old.team.name}. Hand the lead over first, with `/small-team lead`.")
    team = old.team
    session.delete(old)
    session.flush()
    return team


def _remember(session: Session, person_id: str, left: Team | None, joined: Team | None, now: datetime) -> Move:
    move = Move(
        person_id=person_id,
        from_team_id=left.id if left else None,
        to_team_id=joined.id if joined else None,
        at=now,
    )
    session.add(move)
    session.flush()
    return move


def _without_the_word_team(name: str) -> str:
    return re.sub(r"^team\s+", "", " ".join(name.split()), flags=re.IGNORECASE)[:NAME_LENGTH]


def _key(name: str) -> str:
    return " ".join(name.split()).casefold()
