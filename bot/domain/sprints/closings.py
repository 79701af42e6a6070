"""When a sprint is closed: by its team's lead, or by the clock once the turn after it is over."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from bot.domain.calendar import cadence
from bot.domain.heroes import looking
from bot.domain.outbox import set_asides
from bot.domain.outbox.set_asides import What
from bot.domain.sprints import cards, sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.sprints import Sprint
from models.teams import Team


def to_close(session: Session, team: Team, *, by: str, now: datetime) -> Sprint:
    """The team's running sprint, whole. Raises Refusal when none is running, and unless `by` leads the team."""
    teams.require_lead(team, by, to="close the sprint")
    sprint = sprints.running(sprints.latest(session, team.id), team.zone, now)
    if sprint is None:
        raise Refusal("No sprint of your team is running, so there is nothing to close.")
    return sprints.load(session, sprint.id)


def close(session: Session, sprint_id: int, *, by: str, now: datetime) -> Sprint:
    """Close the sprint before its last day has passed. Raises Refusal unless `by` leads its team."""
    sprint = sprints.load(session, sprint_id, lock=True)
    teams.require_lead(sprint.team, by, to="close the sprint")
    if sprint.closed_at is not None:
        raise Refusal("This sprint is closed already.")
    if sprint.starts_on > cadence.local_date(now, sprint.team.zone):
        raise Refusal("This sprint has not begun yet, so there is nothing to close.")
    return _close(session, sprint, now)


def close_over(session: Session, *, now: datetime) -> int:
    """Close every sprint the turn after which is over. Returns how many. Costs in proportion to what is to be closed."""
    # An older version of the code, running beside this one, writes no `closes_at`.
    passed = or_(Sprint.closes_at <= now, and_(Sprint.closes_at.is_(None), Sprint.over_at <= now))
    is_free = Team.paused_at.is_(None), set_asides.not_aside(What.CLOSING, Sprint.id, now)
    query = select(Sprint.id).join(Team).where(Sprint.closed_at.is_(None), passed, *is_free)
    found = session.scalars(query.order_by(Sprint.id).limit(100).with_for_update(of=Sprint, skip_locked=True)).all()
    set_asides.each(session, What.CLOSING, found, lambda ids: _close_all(session, ids, now), now=now)
    return len(found)


def _close_all(session: Session, sprint_ids: Sequence[int], now: datetime) -> None:
    for sprint_id in sprint_ids:
        _close(session, sprints.load(session, sprint_id), now)


def _close(session: Session, sprint: Sprint, now: datetime) -> Sprint:
    sprint.closed_at = now
    looking.again(session, [sprint.team_id], now=now)
    cards.redraw(session, sprint, now=now)
    return sprint
