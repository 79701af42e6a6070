"""What stands in a plan: its items by priority, the lines of its history, and its card."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.outbox import home_refresh, posts
from bot.domain.sprints import cards, pages
from models.sprints import (
    Change,
    ChangeKind,
    Item,
    Priority,
    Sprint,
)


def title_key(title: str) -> str:
    """What makes two titles the same one."""
    return " ".join(title.split()).casefold()


def next_position(sprint: Sprint) -> int:
    """The place after the plan's last item."""
    return max((item.position for item in sprint.items), default=0) + 1


def show(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """Have this sprint's card drawn in the team's channel, and wherever else its items stand.

    That is on the company's page, on Homes, and on the board of its retro.
    """
    home_refresh.touch_team(session, sprint.team_id, now=now)
    card = cards.SPRINT_CARD if sprint.finalized_at else cards.PLAN_CARD
    posts.draw(session, card, sprint.id, sprint.team.channel_id, now=now)
    posts.redraw(session, cards.RETRO_CARD, sprint.id, now=now)
    pages.put(session, sprint, now=now)


def active(sprint: Sprint) -> list[Item]:
    """The items that stand in the plan, in its order."""
    return [item for item in sprint.items if item.dropped_at is None]


def of_priority(sprint: Sprint, priority: Priority) -> list[Item]:
    """The items of one priority that stand in the plan, in its order."""
    return [item for item in active(sprint) if item.priority == priority]


def log_change(sprint: Sprint, by: str, kind: ChangeKind, title: str, reason: str, now: datetime) -> Change:
    """A line of this sprint's history, still to be added to the session."""
    return Change(
        sprint_id=sprint.id, by_id=by, kind=kind, title=title, reason=reason, revision=sprint.revision, at=now
    )
