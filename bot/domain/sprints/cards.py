"""The cards that show a sprint, and redrawing them."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.outbox import home_refresh, posts
from bot.domain.sprints import pages
from models.outbox import Card, Post
from models.sprints import Sprint

PLAN_CARD = pages.PLAN_CARD  # in the team's channel, while people plan
SPRINT_CARD = pages.FINAL_CARD  # in the team's channel, the final plan and its marks
RETRO_CARD = Card.RETRO  # in the team's channel, the board of the sprint's retro
MOVED_CARD = Card.PLAN_MOVED  # what is left of one of them in a channel before; its subject is the sprint, too


def redraw(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """Have every card that shows this sprint drawn again, and the Homes of its team's people."""
    home_refresh.touch_team(session, sprint.team_id, now=now)
    posts.redraw_cards(session, [SPRINT_CARD if sprint.finalized_at else PLAN_CARD, RETRO_CARD], sprint.id, now=now)
    pages.redraw(session, sprint, now=now)


def leave(session: Session, card: Post | None, channel_id: str, *, now: datetime) -> None:
    """Have a plan or a board in the team's old channel say where it is now, and ask nothing any more."""
    if card is not None and card.message_ts is not None and card.channel_id != channel_id:
        posts.leave(session, card, f"{MOVED_CARD}:{card.channel_id}:{card.message_ts}", MOVED_CARD, now=now)


def current(session: Session, sprint: Sprint) -> Post | None:
    """The card whose thread keeps what changes: the final one, once there is one."""
    return posts.card_of(session, SPRINT_CARD if sprint.finalized_at else PLAN_CARD, sprint.id)
