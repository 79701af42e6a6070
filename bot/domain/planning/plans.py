"""Planning: what each person picks for a sprint, and what a plan holds."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.domain.calendar import wording
from bot.domain.calendar.cadence import local_date
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.intake import to_plan
from bot.domain.outbox import home_refresh, posts
from bot.domain.retros import actions
from bot.domain.sprints import pages, sprints
from bot.domain.sprints.sprints import Planning
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.intake.requests import Request
from models.retros import Action
from models.sprints import (
    NOTE_LENGTH,
    TITLE_LENGTH,
    UNFINISHED,
    Absence,
    Answer,
    Change,
    ChangeKind,
    Item,
    Mark,
    Priority,
    Sprint,
)
from models.teams import Team

MOST_ITEMS = 15  # a person and sprint; the handbook sees 3 to 6, and six people's plans must fit on one card


class CarryOver(StrEnum):
    """What becomes of an unfinished item: the plan's first question. `OTHER` is again, but with the other priority."""

    DONE = "done"
    AGAIN = "again"
    OTHER = "other"
    DROP = "drop"


@dataclass(frozen=True)
class TypedItem:
    """One line that somebody typed: a title, and the indented line below it as its note."""

    title: str
    note: str | None = None


@dataclass(frozen=True)
class Decision:
    """The answer for one unfinished item; `because` is asked for a dropped one."""

    fate: CarryOver
    because: str = ""


@dataclass(frozen=True)
class MyPlan:
    """The form "my plan". `unfinished` maps an earlier item's id to what becomes of it.

    `keep_notes` when the form had no room for the notes, so that their absence in it means nothing.
    `actions` are those of the retro, and `requests` those of the team's desks, by id, that become items.
    """

    team_id: int
    starts_on: date
    unfinished: Mapping[int, Decision]
    high: Sequence[TypedItem]
    side: Sequence[TypedItem]
    off_from: date | None
    off_until: date | None
    keep_notes: bool
    actions: Sequence[int] = ()
    requests: Sequence[int] = ()


@dataclass(frozen=True)
class UnfinishedItem:
    """An unfinished item of an earlier sprint, and what becomes of it unless the person says otherwise."""

    item: Item
    fate: CarryOver


@dataclass(frozen=True)
class PlanDraft:
    """What the form "my plan" starts from. `answered` when this person sent a plan for this sprint already.

    `actions` and `requests` are what they can pick, and `embeds` with whom they are in these days.
    """

    team: Team
    planning: Planning
    answered: bool
    earlier: Sequence[UnfinishedItem]
    written: Sequence[Item]
    absence: Absence | None
    actions: Sequence[Action] = ()
    requests: Sequence[Request] = ()
    embeds: Sequence[Embed] = ()


@dataclass(frozen=True)
class DaysOffEntry:
    """Somebody is off from one day to another, both included; None means the sprint's own first or last day."""

    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Sent:
    """A plan was sent: `late` when the plan was final by then or the sprint's first day had passed, with what it adds.

    `taken` are the requests that became items; who calls sees to it that this person claims them.
    """

    sprint: Sprint
    answer: Answer
    late: bool
    added: Sequence[Item]
    taken: Sequence[Request] = ()


def unfinished(session: Session, team_id: int, person_id: str, before: date) -> list[Item]:
    """This person's items of the team's earlier sprints that nobody settled yet, oldest first.

    An item stays here until it is marked finished or won't finish, or stands in a later plan.
    """
    again = aliased(Item)
    query = (
        select(Item)
        .join(Sprint, Item.sprint_id == Sprint.id)
        .outerjoin(again, again.carried_from_id == Item.id)
        .where(
            Item.owner_id == person_id,
            Sprint.team_id == team_id,
            Sprint.starts_on < before,
            Item.mark.in_(UNFINISHED),
            Item.dropped_at.is_(None),
            again.id.is_(None),
        )
        .order_by(Sprint.starts_on, Item.position, Item.id)
    )
    return list(session.scalars(query))


def draft(session: Session, team_id: int, starts_on: date | None, *, person_id: str, now: datetime) -> PlanDraft:
    """What the form "my plan" shows this person, for the sprint that begins on this day or for the one to plan now.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    team = teams.get(session, team_id)
    teams.require_member(team, person_id, to="plan its sprint")
    planning, sprint = meant(session, team, starts_on, now)
    mine = [item for item in active(sprint) if item.owner_id == person_id] if sprint else []
    carried = {item.carried_from_id: item for item in mine if item.carried_from_id is not None}
    query = select(Item).where(Item.id.in_(carried)).order_by(Item.position, Item.id)
    earlier = [UnfinishedItem(item, _fate(item, carried[item.id])) for item in session.scalars(query)]
    open_items = unfinished(session, team_id, person_id, planning.dates.starts_on)
    return PlanDraft(
        team=team,
        planning=planning,
        answered=sprint is not None and any(answer.person_id == person_id for answer in sprint.answers),
        earlier=[*earlier, *(UnfinishedItem(item, CarryOver.AGAIN) for item in open_items)],
        written=[item for item in mine if item.carried_from_id is None],
        absence=next((a for a in sprint.absences if a.person_id == person_id), None) if sprint else None,
        actions=actions.to_plan(session, team_id, person_id, sprint.id if sprint else None),
        requests=to_plan.to_plan(session, team_id, person_id, sprint.id if sprint else None),
        embeds=embeds.of_person(session, person_id, planning.dates.starts_on, planning.dates.ends_on),
    )


def meant(session: Session, team: Team, starts_on: date | None, now: datetime) -> tuple[Planning, Sprint | None]:
    """The sprint that begins on this day, or without one the sprint to plan now; whole, where anything is written yet.

    Raises Refusal for one that is over.
    """
    if starts_on is not None and (sprint := sprints.find(session, team, starts_on)) is not None:
        sprints.require_open(sprint, now)
        return sprints.planning(sprint), sprint
    planning = sprints.to_plan(sprints.latest(session, team.id), sprints.cadence_of(session, team), now)
    return planning, sprints.load(session, planning.sprint_id) if planning.sprint_id is not None else None


def _fate(item: Item, carried: Item) -> CarryOver:
    return CarryOver.AGAIN if carried.priority == item.priority else CarryOver.OTHER


def send(session: Session, plan: MyPlan, *, person_id: str, now: datetime) -> Sent:
    """Send or edit one's plan. Raises Refusal, under the field concerned, for what can't be planned.

    After the lead made the plan final, a first answer is still taken, as a late one; an edit needs a reason
    and goes through `items.change`.
    """
    team = teams.get(session, plan.team_id)
    teams.require_member(team, person_id, to="plan its sprint")
    earlier = select(Item.sprint_id).where(Item.id.in_(plan.unfinished), Item.owner_id == person_id)
    sprints.lock(session, earlier)
    sprint = sprints.at(session, team, plan.starts_on, now=now)
    sprints.require_open(sprint, now, field="high")
    answer = next((answer for answer in sprint.answers if answer.person_id == person_id), None)
    if sprint.finalized_at is not None and answer is not None:
        raise Refusal(
            "This plan is final by now. Change it with one line of reason: the button *Change my plan* on its card.",
            field="high",
        )
    kept = _settle(session, sprint, plan.unfinished, person_id, now)
    picked, taken = _picked(session, sprint, plan, person_id), _taken_up(session, sprint, plan, person_id)
    lines = [TypedItem(each.text) for each in picked] + [TypedItem(each.title) for each in taken]
    fresh = _write_lines(session, sprint, _with_lines(plan, lines), kept, person_id)
    by_title = {title_key(item.title): item for item in fresh}
    for action in picked:
        actions.plan(session, by_title[title_key(action.text)], action)
    for request in taken:
        to_plan.plan(session, by_title[title_key(request.title)], request)
    _write_absence(session, sprint, person_id, plan.off_from, plan.off_until)
    late = answer is None and (sprint.finalized_at is not None or sprint.starts_on < local_date(now, team.zone))
    if answer is None:
        answer = Answer(sprint_id=sprint.id, person_id=person_id, sent_at=now, edited_at=now, is_late=late)
        sprint.answers.append(answer)
    answer.edited_at = now
    added = [*kept, *fresh]
    for item in added if late else []:
        sprint.changes.append(log_change(sprint, person_id, ChangeKind.ADDED, item.title, "sent late", now))
    session.flush()
    show(session, sprint, now=now)
    return Sent(sprints.as_written(session, sprint), answer, late, added, taken)


def same_again(session: Session, team_id: int, starts_on: date, *, person_id: str, now: datetime) -> Sent:
    """Take everything that is unfinished along, beside what was written already. A plan that was sent before stays.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    found = draft(session, team_id, starts_on, person_id=person_id, now=now)
    sprint = sprints.find(session, found.team, starts_on)
    answer = next((each for each in sprint.answers if each.person_id == person_id), None) if sprint else None
    if sprint is not None and answer is not None:
        return Sent(sprint, answer, late=False, added=[])
    written = {priority: [_line(i) for i in found.written if i.priority == priority] for priority in Priority}
    plan = MyPlan(
        team_id=team_id,
        starts_on=starts_on,
        unfinished={earlier.item.id: Decision(earlier.fate) for earlier in found.earlier},
        high=written[Priority.HIGH],
        side=written[Priority.SIDE],
        off_from=found.absence.starts_on if found.absence else None,
        off_until=found.absence.ends_on if found.absence else None,
        keep_notes=True,
    )
    return send(session, plan, person_id=person_id, now=now)


def _line(item: Item) -> TypedItem:
    return TypedItem(item.title, item.note)


def be_off(session: Session, team_id: int, starts_on: date, *, person_id: str, now: datetime) -> Sprint:
    """Be off for the whole sprint: nobody waits for this person's plan.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    team = teams.get(session, team_id)
    teams.require_member(team, person_id, to="be off its sprint")
    sprint = sprints.at(session, team, starts_on, now=now)
    sprints.require_open(sprint, now)
    _write_absence(session, sprint, person_id, sprint.starts_on, sprint.ends_on)
    session.flush()
    show(session, sprint, now=now)
    return sprints.load(session, sprint.id)


def _settle(
    session: Session, sprint: Sprint, decisions: Mapping[int, Decision], person_id: str, now: datetime
) -> list[Item]:
    carried = {item.carried_from_id: item for item in sprint.items if item.owner_id == person_id}
    allowed = {item.id: item for item in unfinished(session, sprint.team_id, person_id, sprint.starts_on)}
    query = select(Item).where(Item.id.in_(carried), Item.owner_id == person_id)
    earlier = allowed | {item.id: item for item in (session.scalars(query) if carried else ())}
    kept = []
    for item_id, decision in decisions.items():
        if item_id not in earlier:
            continue  # it was settled elsewhere since the form was opened, and that stands
        item = earlier[item_id]
        if decision.fate in (CarryOver.AGAIN, CarryOver.OTHER):
            kept.append(_carry(session, sprint, item, carried.get(item_id), decision.fate))
            continue
        if item_id in carried:
            session.delete(carried[item_id])
        if decision.fate is CarryOver.DONE:
            was, item.mark = item.mark, Mark.FINISHED
            actions.follow(session, item, was=was, now=now)
        else:
            item.note = _with_the_reason(item.note, _because(decision.because, f"because_{item_id}"))
            item.mark = Mark.WONT_FINISH
        sprints.redraw(session, session.get_one(Sprint, item.sprint_id), now=now)
    moved = [(earlier[here.carried_from_id or 0], here) for here in kept]
    actions.carried(session, moved)
    to_plan.carried(session, moved)
    return kept


def _carry(session: Session, sprint: Sprint, item: Item, here: Item | None, fate: CarryOver) -> Item:
    if here is None:
        here = Item(
            sprint_id=sprint.id,
            owner_id=item.owner_id,
            title=item.title,
            note=None,
            position=next_position(sprint),
            mark=Mark.NOT_STARTED,
            carried=item.carried + 1,
            carried_from_id=item.id,
        )
        session.add(here)
        sprint.items.append(here)
    other = Priority.SIDE if item.priority == Priority.HIGH else Priority.HIGH
    here.priority = other if fate is CarryOver.OTHER else item.priority
    return here


def _with_the_reason(note: str | None, because: str) -> str:
    both = f"{note}; {because}" if note and note != because else because
    return both if len(both) <= NOTE_LENGTH else because


def _because(text: str, field: str) -> str:
    reason = " ".join(text.split())
    if not reason:
        raise Refusal("Say in one line why you drop it, so that the others can follow.", field=field)
    if len(reason) > NOTE_LENGTH:
        raise Refusal(f"That is {len(reason)} characters; one line of at most {NOTE_LENGTH} will do.", field=field)
    return reason


def _write_lines(session: Session, sprint: Sprint, plan: MyPlan, kept: Sequence[Item], person_id: str) -> list[Item]:
    total = len(kept) + len(plan.high) + len(plan.side)
    if total > MOST_ITEMS:
        raise Refusal(
            f"That is {total} items; a plan takes {MOST_ITEMS} a person, and most people pick 3 to 6. "
            "Take out what can wait: your lines are still here.",
            field="high" if len(plan.high) >= len(plan.side) else "side",
        )
    mine = [item for item in sprint.items if item.owner_id == person_id and item.carried_from_id is None]
    before = {title_key(item.title): item for item in mine if item.dropped_at is None}
    seen = {title_key(item.title) for item in kept}
    written = []
    for priority, lines, field in ((Priority.HIGH, plan.high, "high"), (Priority.SIDE, plan.side, "side")):
        for line in lines:
            check_line(line, seen, field)
            seen.add(title_key(line.title))
            item = before.pop(title_key(line.title), None) or _new_item(sprint, person_id)
            item.title, item.priority = line.title, priority
            item.note = item.note if plan.keep_notes and line.note is None else line.note
            session.add(item)
            written.append(item)
    for item in before.values():
        session.delete(item)
    _keep_their_order(sprint, written)
    return written


def check_line(line: TypedItem, seen: set[str], field: str) -> None:
    """Raise Refusal when this line can't be an item; `seen` holds the keys of the titles that are in the plan."""
    shown = line.title if len(line.title) <= 40 else f"{line.title[:39]}…"
    if len(line.title) > TITLE_LENGTH:
        raise Refusal(
            f"“{shown}” is {len(line.title)} characters long; a title takes {TITLE_LENGTH}. "
            "Shorten it, or put the rest in an indented line below it.",
            field=field,
        )
    if line.note and len(line.note) > NOTE_LENGTH:
        raise Refusal(f"The note under “{shown}” is longer than {NOTE_LENGTH} characters.", field=field)
    if title_key(line.title) in seen:
        raise Refusal(f"“{shown}” stands in your plan twice. Keep one of them.", field=field)


def title_key(title: str) -> str:
    """What makes two titles the same one."""
    return " ".join(title.split()).casefold()


def _with_lines(plan: MyPlan, picked: Sequence[TypedItem]) -> MyPlan:
    """The plan with what was picked as lines of high priority, where the same line is not there already."""
    there = {title_key(line.title): line for line in [*plan.high, *plan.side]}
    new = {title_key(line.title): line for line in picked if title_key(line.title) not in there}
    return replace(plan, high=[*plan.high, *new.values()])


# What was planned or settled elsewhere since the form was opened is none of these any more, and that stands.


def _picked(session: Session, sprint: Sprint, plan: MyPlan, person_id: str) -> list[Action]:
    open_ones = actions.to_plan(session, sprint.team_id, person_id, sprint.id) if plan.actions else []
    return [action for action in open_ones if action.id in plan.actions]


def _taken_up(session: Session, sprint: Sprint, plan: MyPlan, person_id: str) -> list[Request]:
    open_ones = to_plan.to_plan(session, sprint.team_id, person_id, sprint.id) if plan.requests else []
    return [request for request in open_ones if request.id in plan.requests]


def _new_item(sprint: Sprint, person_id: str) -> Item:
    item = Item(
        sprint_id=sprint.id,
        owner_id=person_id,
        mark=Mark.NOT_STARTED,
        carried=0,
        position=next_position(sprint),
    )
    sprint.items.append(item)
    return item


def next_position(sprint: Sprint) -> int:
    """The place after the plan's last item."""
    return max((item.position for item in sprint.items), default=0) + 1


def _keep_their_order(sprint: Sprint, written: Sequence[Item]) -> None:
    # My lines keep the places that they have among the others', and take my new order in those places.
    places = sorted(item.position for item in written)
    for item, position in zip(written, places, strict=True):
        item.position = position


def _write_absence(
    session: Session, sprint: Sprint, person_id: str, off_from: date | None, off_until: date | None
) -> None:
    if off_from is None and off_until is not None:
        raise Refusal("From which day on? Choose the first day you are off.", field="off_from")
    if off_from is not None and off_until is None:
        raise Refusal("Until when? Choose the last day you are off.", field="off_until")
    absence = next((absence for absence in sprint.absences if absence.person_id == person_id), None)
    if off_from is None:
        if absence is not None:
            session.delete(absence)
        return
    if absence is None:
        absence = Absence(sprint_id=sprint.id, person_id=person_id)
        sprint.absences.append(absence)
    absence.starts_on, absence.ends_on = within(sprint, DaysOffEntry(off_from, off_until), ("off_from", "off_until"))


def within(sprint: Sprint, off: DaysOffEntry, fields: tuple[str, str]) -> tuple[date, date]:
    """The days off that lie in the sprint. Raises Refusal, under one of the two `fields`, when none do."""
    starts_on = off.starts_on or sprint.starts_on
    ends_on = off.ends_on or sprint.ends_on
    if ends_on < starts_on:
        raise Refusal("The last day off is before the first one. Swap them.", field=fields[1])
    if starts_on > sprint.ends_on or ends_on < sprint.starts_on:
        raise Refusal(
            f"That is outside this sprint: {wording.days(sprint.starts_on, sprint.ends_on)}.",
            field=fields[0],
        )
    return max(starts_on, sprint.starts_on), min(ends_on, sprint.ends_on)


def show(session: Session, sprint: Sprint, *, now: datetime) -> None:
    """Have this sprint's card drawn in the team's channel, and wherever else it stands: on the company's page, on Homes."""
    home_refresh.touch_team(session, sprint.team_id, now=now)
    card = sprints.SPRINT_CARD if sprint.finalized_at else sprints.PLAN_CARD
    posts.draw(session, card, sprint.id, sprint.team.channel_id, now=now)
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
