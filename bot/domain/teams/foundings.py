"""Founding a team and editing what it is. Two people can take a name or channel at once, so a constraint decides."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.calendar.calendars import Calendar
from bot.domain.company import company, people
from bot.domain.teams import meetings, teams
from bot.domain.teams.meetings import Meeting
from bot.platform.errors import Refusal
from models.company import Person
from models.teams import SEATS, Customer, Membership, Move, Team

MARKUP = frozenset("*_~`")


@dataclass(frozen=True)
class Charter:
    """What a team is: the part of the form that its lead may edit. When people are asked what is its rhythm."""

    name: str
    area: str
    customer_kind: Customer
    customer: str
    channel: str
    meeting: Meeting = Meeting()  # noqa: RUF009  (it is frozen)


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
    teams.look_again(team, now)
    session.add(team)
    for seat, person in enumerate(seated, start=1):
        team.members.append(Membership(person=person, seat=seat, is_lead=person.id == founding.lead, joined_at=now))
    _flush_or_refuse(session, team)
    session.add_all(Move(person_id=person.id, to_team_id=team.id, at=now) for person in seated)
    return team


def edit(session: Session, team_id: int, charter: Charter, *, by: str, now: datetime) -> Team:
    """Change what a team is. Raises Refusal unless `by` leads it. `charters.edit` has its cards drawn, too."""
    team = teams.get(session, team_id, lock=True)
    teams.require_lead(team, by, to="edit the team")
    was_lost = team.channel_lost is not None
    _apply(session, team, charter)
    if was_lost:
        team.cadence_since = now  # nobody was asked meanwhile: they are asked anew, and not as something late
    teams.look_again(team, now)
    _flush_or_refuse(session, team)
    return team


def _apply(session: Session, team: Team, charter: Charter) -> None:
    name = teams.without_the_word_team(charter.name)
    if not name:
        raise Refusal("Give the team a name, such as Replay.", field="name")
    if MARKUP & set(name):
        raise Refusal("Leave * _ ~ and ` out of the name: Slack would take them for formatting.", field="name")
    if not charter.area.strip():
        raise Refusal("Say in a few words what the team owns.", field="area")
    if not charter.customer.strip():
        raise Refusal("Say who the team works for.", field="customer")
    if teams.name_taken(session, name, other_than=team.id):
        raise Refusal(f"There is a team called {name} already. Choose another name.", field="name")
    team.name, team.name_key = name, teams.name_key(name)
    team.area, team.customer_kind, team.customer = charter.area, charter.customer_kind, charter.customer
    meetings.change(team, charter.meeting)
    team.channel_id = charter.channel
    team.channel_lost = team.channel_lost_before = None


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
                "That channel belongs to another team. Choose another one: each team has its own.", field="channel"
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
