"""Reopening a final plan: the person who finalized it can, until the first mark or change in it. It is then as it was before."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from bot.domain.outbox import posts, undoing
from bot.domain.planning import carrying, contents
from bot.domain.retros import actions, retros
from bot.domain.sprints import cards, sprints
from bot.domain.teams import teams
from models.retros import Action, ActionState, Retro
from models.sprints import Change, Item, Sprint

TOO_LATE = "Somebody has marked or changed this plan since, so it stays final. *Change my plan* changes it."
_SAID = ("direction", "impacted", "revision")


def before(session: Session, sprint: Sprint, retro: Retro | None) -> dict[str, Any] | None:
    """How an open plan stands before somebody makes it final. None for one that is final already."""
    if sprint.finalized_at is not None:
        return None
    picked = actions.improvement(session, retro.id) if retro is not None else None
    return {
        "said": undoing.of(sprint, *_SAID),
        "order": {str(item.id): [item.position, item.priority] for item in sprint.items},
        "retro": retro.id if retro is not None else None,
        "improvement": picked.text if picked is not None else None,
    }


def remember(session: Session, sprint: Sprint, was: Mapping[str, Any] | None, *, by: str, now: datetime) -> None:
    """It is final now and can be reopened. A plan that was finalized a second time can't."""
    kept = was if was is not None else {}
    left = _state(session, sprint, kept) if was is not None else {}
    undoing.remember(session, _key(sprint), by=by, before=kept, left=left, now=now, lasts=None)


def is_offered(session: Session, sprint: Sprint, *, now: datetime) -> bool:
    """Whether nobody has marked or changed anything in it since."""
    kept = undoing.remembered(session, _key(sprint))
    if not kept or sprint.finalized_at is None or sprints.is_over(sprint, now):
        return False
    return undoing.is_offered(session, _key(sprint), _state(session, sprint, kept), now=now)


def reopen(session: Session, sprint: Sprint, *, by: str, now: datetime) -> bool:
    """Put an open plan back in the place of the final one, which is locked and whole. False where that is done already.

    Raises Refusal for everybody else, once somebody marked or changed something, and for a sprint that is over.
    """
    teams.require_member(sprint.team, by, to="reopen its plan")
    sprints.require_open(sprint, now)
    kept = undoing.remembered(session, _key(sprint))
    state = _state(session, sprint, kept)
    was = undoing.take_back(session, _key(sprint), state, by=by, now=now, too_late=TOO_LATE, touched=TOO_LATE)
    if was is None:
        return False
    _forget_changes(session, sprint)
    _put_back(session, sprint, was, now)
    session.flush()
    again = sprints.load(session, sprint.id, lock=True)
    carrying.settle(session, again, now=now)
    contents.show(session, again, now=now)
    posts.redraw(session, cards.SPRINT_CARD, again.id, now=now)
    return True


def _put_back(session: Session, sprint: Sprint, was: Mapping[str, Any], now: datetime) -> None:
    undoing.put_back(sprint, was["said"])
    sprint.finalized_at = sprint.finalized_by_id = sprint.finalized_for_id = None
    for item in sprint.items:
        if (place := was["order"].get(str(item.id))) is not None:
            item.position, item.priority = place
    if was["retro"] is not None:
        _take_improvement_back(session, was["retro"], was["improvement"], now)


def _take_improvement_back(session: Session, retro_id: int, text: str | None, now: datetime) -> None:
    """Unpick the improvement that was picked with it, or give it its old words again."""
    picked = actions.improvement(session, retro_id)
    if picked is None or picked.text == text:
        return
    if text is None:
        session.execute(delete(Action).where(Action.id == picked.id))
    else:
        picked.text = text
    session.flush()
    retro = retros.load(session, retro_id)
    retros.redraw(session, retro, now=now)
    actions.redraw_boards(session, retro.sprint.team_id, now=now)


def _forget_changes(session: Session, sprint: Sprint) -> None:
    """Delete the changes that were listed when it became final."""
    ours = Change.sprint_id == sprint.id, Change.revision == sprint.revision
    session.execute(delete(Change).where(*ours))


def _state(session: Session, sprint: Sprint, kept: Mapping[str, Any]) -> dict[str, Any]:
    """Everything in a plan that somebody may mark or change, in short; with it the improvement that was picked."""
    picked = actions.improvement(session, kept["retro"]) if kept.get("retro") is not None else None
    said = {
        "items": sorted(map(_item, sprint.items)),
        "changes": sorted(change.id for change in sprint.changes),
        "sprint": undoing.of(sprint, *_SAID, "finalized_at", "closed_at"),
        "improvement": [picked.id, picked.text, picked.wants_taker, picked.state == ActionState.OPEN]
        if picked
        else None,
    }
    return {"plan": hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()}


def _item(item: Item) -> list[Any]:
    said = [item.title, item.points, item.heading, item.others, item.mark, item.note or ""]
    return [item.id, *said, item.priority, item.position, item.dropped_at is not None]


def _key(sprint: Sprint) -> str:
    return f"final:{sprint.id}"
