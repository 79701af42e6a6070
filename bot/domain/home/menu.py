"""The menu of `/prickle`: what a person owes, and what is true of them, so that they see only verbs they can use."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from bot.domain.company import company, people
from bot.domain.company.parts import Part
from bot.domain.home import home
from bot.domain.home.home import Home
from bot.domain.sprints.overviews import Overview
from bot.domain.teams import teams
from models.desks import Desk
from models.teams import Team


class Who(StrEnum):
    """What can be true of a person. An entry of the menu names what has to be true for it to show."""

    MEMBER = "sits in a team"
    OUTSIDER = "sits in no team"
    LEAD = "leads their team"
    CLOSES = "leads it, and a sprint of it runs"
    FINALIZES = "leads it, or may finalize while the lead is away"
    MERGES = "leads it, or could while nobody does"
    ALONE = "is the only one of their team"
    NOT_LEAD = "could leave their team"
    RUNNING = "their team is asked things"
    PAUSED = "their team is paused"
    HERE = "isn't away"
    AWAY = "is away"
    ADMIN = "is an admin of the workspace"
    SUBSCRIBES = "can subscribe to calendars: the bot has a public address"
    SETTER = "sets desks up: an admin, or a desk's lead"


@dataclass(frozen=True)
class Menu:
    """What a person's menu is drawn from: what they owe, what is true of them, and the parts that are on."""

    home: Home
    who: frozenset[Who]
    parts: frozenset[Part]


def read(session: Session, person_id: str, *, now: datetime) -> Menu:
    """The menu of this person."""
    mine = home.for_person(session, person_id, now=now)
    return Menu(mine, _who(session, person_id, mine.overview), mine.parts)


def _who(session: Session, person_id: str, overview: Overview | None) -> frozenset[Who]:
    is_admin = people.known(session, person_id).is_admin
    leads_a_desk = session.scalar(select(exists().where(Desk.lead_id == person_id, Desk.closed_at.is_(None))))
    holds = {
        Who.ADMIN: is_admin,
        Who.SUBSCRIBES: company.current(session).public_url is not None,
        Who.SETTER: is_admin or bool(leads_a_desk),
        Who.OUTSIDER: overview is None,
        Who.AWAY: overview is not None and overview.away is not None,
        Who.HERE: overview is not None and overview.away is None,
        Who.MEMBER: overview is not None,
    }
    if overview is not None:
        holds |= _in_team(teams.get(session, overview.team_id), person_id, overview)
    return frozenset(who for who, is_so in holds.items() if is_so)


def _in_team(team: Team, person_id: str, overview: Overview) -> dict[Who, bool]:
    lead = teams.lead_of(team)
    leads = teams.leads(team, person_id)
    return {
        Who.LEAD: leads,
        Who.CLOSES: leads and overview.running is not None,
        Who.FINALIZES: overview.leads,
        Who.MERGES: leads or lead is None or lead.person.is_gone,
        Who.NOT_LEAD: not leads,
        Who.ALONE: all(member.person_id == person_id or member.person.is_gone for member in team.members),
        Who.PAUSED: team.paused_at is not None,
        Who.RUNNING: team.paused_at is None,
    }
