"""A team's sprints before and after another one."""

from datetime import date

from sqlalchemy import bindparam, exists, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.sprints import sprints
from models.sprints import Item, Sprint


def neighbours(session: Session, sprint: Sprint) -> tuple[int | None, int | None]:
    """The ids of the team's sprints before and after this one."""
    theirs = select(Sprint.id).where(Sprint.team_id == sprint.team_id)
    before = theirs.where(Sprint.starts_on < sprint.starts_on).order_by(Sprint.starts_on.desc()).limit(1)
    after = theirs.where(Sprint.starts_on > sprint.starts_on).order_by(Sprint.starts_on).limit(1)
    return session.scalar(before), session.scalar(after)


def previous(session: Session, sprint: Sprint) -> Sprint | None:
    """The last sprint before this one in which the team planned anything, with its items."""
    planned = exists().where(Item.sprint_id == Sprint.id)
    query = (
        select(Sprint.id)
        .where(Sprint.team_id == sprint.team_id, Sprint.starts_on < sprint.starts_on, planned)
        .order_by(Sprint.starts_on.desc())
        .limit(1)
    )
    found = session.scalar(query)
    return sprints.load(session, found) if found is not None else None


def last_planned(session: Session, team_id: int, before: date) -> Sprint | None:
    """The last sprint that began before this day and in which the team planned anything, with its team."""
    return session.scalar(_LAST_PLANNED, {"team": team_id, "before": before})


_LAST_PLANNED = (
    select(Sprint)
    .where(
        Sprint.team_id == bindparam("team"),
        Sprint.starts_on < bindparam("before"),
        exists().where(Item.sprint_id == Sprint.id),
    )
    .order_by(Sprint.starts_on.desc())
    .limit(1)
    .options(joinedload(Sprint.team))
)


def before(session: Session, sprint: Sprint) -> Sprint | None:
    """The team's sprint right before this one, a plain row."""
    query = select(Sprint).where(Sprint.team_id == sprint.team_id, Sprint.starts_on < sprint.starts_on)
    return session.scalar(query.order_by(Sprint.starts_on.desc()).limit(1))


def after(session: Session, sprint: Sprint) -> Sprint | None:
    """The team's sprint right after this one, a plain row."""
    query = select(Sprint).where(Sprint.team_id == sprint.team_id, Sprint.starts_on > sprint.starts_on)
    return session.scalar(query.order_by(Sprint.starts_on).limit(1))
