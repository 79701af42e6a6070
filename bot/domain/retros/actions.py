"""What a retro leads to: one improvement and further actions, until each is done or dropped."""

from collections.abc import Iterable, Sequence
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session, joinedload, selectinload

from bot.domain.calendar.cadence import local_date
from bot.domain.calendar.wording import a_day
from bot.domain.outbox import home_refresh, posts, undoing
from bot.domain.retros import retros
from bot.domain.sprints import item_sources
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.outbox import Card
from models.retros import BECAUSE_LENGTH, Action, ActionState, PlannedAction, Retro
from models.sprints import Item, Mark, Sprint
from models.teams import Team

SETTLED = ("state", "because", "settled_at", "settled_by_id")
_UNDO = "action:"
SUMMARY = Card.RETRO_SUMMARY  # in the team's channel, once a retro is closed; its subject is the retro


class Resolution(StrEnum):
    """What becomes of an open action."""

    DONE = "done"
    KEEP = "keep"
    DROP = "drop"


# --- reading ----------------------------------------------------------------------------------------------------


def open_of(session: Session, team_id: int) -> list[Action]:
    """The team's open actions, oldest first."""
    query = select(Action).where(Action.team_id == team_id, Action.state == ActionState.OPEN).order_by(Action.id)
    return list(session.scalars(query.options(joinedload(Action.owner))))


def open_before(session: Session, team_id: int, day: date) -> list[Action]:
    """The team's open actions of retros of sprints that began before this day, oldest first.

    By the sprints' days, and not by the retros' ids: a note for a later sprint may have been written first.
    """
    before = select(Retro.id).join(Sprint).where(Sprint.team_id == team_id, Sprint.starts_on < day)
    query = select(Action).where(Action.retro_id.in_(before), Action.state == ActionState.OPEN).order_by(Action.id)
    return list(session.scalars(query.options(joinedload(Action.owner))))


def of_retro(session: Session, retro_id: int) -> list[Action]:
    """What a retro led to, the improvement first."""
    query = select(Action).where(Action.retro_id == retro_id).order_by(Action.is_improvement.desc(), Action.id)
    return list(session.scalars(query.options(*_PEOPLE)))


def settled_of(session: Session, team_id: int) -> list[Action]:
    """What the team finished or dropped, the latest first."""
    query = select(Action).where(Action.team_id == team_id, Action.state != ActionState.OPEN).options(*_PEOPLE)
    return list(session.scalars(query.order_by(Action.settled_at.desc(), Action.id.desc())))


def improvements_before(session: Session, team_id: int, day: date) -> list[Action]:
    """The improvements that were picked in retros of sprints that began before this day, the latest first."""
    query = select(Action).join(Retro, Retro.id == Action.retro_id).join(Sprint).options(*_PEOPLE)
    query = query.where(Sprint.team_id == team_id, Sprint.starts_on < day, Action.is_improvement)
    return list(session.scalars(query.order_by(Sprint.starts_on.desc(), Action.id.desc())))


_PEOPLE = joinedload(Action.owner), joinedload(Action.settled_by)


def undecided(open_actions: Iterable[Action], retro_id: int) -> list[Action]:
    """Those of earlier retros of which it is still to be said in this one what becomes of them."""
    return [each for each in open_actions if each.retro_id != retro_id and each.kept_in_id != retro_id]


def has_owner(action: Action, team: Team) -> bool:
    """Whether its owner can still see to it; else it is the team's, for anybody to take."""
    if action.wants_taker:
        return False
    return teams.is_member(team, action.owner_id) and not action.owner.is_gone


def improvement(session: Session, retro_id: int) -> Action | None:
    """The one improvement that was picked in this retro, if any."""
    return next((each for each in of_retro(session, retro_id) if each.is_improvement), None)


def to_plan(session: Session, team_id: int, person_id: str, sprint_id: int | None) -> list[Action]:
    """This person's open actions that stand in no item of this sprint yet, nor in one of theirs that is unfinished."""
    there = item_sources.in_plans(PlannedAction.action_id, person_id, sprint_id)
    query = select(Action).where(
        Action.team_id == team_id,
        Action.owner_id == person_id,
        Action.wants_taker.is_(False),
        Action.state == ActionState.OPEN,
        Action.id.not_in(there),
    )
    return list(session.scalars(query.order_by(Action.is_improvement.desc(), Action.id)))


# --- settling ---------------------------------------------------------------------------------------------------


def settle(session: Session, action_id: int, fate: Resolution, *, by: str, now: datetime, because: str = "") -> Action:
    """Say what becomes of an action; to drop it needs a reason. Anybody of its team may.

    Raises Refusal for somebody of another team, and for an action that is settled.
    """
    action, team = locked(session, action_id)
    teams.require_member(team, by, to="settle its actions")
    _require_open(action, team)
    before = undoing.of(action, *SETTLED)
    resolve(action, fate, because, by=by, now=now, retro_id=_asking(session, team.id))
    session.flush()
    if action.state != ActionState.OPEN:
        session.refresh(action, ["settled_by"])
        left = undoing.of(action, *SETTLED)
        undoing.remember(session, _undo_key(action.id), by=by, before=before, left=left, now=now)
    redraw(session, action, now)
    return action


def undo(session: Session, action_id: int, *, by: str, now: datetime) -> Action:
    """An action that this person settled is open again. Raises Refusal when it is too late, or somebody acted on it."""
    action, team = locked(session, action_id)
    teams.require_member(team, by, to="settle its actions")
    before = undoing.take_back(session, _undo_key(action.id), undoing.of(action, *SETTLED), by=by, now=now)
    if before is not None:
        undoing.put_back(action, before)
        session.flush()
        redraw(session, action, now)
    return action


def settled_lately(session: Session, team_id: int, person_id: str, *, now: datetime) -> list[Action]:
    """What this person of the team settled a moment ago, and may take back."""
    keys = undoing.lately(session, person_id, now=now)
    ids = [int(key.partition(":")[2]) for key in keys if key.startswith(_UNDO)]
    if not ids:
        return []
    query = select(Action).where(Action.id.in_(ids), Action.team_id == team_id).order_by(Action.id)
    return [
        action
        for action in session.scalars(query)
        if undoing.is_offered(session, _undo_key(action.id), undoing.of(action, *SETTLED), now=now)
    ]


def _undo_key(action_id: int) -> str:
    return f"{_UNDO}{action_id}"


def resolve(
    action: Action,
    fate: Resolution,
    because: str,
    *,
    by: str | None,
    now: datetime,
    retro_id: int | None,
    within: str = "because",
) -> None:
    """Raises Refusal, under the field `within`, for one that is dropped without a reason."""
    if fate is Resolution.KEEP:
        action.kept_in_id = retro_id or action.kept_in_id
        return
    if fate is Resolution.DROP:
        action.because = _reason(because, within)
    action.state = ActionState.DONE if fate is Resolution.DONE else ActionState.DROPPED
    action.settled_at, action.settled_by_id = now, by


def _reason(text: str, field: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Refusal("Say in one line why you drop it, so that the others can follow.", field=field)
    if len(reason) > BECAUSE_LENGTH:
        raise Refusal(f"That is {len(reason)} characters; one line of at most {BECAUSE_LENGTH} will do.", field=field)
    return reason


def take(session: Session, action_id: int, *, by: str, now: datetime) -> Action:
    """Take over an action whose owner is gone. Raises Refusal while it has one."""
    action, team = locked(session, action_id)
    teams.require_member(team, by, to="take its actions")
    _require_open(action, team)
    if action.owner_id != by and has_owner(action, team):
        raise Refusal(f"{action.owner.name} has it. Talk to each other, and they can drop it.")
    home_refresh.touch(session, [action.owner_id], now=now)
    action.owner_id, action.wants_taker = by, False
    session.flush()
    session.refresh(action, ["owner"])
    redraw(session, action, now)
    return action


def open_one(session: Session, action_id: int, *, by: str) -> Action:
    """An open action of one's team. Raises Refusal for any other."""
    action, team = locked(session, action_id)
    teams.require_member(team, by, to="settle its actions")
    _require_open(action, team)
    return action


def _require_open(action: Action, team: Team) -> None:
    if action.state == ActionState.OPEN:
        return
    who = action.settled_by.name if action.settled_by else "Somebody"
    what = "finished" if action.state == ActionState.DONE else "dropped"
    when = f" on {a_day(local_date(action.settled_at, team.zone))}" if action.settled_at else ""
    raise Refusal(f"This action is settled already: {who} {what} it{when}.")


def locked(session: Session, action_id: int) -> tuple[Action, Team]:
    """An action with its team, to decide something about it. Raises Refusal when there is none."""
    # The owner is read after the lock: joined, PostgreSQL would look for the one from before whoever was faster.
    who = selectinload(Action.owner), selectinload(Action.settled_by)
    query = select(Action).where(Action.id == action_id).options(*who)
    action = session.scalar(query.with_for_update().execution_options(populate_existing=True))
    if action is None:
        raise Refusal("This action is gone. `/retro actions` shows the others.")
    return action, teams.get(session, action.team_id)


def _asking(session: Session, team_id: int) -> int | None:
    """The retro that is asking about old actions at present: of several, the last."""
    return session.scalar(
        select(Retro.id).join(Sprint).where(*_opened(team_id)).order_by(Sprint.starts_on.desc()).limit(1)
    )


def _opened(team_id: int) -> tuple[ColumnElement[bool], ...]:
    return Sprint.team_id == team_id, Retro.opened_at.is_not(None), Retro.closed_at.is_(None)


def redraw(session: Session, action: Action, now: datetime) -> None:
    """Show what became of an action: on its retro's card and summary, on the card that asks about it, and on Home."""
    home_refresh.touch(session, [action.owner_id], now=now)
    posts.redraw(session, retros.CARD, session.get_one(Retro, action.retro_id).sprint_id, now=now)
    redraw_boards(session, action.team_id, now=now)
    posts.redraw(session, SUMMARY, action.retro_id, now=now)


def redraw_boards(session: Session, team_id: int, *, now: datetime) -> None:
    """Have the team's open boards drawn again, which ask about old actions. After a pause there may be several."""
    asking = session.scalars(select(Retro.sprint_id).join(Sprint).where(*_opened(team_id)).order_by(Retro.id)).all()
    if asking:
        posts.redraw_all(session, retros.CARD, asking, now=now)


# --- plan items -------------------------------------------------------------------------------------------------


def plan(session: Session, item: Item, action: Action) -> None:
    """An item is made from an action. Both are of the same owner. An item stands for one action, its first."""
    session.flush()
    item_sources.note(session, PlannedAction(item_id=item.id, action_id=action.id))


def carried(session: Session, moved: Sequence[tuple[Item, Item]]) -> None:
    """Items are carried over, each from an earlier one, and with them the actions that they were made from."""
    ids = [earlier.id for earlier, _ in moved]
    query = select(PlannedAction.item_id, PlannedAction.action_id).where(PlannedAction.item_id.in_(ids))
    before = {row.item_id: row.action_id for row in session.execute(query)} if ids else {}
    for earlier, item in moved if before else ():
        if earlier.id in before:
            session.flush()
            item_sources.note(session, PlannedAction(item_id=item.id, action_id=before[earlier.id]))


def follow(session: Session, marked: Sequence[tuple[Item, Mark]], *, now: datetime) -> None:
    """Items were marked, each with what it was: the action that one was made from is done when it is finished, and open
    again when not any more.

    What the team said of the action itself stands.
    """
    turned = {item.id: item for item, was in marked if (item.mark == Mark.FINISHED) != (was == Mark.FINISHED)}
    if not turned:
        return
    query = select(PlannedAction.item_id, Action).join(Action, Action.id == PlannedAction.action_id)
    query = query.where(PlannedAction.item_id.in_(turned)).order_by(Action.id).with_for_update(of=Action)
    for item_id, action in session.execute(query).all():
        item = turned[item_id]
        finished = item.mark == Mark.FINISHED
        if action.state == ActionState.DROPPED or (finished and action.state == ActionState.DONE):
            continue
        action.state = ActionState.DONE if finished else ActionState.OPEN
        action.settled_at, action.settled_by_id = (now, item.owner_id) if finished else (None, None)
        session.flush()
        redraw(session, action, now)
