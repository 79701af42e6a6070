"""What is unfinished goes on in the next sprint, as the marks say: one item for each, in the plan from its turn on."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, bindparam, func, insert, select
from sqlalchemy.orm import Session, aliased

from bot.domain.calendar import periods
from bot.domain.intake import to_plan
from bot.domain.outbox import posts
from bot.domain.retros import actions
from bot.domain.sprints import cards, sequence, sprints
from models.company import Away, Person
from models.intake.requests import PlannedRequest
from models.outbox import Card
from models.retros import PlannedAction
from models.sprints import UNFINISHED, Absence, Item, Mark, Sprint
from models.teams import Membership, Team

CARD = Card.MEANWHILE  # in the plan's thread: an item was settled after the plan was final; its subject is that item


def begin(session: Session, sprint_ids: Collection[int], *, now: datetime) -> None:
    """The turn to these sprints has come: what their teams' people left unfinished stands in them.

    Plain rows: on a Friday at ten that is every team of a company.
    """
    rows = session.execute(_left_over().where(_COMING.id.in_(sprint_ids))).all()
    if not rows:
        return
    out = _out(session, rows)
    last: dict[int, int] = dict(_last_places(session, sprint_ids))
    new, origins = [], []
    for row in rows:
        if (row.coming_id, row.owner_id) in out:
            continue
        last[row.coming_id] = last.get(row.coming_id, 0) + 1
        origins.append(row.id)
        new.append(
            {
                "sprint_id": row.coming_id,
                "owner_id": row.owner_id,
                "title": row.title,
                "priority": row.priority,
                "mark": Mark.NOT_STARTED,
                "position": last[row.coming_id],
                "points": row.points,
                "heading": row.heading,
                "others": row.others,
                "carried": row.carried + 1,
                "carried_from_id": row.id,
            }
        )
    if new:
        session.connection().execute(insert(Item), new)
        _take_sources_along(session, origins)
        # If somebody planned before the turn, the plan's card is in the channel already and lacks these items.
        posts.redraw_all(session, cards.PLAN_CARD, sorted({row["sprint_id"] for row in new}), now=now)


_COMING = aliased(Sprint)


def _left_over() -> Select[*tuple[Any, ...]]:
    again = aliased(Item)
    return (
        select(
            _COMING.id.label("coming_id"),
            _COMING.starts_on,
            _COMING.ends_on,
            Item.id,
            Item.owner_id,
            Item.title,
            Item.priority,
            Item.carried,
            Item.points,
            Item.heading,
            Item.others,
            Team.zone,
        )
        .join(Sprint, (Sprint.team_id == _COMING.team_id) & (Sprint.starts_on < _COMING.starts_on))
        .join(Team, Team.id == _COMING.team_id)
        .join(Item, Item.sprint_id == Sprint.id)
        .join(Membership, (Membership.team_id == Team.id) & (Membership.person_id == Item.owner_id))
        .outerjoin(again, again.carried_from_id == Item.id)
        .where(Item.mark.in_(UNFINISHED), Item.dropped_at.is_(None), again.id.is_(None), _COMING.finalized_at.is_(None))
        .order_by(_COMING.id, Sprint.starts_on, Item.position, Item.id)
    )


def _out(session: Session, rows: Sequence[Any]) -> set[tuple[int, str]]:
    """Who is away for which whole sprint: their items wait for their next turn."""
    owners = {row.owner_id for row in rows}
    spans: dict[str, list[periods.Span]] = defaultdict(list)
    zones = {row.owner_id: row.zone for row in rows}
    aways = select(Away, Person.zone).join(Person, Person.id == Away.person_id).where(Away.person_id.in_(owners))
    for away, zone in session.execute(aways):
        spans[away.person_id].append(periods.days(away, zone or zones[away.person_id]))
    written: dict[tuple[int, str], list[periods.Span]] = defaultdict(list)
    ids = {row.coming_id for row in rows}
    for each in session.scalars(select(Absence).where(Absence.sprint_id.in_(ids))):
        written[each.sprint_id, each.person_id].append((each.starts_on, each.ends_on))
    return {
        (row.coming_id, row.owner_id)
        for row in rows
        if periods.covers([*spans[row.owner_id], *written[row.coming_id, row.owner_id]], row.starts_on, row.ends_on)
    }


def _last_places(session: Session, sprint_ids: Iterable[int]) -> Iterable[tuple[int, int]]:
    query = select(Item.sprint_id, func.max(Item.position)).where(Item.sprint_id.in_(sprint_ids))
    return ((sprint_id, place) for sprint_id, place in session.execute(query.group_by(Item.sprint_id)))


def _take_sources_along(session: Session, origins: Sequence[int]) -> None:
    """What an item was made from, an action or a request, goes with it."""
    again = aliased(Item)
    for table, column in ((PlannedAction, PlannedAction.action_id), (PlannedRequest, PlannedRequest.request_id)):
        query = select(again.id, column).join(Item, Item.id == table.item_id)
        found = session.execute(query.join(again, again.carried_from_id == Item.id).where(Item.id.in_(origins))).all()
        if found:
            session.connection().execute(insert(table), [{"item_id": each[0], column.key: each[1]} for each in found])


# --- one plan ---------------------------------------------------------------------------------------------------


def carry(session: Session, sprint: Sprint, person_id: str, *, unfinished: Iterable[Item]) -> list[Item]:
    """Have these items of an earlier sprint go on in this one, which is locked and whole. Returns them as they stand here."""
    here = {item.carried_from_id: item for item in sprint.items if item.owner_id == person_id}
    carried, moved = [], []
    for item in unfinished:
        again = here.get(item.id)
        if again is None:
            again = Item(
                sprint_id=sprint.id,
                owner_id=person_id,
                title=item.title,
                priority=item.priority,
                points=item.points,
                heading=item.heading,
                others=item.others,
                position=max((each.position for each in sprint.items), default=0) + 1,
                mark=Mark.NOT_STARTED,
                carried=item.carried + 1,
                carried_from_id=item.id,
            )
            session.add(again)
            sprint.items.append(again)
            moved.append((item, again))
        carried.append(again)
    if moved:
        session.flush()
        actions.carried(session, moved)
        to_plan.carried(session, moved)
    return carried


def follow(session: Session, item: Item, *, now: datetime) -> None:
    """An item was marked: the plan after its sprint has it as long as it is unfinished.

    It leaves a plan that is final, too, unless its owner changed it there; the plan's thread says so.
    """
    found = session.scalar(select(Item).where(Item.carried_from_id == item.id))
    if item.mark in UNFINISHED and item.dropped_at is None:
        if found is None:
            _bring_back(session, item, now)
        return
    if found is None:
        return
    sprint = sprints.load(session, found.sprint_id, lock=True)
    # It may have been dropped, or the plan made final, while this waited for the lock.
    again = next((each for each in sprint.items if each.id == found.id), None)
    if again is None or again.dropped_at is not None or (sprint.finalized_at is not None and not is_untouched(again)):
        return
    if sprint.finalized_at is not None:
        tell(session, sprint, item, now=now)
    sprint.items.remove(again)
    session.delete(again)
    session.flush()
    cards.redraw(session, sprint, now=now)


def follow_here(session: Session, sprint: Sprint, marked: Sequence[Item], *, now: datetime) -> bool:
    """Somebody marked items while they plan this sprint, which is locked and whole. What is unfinished they carry over next.

    Returns whether the sprint is to be read again: its plan is final, or an item goes on in another one.
    """
    here = {item.carried_from_id: item for item in sprint.items if item.dropped_at is None}
    if sprint.finalized_at is not None or any(item.id not in here and item.mark not in UNFINISHED for item in marked):
        for item in marked:
            follow(session, item, now=now)
        return True
    for item in marked:
        if item.mark not in UNFINISHED:
            sprint.items.remove(here[item.id])
            session.delete(here[item.id])
    return False


def _bring_back(session: Session, item: Item, now: datetime) -> None:
    home = session.get_one(Sprint, item.sprint_id)
    following = sequence.after(session, home)
    if following is None or following.asked_at is None or sprints.is_over(following, now):
        return
    sprint = sprints.load(session, following.id, lock=True)
    owner = next((member.person for member in sprint.team.members if member.person_id == item.owner_id), None)
    if owner is None or sprints.is_off(sprint, owner):
        return
    carry(session, sprint, item.owner_id, unfinished=[item])
    if sprint.finalized_at is not None:
        tell(session, sprint, item, now=now)
    session.flush()
    cards.redraw(session, sprint, now=now)


def tell(session: Session, sprint: Sprint, item: Item, *, now: datetime) -> None:
    """Have the thread of a final plan say what became of an item that was carried into it."""
    posts.draw(session, CARD, item.id, sprint.team.channel_id, now=now, under=cards.current(session, sprint))


def is_untouched(item: Item) -> bool:
    """Whether its owner has not changed it since it was carried over."""
    return item.mark == Mark.NOT_STARTED and item.note is None


def settle(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """Have a plan that is not final hold exactly what is unfinished: of those who are there, and of nobody else.

    The sprint is locked and whole.
    """
    if sprint.asked_at is None or sprint.finalized_at is not None:
        return
    there = {member.person_id for member in sprint.team.members if not sprints.is_off(sprint, member.person)}
    answered = {answer.person_id for answer in sprint.answers}
    origins = {item.carried_from_id: item for item in sprint.items if item.carried_from_id is not None}
    ids = [item.id for item in origins.values()]
    go_on = set(session.scalars(select(Item.carried_from_id).where(Item.carried_from_id.in_(ids))))
    for origin in session.scalars(select(Item).where(Item.id.in_(list(origins)))):
        again = origins[origin.id]
        if again.id in go_on:
            continue  # already carried into a later sprint, so it stays in this one, too
        gone = again.owner_id not in there and again.owner_id not in answered
        if again.dropped_at is None and is_untouched(again) and (gone or origin.mark not in UNFINISHED):
            sprint.items.remove(again)
            session.delete(again)
    session.flush()
    for person_id in sorted(there):
        carry(session, sprint, person_id, unfinished=left_over(session, sprint.team_id, person_id, sprint.starts_on))
    session.flush()


def waiting(session: Session, team_id: int, person_id: str, last: date, before: date) -> list[Item]:
    """This person's unfinished items of sprints before the `last` one, in which they stood nowhere: they were away, for one.

    Those that were carried into the sprint that begins on the day `before` are among them.
    """
    which = {"team": team_id, "owner": person_id, "earlier_than": last, "following": before}
    return list(session.scalars(_WAITING, which))


def left_over(session: Session, team_id: int, person_id: str, before: date) -> list[Item]:
    """This person's items of the team's earlier sprints that nobody settled yet and that go on nowhere, oldest first."""
    return list(session.scalars(_LEFT_OVER, {"team": team_id, "owner": person_id, "earlier_than": before}))


# Built once: building them takes longer than running them.
_AGAIN, _FOLLOWING = aliased(Item), aliased(Sprint)
_UNFINISHED = (
    select(Item)
    .join(Sprint, Item.sprint_id == Sprint.id)
    .outerjoin(_AGAIN, _AGAIN.carried_from_id == Item.id)
    .where(
        Item.owner_id == bindparam("owner"),
        Sprint.team_id == bindparam("team"),
        Sprint.starts_on < bindparam("earlier_than"),
        Item.mark.in_(UNFINISHED),
        Item.dropped_at.is_(None),
    )
    .order_by(Sprint.starts_on, Item.position, Item.id)
)
_LEFT_OVER = _UNFINISHED.where(_AGAIN.id.is_(None))
_WAITING = _UNFINISHED.outerjoin(_FOLLOWING, _FOLLOWING.id == _AGAIN.sprint_id).where(
    _AGAIN.id.is_(None) | ((_FOLLOWING.starts_on == bindparam("following")) & _AGAIN.dropped_at.is_(None))
)
