"""Small teams: finding one, and what a person may do in it."""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session, joinedload, selectinload
from sqlalchemy.orm.attributes import set_committed_value

from bot.platform.errors import Refusal
from models.company import Away
from models.teams import SEATS, SMALLEST, Membership, Team

NAME_LENGTH = 60
TEAMS_A_PAGE = 10  # what a person reads at a glance; the window opens as fast whatever else there is
FREE_SHOWN = 30  # to who has no team: each takes a section, and a view holds 100 blocks
CLOSED = "\x1f"  # what follows it makes the name and the channel of a closed team its own; nobody can type it
GONE = "This team is gone. `/small-team list` shows the others."
AFRESH = {"populate_existing": True}  # what the session knows already is read again
NO_TEAM = "You are in no small team yet. `/small-team list` shows them; `/small-team join` takes a seat."


# --- founding and editing ----------------------------------------------------------------------------------------


def look_again(team: Team, now: datetime) -> None:
    """Have the clock work out again what to ask this team, and when; never later than it would have looked anyway."""
    team.next_at = min(team.next_at or now, now)


# --- finding -----------------------------------------------------------------------------------------------------


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


def load_members(session: Session, team: Team, *, with_aways: bool = True) -> None:
    """Have the team's members at hand, as they are now, and when each of them is away."""
    members = session.scalars(_MEMBERS, {"team": team.id}, execution_options=AFRESH).all()
    set_committed_value(team, "members", list(members))
    if not with_aways:
        return
    aways = session.scalars(_AWAYS, {"team": team.id}, execution_options=AFRESH).all()
    for member in members:
        theirs = [each for each in aways if each.person_id == member.person_id]
        set_committed_value(member.person, "aways", theirs)


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
    .order_by(Away.starts_at, Away.source)
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
    key = name_key(without_the_word_team(name))
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
        .where(Team.name_key.contains(name_key(text), autoescape=True), Team.closed_at.is_(None))
        .options(selectinload(Team.members).joinedload(Membership.person))
        .order_by(Team.name_key)
        .limit(limit)
    )
    return list(session.scalars(query))


def name_taken(session: Session, name: str, *, other_than: int | None = None) -> bool:
    """Whether another team has this name, whatever its capitals."""
    query = select(Team.id).where(Team.name_key == name_key(name))
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


# --- seats -------------------------------------------------------------------------------------------------------


def end(team: Team, now: datetime) -> None:
    """The team is closed: nobody is asked anything, and its name and channel are free. Its rows stay, to be read."""
    if team.closed_at is None:
        team.closed_at, team.next_at = now, None
        team.paused_at = team.paused_until = team.paused_because = None
        team.channel_lost = team.channel_lost_before = None
        team.name_key, team.channel_id = f"{team.name_key}{CLOSED}{team.id}", f"{team.channel_id}{CLOSED}{team.id}"


def home_channel(team: Team) -> str:
    """The channel that has its plans, also for a team that was closed."""
    return team.channel_id.partition(CLOSED)[0]


def require_open(team: Team, *, field: str | None = None) -> None:
    """Raise Refusal for a team that was closed."""
    if team.closed_at is not None:
        raise Refusal(f"{team.name} was closed. Choose another team; `/small-team list` shows them.", field=field)


def without_the_word_team(name: str) -> str:
    return re.sub(r"^team\s+", "", " ".join(name.split()), flags=re.IGNORECASE)[:NAME_LENGTH]


def name_key(name: str) -> str:
    return " ".join(name.split()).casefold()
