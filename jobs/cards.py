"""Which card is drawn how: from what is stored now to what it says."""

from collections.abc import Callable

from sqlalchemy.orm import Session

from bot.domain import sprints
from bot.domain.posts import Message
from bot.views import sprints as sprint_views
from models.sprints import Sprint


def draw(session: Session, card: str, subject_id: int) -> Message:
    """What this card says at present."""
    return _CARDS[card](session, subject_id)


def _of_a_sprint(view: Callable[[Sprint], Message]) -> Callable[[Session, int], Message]:
    def drawn(session: Session, sprint_id: int) -> Message:
        return view(sprints.whole(session, sprint_id))

    return drawn


_CARDS: dict[str, Callable[[Session, int], Message]] = {
    sprints.PLAN_CARD: _of_a_sprint(sprint_views.planning_card),
    sprints.SPRINT_CARD: _of_a_sprint(sprint_views.final_card),
    sprints.COMPANY_CARD: _of_a_sprint(sprint_views.company_card),
}
