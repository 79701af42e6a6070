"""What an owner does with items during a sprint: mark them, note why, change what was picked."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import ScalarSelect, Select, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.domain.planning import carrying, contents, lines, partners
from bot.domain.planning.wrapping_up import TypedItem
from bot.domain.retros import actions
from bot.domain.sprints import cards, sprints
from bot.domain.teams import teams
from bot.domain.text.structure import Kind
from bot.platform.errors import Refusal
from models.company import Person
from models.retros import Action
from models.sprints import NOTE_LENGTH, UNFINISHED, Answer, ChangeKind, Item, Mark, Priority, Sprint

REASON_LENGTH = 300
GONE = "This item is gone: somebody edited the plan. `/sprint` shows it as it is now."


@dataclass(frozen=True)
class Swap:
    """The form "change my plan": what comes in, what goes, and why. `left_out` counts what was typed and is no item."""

    sprint_id: int
    add: Sequence[TypedItem]
    priority: Priority
    drop: Sequence[int]
    reason: str
    left_out: Mapping[str, Mapping[Kind, int]] = field(default_factory=dict)


@dataclass(frozen=True)
class ItemsChanged:
    """A plan was changed: what came in and what went. `number` is one for each change, for the post's key."""

    sprint: Sprint
    person: Person
    added: Sequence[Item]
    dropped: Sequence[Item]
    reason: str
    number: int


def mark(session: Session, item_id: int, to: Mark, *, by: str, now: datetime) -> Sprint:
    """Mark one's item. Raises Refusal for somebody else's item and for a closed sprint."""
    item, sprint = _mine(session, item_id, by, now, to="mark it")
    was, item.mark = item.mark, to
    session.flush()
    actions.follow(session, [(item, was)], now=now)
    cards.redraw(session, sprint, now=now)
    carrying.follow(session, item, now=now)
    return sprint


def write_note(session: Session, item_id: int, note: str, *, by: str, now: datetime) -> Sprint:
    """Write, or with an empty text delete, the one line of why under one's item."""
    item, sprint = _mine(session, item_id, by, now, to="write its note")
    words = " ".join(note.split())
    if len(words) > NOTE_LENGTH:
        raise Refusal(f"That is {len(words)} characters; one line of at most {NOTE_LENGTH} will do.", field="note")
    item.note = words or None
    session.flush()
    cards.redraw(session, sprint, now=now)
    return sprint


def change(session: Session, swap: Swap, *, by: str, now: datetime) -> ItemsChanged:
    """Take items into a final plan or drop them, with one line of reason.

    Raises Refusal when there is nothing to change, no reason, or an item that can't be added or dropped.
    """
    sprint = sprints.load(session, swap.sprint_id, lock=True)
    teams.require_member(sprint.team, by, to="change its plan")
    sprints.require_open(sprint, now, field="add")
    reason = _reason(swap.reason)
    if not swap.add and not swap.drop:
        raise Refusal("Write what you add, or choose what you drop.", field="add")
    dropped = [_droppable(sprint, item_id, by) for item_id in swap.drop]
    added = _add(sprint, swap, [item.id for item in dropped], by)
    for item in dropped:
        item.dropped_at = now
    changes = [
        contents.log_change(sprint, by, kind, item.title, reason, now)
        for kind, items in ((ChangeKind.ADDED, added), (ChangeKind.DROPPED, dropped))
        for item in items
    ]
    session.add_all([*added, *changes])
    if all(answer.person_id != by for answer in sprint.answers):
        session.add(Answer(sprint_id=sprint.id, person_id=by, sent_at=now))
    session.flush()
    cards.redraw(session, sprint, now=now)
    for item in dropped:
        carrying.follow(session, item, now=now)
    person = session.get_one(Person, by)
    return ItemsChanged(sprints.load(session, sprint.id), person, added, dropped, reason, changes[0].id)


def tell(session: Session, changed: ItemsChanged, message: Message, *, now: datetime) -> None:
    """The change and its reason stand in the plan's thread, once."""
    posts.reply(session, f"change:{changed.number}", cards.current(session, changed.sprint), message, now=now)


IMPROVEMENT = "Improvement from the last retro"


def take_on(session: Session, action_id: int, *, by: str, now: datetime) -> ItemsChanged | None:
    """Take an action that nobody has: it stands in one's plan of the sprint after its retro. That answers nothing else.

    Returns what changed where that plan is final. Raises Refusal where it has an owner, and for somebody of another team.
    """
    # Lock the plan first, then the action: sending a plan locks them in this order, too.
    following = session.scalar(_plan_for(select(Action.team_id).where(Action.id == action_id).scalar_subquery(), now))
    sprint = sprints.load(session, following, lock=True) if following is not None else None
    action = actions.take(session, action_id, by=by, now=now)
    if sprint is None:
        return None
    title = contents.title_key(action.text)
    if any(contents.title_key(item.title) == title for item in for_person(sprint, by)):
        return None
    swap = Swap(sprint.id, [TypedItem(action.text)], Priority.HIGH, [], IMPROVEMENT)
    (item,) = _add(sprint, swap, [], by)
    session.add(item)
    session.flush()
    actions.plan(session, item, action)
    change = contents.log_change(sprint, by, ChangeKind.ADDED, item.title, IMPROVEMENT, now)
    if sprint.finalized_at is not None:
        session.add(change)
    session.flush()
    cards.redraw(session, sprint, now=now)
    if sprint.finalized_at is None:
        return None
    return ItemsChanged(sprint, session.get_one(Person, by), [item], [], IMPROVEMENT, change.id)


def _plan_for(team_id: ScalarSelect[int], now: datetime) -> Select[int]:
    """The sprint that is planned or runs: the last one whose turn has come."""
    begun = Sprint.team_id == team_id, Sprint.closed_at.is_(None), Sprint.over_at > now
    return select(Sprint.id).where(*begun).order_by(Sprint.starts_on.desc()).limit(1)


def for_person(sprint: Sprint, person_id: str) -> list[Item]:
    """This person's items that stand in the plan, in its order."""
    return [item for item in contents.active(sprint) if item.owner_id == person_id]


def with_owner(session: Session, item_id: int) -> Item:
    """An item with its owner at hand."""
    return session.scalars(select(Item).where(Item.id == item_id).options(joinedload(Item.owner))).one()


def mine(session: Session, item_id: int, *, by: str) -> Item:
    """One's item. Raises Refusal for somebody else's."""
    item = session.get(Item, item_id)
    if item is None or item.owner_id != by:
        raise Refusal("Only the owner of an item can write its note.")
    return item


def _mine(session: Session, item_id: int, by: str, now: datetime, *, to: str) -> tuple[Item, Sprint]:
    sprint_id = session.scalar(select(Item.sprint_id).where(Item.id == item_id))
    if sprint_id is None:
        raise Refusal(GONE)
    sprint = sprints.load(session, sprint_id, lock=True)
    item = next((item for item in sprint.items if item.id == item_id), None)
    if item is None:
        raise Refusal(GONE)
    if item.owner_id != by:
        raise Refusal(f"This item is {item.owner.name}'s, and only {item.owner.name} can {to}.")
    if not _waits(session, item, sprint):
        sprints.require_markable(sprint, now)
    if item.dropped_at is not None:
        raise Refusal("You dropped this item from the plan. Add it again with *Change my plan*.")
    return item, sprint


def _waits(session: Session, item: Item, sprint: Sprint) -> bool:
    """Whether a sprint was held since in which it stood nowhere: its owner was away, and now says what becomes of it."""
    if item.mark not in UNFINISHED:
        return False
    again = select(Sprint.starts_on).join(Item, Item.sprint_id == Sprint.id).where(Item.carried_from_id == item.id)
    goes_on = session.scalar(again)
    between = select(Sprint.id).where(Sprint.team_id == sprint.team_id, Sprint.starts_on > sprint.starts_on)
    if goes_on is not None:
        between = between.where(Sprint.starts_on < goes_on)
    return session.scalar(between.where(Sprint.finalized_at.is_not(None)).limit(1)) is not None


def _droppable(sprint: Sprint, item_id: int, by: str) -> Item:
    item = next((item for item in for_person(sprint, by) if item.id == item_id), None)
    if item is None:
        raise Refusal("You can drop your own items of this plan. Open the form again.", field="drop")
    return item


def _add(sprint: Sprint, swap: Swap, leaving: Sequence[int], by: str) -> list[Item]:
    staying = [item for item in for_person(sprint, by) if item.id not in leaving]
    if len(staying) + len(swap.add) > lines.MOST_ITEMS:
        raise Refusal(f"A plan takes {lines.MOST_ITEMS} items a person. Drop something first.", field="add")
    seen = {contents.title_key(item.title) for item in staying}
    added = []
    team = partners.Roster.of(seat.person for seat in sprint.team.members)
    for line in (partners.read(each, team, by) for each in swap.add):
        lines.check_line(line, seen, "add")
        seen.add(contents.title_key(line.title))
        item = _taken_up_again(sprint, line, by) or _new(sprint, line, by)
        item.priority, item.dropped_at = swap.priority, None
        lines.say(item, line, keeps_points=True)
        added.append(item)
    return added


def _taken_up_again(sprint: Sprint, line: TypedItem, by: str) -> Item | None:
    # What was dropped and comes back is the same item, and remembers how often it was carried.
    key = contents.title_key(line.title)
    dropped = [item for item in sprint.items if item.dropped_at is not None and item.owner_id == by]
    return next((item for item in dropped if contents.title_key(item.title) == key), None)


def _new(sprint: Sprint, line: TypedItem, by: str) -> Item:
    item = Item(
        sprint_id=sprint.id,
        owner_id=by,
        title=line.title,
        mark=Mark.NOT_STARTED,
        carried=0,
        position=contents.next_position(sprint),
    )
    sprint.items.append(item)
    return item


def _reason(text: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Refusal("Say in one line why, so that the others can follow.", field="reason")
    if len(reason) > REASON_LENGTH:
        raise Refusal(f"That is {len(reason)} characters; one line of at most {REASON_LENGTH} will do.", field="reason")
    return reason
