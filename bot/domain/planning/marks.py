"""Marking, with the plan, what was left in earlier sprints."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.domain.planning import carrying, wrapping_up
from bot.domain.planning.wrapping_up import MyPlan
from bot.domain.retros import actions
from bot.domain.sprints import cards, sequence
from bot.platform.errors import Refusal
from models.sprints import (
    NOTE_LENGTH,
    Mark,
    Sprint,
)
from models.teams import Team


def mark(session: Session, team: Team, sprint: Sprint, plan: MyPlan, person_id: str, now: datetime) -> bool:
    """Mark what was left in earlier sprints. Returns whether the plan itself is to be read again."""
    if not plan.marks:
        return False
    # What was settled or frozen elsewhere since the form was opened stands as it is.
    last = sequence.last_planned(session, team.id, plan.starts_on)
    open_ones = {item.id: item for item in wrapping_up.markable(session, last, person_id, plan.starts_on, now)}
    marked = []
    for item_id, marking in plan.marks.items():
        item = open_ones.get(item_id)
        if item is None:
            continue
        # A mark chosen in a message or on Home needs no reason, and a form that leaves it as it was asks for none.
        is_asked = item.mark != Mark.WONT_FINISH and not item.note
        if marking.mark is Mark.WONT_FINISH and (marking.because.strip() or is_asked):
            item.note = _with_the_reason(item.note, _because(marking.because, f"because_{item_id}"))
        if marking.mark != item.mark:
            marked.append((item, Mark(item.mark)))
            item.mark = marking.mark
    session.flush()
    actions.follow(session, marked, now=now)
    is_stale = carrying.follow_here(session, sprint, [item for item, _ in marked], now=now)
    for sprint_id in dict.fromkeys(item.sprint_id for item, _ in marked):
        cards.redraw(session, session.get_one(Sprint, sprint_id), now=now)
    session.flush()
    return is_stale


def _with_the_reason(note: str | None, because: str) -> str:
    if not note or note == because or because in note:
        return because if not note or note == because else note
    both = f"{note}; {because}"
    return both if len(both) <= NOTE_LENGTH else because


def _because(text: str, field: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Refusal("Say in one line why it won't be finished, so that the others can follow.", field=field)
    if len(reason) > NOTE_LENGTH:
        raise Refusal(f"That is {len(reason)} characters; one line of at most {NOTE_LENGTH} will do.", field=field)
    return reason
