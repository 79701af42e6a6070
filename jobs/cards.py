"""Which card is drawn how: from what is stored now to what it says."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain import sprints
from bot.domain.posts import Message
from bot.views import sprints as sprint_views
from models.posts import Post
from models.sprints import Sprint

Draw = Callable[[Session, Post, datetime], Message | None]


def draw(session: Session, post: Post, now: datetime) -> Message | None:
    """What this card says at present; None for one that is not needed any more.

    Raises LookupError for a card that this version of the code does not know.
    """
    return _CARDS[post.card or ""](session, post, now)


def _of_a_sprint(view: Callable[[Sprint], Message]) -> Draw:
    def drawn(session: Session, post: Post, _now: datetime) -> Message:
        return view(sprints.whole(session, post.subject_id or 0))

    return drawn


_CARDS: dict[str, Draw] = {
    sprints.PLAN_CARD: _of_a_sprint(sprint_views.planning_card),
    sprints.SPRINT_CARD: _of_a_sprint(sprint_views.final_card),
    sprints.COMPANY_CARD: _of_a_sprint(sprint_views.company_card),
}
