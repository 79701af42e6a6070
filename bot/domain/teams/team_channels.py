"""Which team a channel belongs to, and what a team remembers while nothing can be posted there."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session, selectinload

from bot.domain.company import company
from bot.domain.teams import teams
from models.teams import Lost, Membership, Team


def responsible_for(session: Session, channel_id: str) -> str | None:
    """The person to tell when a channel can't be posted in: its team's lead, or the admin who looks after the company's channels.

    While the lead's account is deactivated, somebody else of the team, who can take the lead.
    """
    team = at(session, channel_id)
    if team is not None:
        present = [member for member in team.members if not member.person.is_gone]
        return next((member.person_id for member in sorted(present, key=lambda member: not member.is_lead)), None)
    settings = company.current(session)
    is_of_company = channel_id in (settings.sprint_channel_id, settings.intake_channel_id)
    return company.responsible(session) if is_of_company else None


def at(session: Session, channel_id: str) -> Team | None:
    """The team whose channel this is, with its members."""
    query = select(Team).where(Team.channel_id == channel_id)
    return session.scalar(query.options(selectinload(Team.members).joinedload(Membership.person)))


def lose(session: Session, channel_id: str, lost: Lost, now: datetime) -> Team | None:
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


def find_again(session: Session, channel_id: str, now: datetime) -> Team | None:
    """Take down that a team's channel can be posted in again. Returns the team when it was lost before."""
    seen = at(session, channel_id)
    if seen is None or seen.channel_lost is None:
        return None  # we join every team's channel once, and nobody has to wait for that
    team = _locked(session, channel_id)
    if team is None or team.channel_lost is None:
        return None
    team.channel_lost = team.channel_lost_before = None
    team.cadence_since = now
    teams.look_again(team, now)
    session.flush()
    return team


def _locked(session: Session, channel_id: str) -> Team | None:
    found = at(session, channel_id)
    team = teams.get(session, found.id, lock=True) if found else None
    return team if team is not None and team.channel_id == channel_id else None
