"""Improvements that nobody has taken: anybody of the team takes one with their plan."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.retros import actions
from models.retros import Action, ActionState


def untaken(session: Session, team_id: int) -> list[Action]:
    """The team's improvements that nobody has taken: anybody's to pick for their plan."""
    open_ones = Action.team_id == team_id, Action.state == ActionState.OPEN, Action.wants_taker
    return list(session.scalars(select(Action).where(*open_ones).order_by(Action.id)))


def claim(session: Session, team_id: int, chosen: Sequence[int], *, by: str, now: datetime) -> list[Action]:
    """Take those of the chosen improvements that nobody has taken yet: who was faster keeps theirs, and nobody is refused."""
    wanted = sorted(each.id for each in untaken(session, team_id) if each.id in chosen)
    # Locked one after another: what somebody else takes in this moment is theirs once the lock is ours.
    found = [actions.locked(session, action_id) for action_id in wanted]
    free = [action.id for action, _ in found if action.wants_taker and action.state == ActionState.OPEN]
    return [actions.take(session, action_id, by=by, now=now) for action_id in free]
