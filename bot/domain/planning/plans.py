"""Planning: what each person picks for a sprint, and what a plan holds."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.calendar import wording
from bot.domain.company import people
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.heroes import heroes
from bot.domain.heroes.heroes import Choice, Week
from bot.domain.intake import bookings, to_plan
from bot.domain.outbox import home_refresh, posts
from bot.domain.outbox.posts import Message
from bot.domain.planning import carrying
from bot.domain.retros import actions, notes, retros
from bot.domain.retros.notes import Written
from bot.domain.sprints import pages, sprints
from bot.domain.sprints.sprints import Planning
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.intake.requests import Request
from models.retros import Action, Note, Retro, Side
from models.sprints import (
    NOTE_LENGTH,
    TITLE_LENGTH,
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


@dataclass(frozen=True)
class TypedItem:
    """One line that somebody typed: a title, and the indented line below it as its note."""

    title: str
    note: str | None = None


@dataclass(frozen=True)
class Marking:
    """How far an item is, and why, where it will not be finished."""

    mark: Mark
    because: str = ""


@dataclass(frozen=True)
class MyPlan:
    """The form "wrap up and plan". `marks` maps the id of an item of an earlier sprint to how far it is.

    `keep_notes` when the form had no room for the items' notes, so that their absence in it means nothing.
    `actions` are those of the retro, and `requests` those of the team's desks, by id, that become items. `said` are the
    lines for the retro, one note each. Of the items in `carries`, by the ids that they had in the sprint before, those in
    `high_again` go on with high priority and the others as side quests, and those in `dropped` don't go on.
    """

    team_id: int
    starts_on: date
    marks: Mapping[int, Marking]
    high: Sequence[TypedItem]
    side: Sequence[TypedItem]
    off_from: date | None
    off_until: date | None
    keep_notes: bool
    actions: Sequence[int] = ()
    requests: Sequence[int] = ()
    said: Mapping[Side, Sequence[str]] = field(default_factory=dict)
    carries: Sequence[int] = ()
    high_again: Sequence[int] = ()
    dropped: Sequence[int] = ()
    heroes: Choice = Choice()  # noqa: RUF009  (it is frozen)


@dataclass(frozen=True)
class PlanDraft:
    """What the form "wrap up and plan" starts from. `answered` when this person answered for this sprint already.

    `earlier` are the items of sprints before that can still be marked. `retro` is the one that notes go to, if any is
    open, and `looks_back` whether that is the sprint's before. `actions` and `requests` are what they can pick,
    `embeds` with whom they are in these days, and `hero_weeks` those that are not over. `again` maps the id of an earlier
    item to the same item in this sprint.
    """

    team: Team
    planning: Planning
    answered: bool
    earlier: Sequence[Item]
    written: Sequence[Item]
    absence: Absence | None
    actions: Sequence[Action] = ()
    requests: Sequence[Request] = ()
    embeds: Sequence[Embed] = ()
    looks_back: bool = False
    said: Sequence[Note] = ()
    again: Mapping[int, Item] = field(default_factory=dict)
    hero_weeks: Sequence[Week] = ()


@dataclass(frozen=True)
class DaysOffEntry:
    """Somebody is off from one day to another, both included; None means the sprint's own first or last day."""

    starts_on: date | None
    ends_on: date | None


@dataclass(frozen=True)
class Sent:
    """Somebody answered. `after_all` when the plan was final by then, with what theirs adds.

    `taken` are the requests that became items; who calls has this person claim them.
    """

    sprint: Sprint
    answer: Answer
    after_all: bool
    added: Sequence[Item]
    taken: Sequence[Request] = ()


def draft(session: Session, team_id: int, starts_on: date | None, *, person_id: str, now: datetime) -> PlanDraft:
    """What the form "wrap up and plan" shows this person, for the sprint that begins on this day or for the one to plan.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    team = teams.of_member(session, team_id, person_id, to="plan its sprint")
    planning, sprint = meant(session, team, starts_on, now)
    mine = [item for item in active(sprint) if item.owner_id == person_id] if sprint else []
    retro = to_look_back(session, team, planning.dates.starts_on)
    last = sprints.last_planned(session, team.id, planning.dates.starts_on)
    return PlanDraft(
        team=team,
        planning=planning,
        answered=sprint is not None and any(answer.person_id == person_id for answer in sprint.answers),
        earlier=markable(session, last, person_id, planning.dates.starts_on, now),
        written=[item for item in mine if item.carried_from_id is None],
        absence=next((a for a in sprint.absences if a.person_id == person_id), None) if sprint else None,
        actions=actions.to_plan(session, team_id, person_id, sprint.id if sprint else None),
        requests=to_plan.to_plan(session, team_id, person_id, sprint.id if sprint else None),
        embeds=embeds.of_person(session, person_id, planning.dates.starts_on, planning.dates.ends_on),
        looks_back=retro is not None,
        said=[note for note in retro.notes if note.author_id == person_id] if retro else [],
        again=_again(sprint, person_id) if sprint else {},
        hero_weeks=heroes.ahead(session, team, planning.dates, now=now),
    )


def _again(sprint: Sprint, person_id: str) -> dict[int, Item]:
    """This person's items that were carried into the plan, by the ids that they had before; those that were dropped, too."""
    return {item.carried_from_id: item for item in sprint.items if item.owner_id == person_id and item.carried_from_id}


def markable(session: Session, last: Sprint | None, person_id: str, before: date, now: datetime) -> list[Item]:
    """This person's items that they can still mark: those of the `last` planned sprint, and what waits from earlier ones."""
    if last is None:
        return []
    waiting = carrying.waiting(session, last.team_id, person_id, last.starts_on, before)
    if sprints.is_frozen(last, now):
        return waiting
    return [*waiting, *session.scalars(_THEIRS, {"sprint": last.id, "owner": person_id})]


_THEIRS = (
    select(Item)
    .where(Item.sprint_id == bindparam("sprint"), Item.owner_id == bindparam("owner"), Item.dropped_at.is_(None))
    .order_by(Item.position, Item.id)
)


def to_look_back(session: Session, team: Team, before: date) -> Retro | None:
    """The retro of the sprint before the one that begins on this day, while notes are written in it."""
    found = to_look_back_id(session, team.id, before)
    return retros.load(session, found) if found is not None else None


def to_look_back_id(session: Session, team_id: int, before: date) -> int | None:
    """The id of the retro of the sprint before the one that begins on this day, while notes are written in it."""
    return session.scalar(_TO_LOOK_BACK, {"team": team_id, "before": before})


_TO_LOOK_BACK = (
    select(Retro.id)
    .join(Sprint)
    .where(
        Sprint.team_id == bindparam("team"),
        Sprint.starts_on < bindparam("before"),
        Retro.opened_at.is_not(None),
        Retro.closed_at.is_(None),
    )
    .order_by(Sprint.starts_on.desc())
    .limit(1)
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


def send(session: Session, plan: MyPlan, *, person_id: str, now: datetime) -> Sent:
    """Answer the turn to a sprint, or edit the answer. Raises Refusal, under the field concerned, for what can't be.

    After the plan is final a first answer is still taken, and its thread says what it adds; an edit needs a reason and
    goes through `items.change`.
    """
    team = teams.of_member(session, plan.team_id, person_id, to="plan its sprint")
    if plan.marks:
        sprints.lock(session, select(Item.sprint_id).where(Item.id.in_(plan.marks), Item.owner_id == person_id))
    sprint = sprints.at(session, team, plan.starts_on, now=now)
    sprints.require_open(sprint, now, field="high")
    answer = next((answer for answer in sprint.answers if answer.person_id == person_id), None)
    if sprint.finalized_at is not None and answer is not None:
        raise Refusal(
            "This plan is final. Change it with one line of reason: the button *Change my plan* on its card.",
            field="high",
        )
    if _mark(session, team, sprint, plan, person_id, now):
        sprint = sprints.load(session, sprint.id)
    _carry(session, sprint, person_id)
    kept = _rearrange(session, sprint, plan, person_id, now)
    picked, taken = _picked(session, sprint, plan, person_id), _taken_up(session, sprint, plan, person_id)
    lines = [TypedItem(each.text) for each in picked] + [TypedItem(each.title) for each in taken]
    fresh = _write_lines(session, sprint, _with_lines(plan, lines), kept, person_id)
    by_title = {title_key(item.title): item for item in fresh}
    for action in picked:
        actions.plan(session, by_title[title_key(action.text)], action)
    for request in taken:
        to_plan.plan(session, by_title[title_key(request.title)], request)
    bookings.take_up(session, taken, by=person_id, now=now)
    _write_absence(session, sprint, person_id, plan.off_from, plan.off_until)
    dates = sprints.dates_of(sprint)
    heroes.choose(session, sprint.team, dates, plan.heroes, by=person_id, now=now, field="heroes")
    _say(session, team, plan, person_id, now)
    return _answered(session, sprint, answer, person_id, fresh, now, taken)


def nothing_new(session: Session, team_id: int, starts_on: date, *, person_id: str, now: datetime) -> Sent:
    """The marks stand, what is unfinished carries over, and there is nothing more to say. Said twice it is said once.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    team = teams.of_member(session, team_id, person_id, to="plan its sprint")
    sprint = sprints.at(session, team, starts_on, now=now)
    sprints.require_open(sprint, now)
    answer = next((each for each in sprint.answers if each.person_id == person_id), None)
    if answer is not None:
        return Sent(sprint, answer, after_all=False, added=[])
    _carry(session, sprint, person_id)
    _say(session, team, None, person_id, now, starts_on)
    return _answered(session, sprint, None, person_id, [], now)


def tell(session: Session, sent: Sent, by: str, say: Callable[[Sent, str], Message], *, now: datetime) -> None:
    """What an answer adds to a plan that was final already stands in its thread, once."""
    if sent.after_all:
        message = say(sent, people.known(session, by).name)
        under = sprints.card(session, sent.sprint)
        posts.reply(session, f"added:{sent.sprint.id}:{by}", under, message, now=now)


def _answered(
    session: Session,
    sprint: Sprint,
    answer: Answer | None,
    person_id: str,
    added: Sequence[Item],
    now: datetime,
    taken: Sequence[Request] = (),
) -> Sent:
    after_all = answer is None and sprint.finalized_at is not None
    if answer is None:
        answer = Answer(sprint_id=sprint.id, person_id=person_id, sent_at=now, edited_at=now, is_late=False)
        sprint.answers.append(answer)
    answer.edited_at = now
    for item in added if after_all else []:
        sprint.changes.append(log_change(sprint, person_id, ChangeKind.ADDED, item.title, "added theirs", now))
    session.flush()
    show(session, sprint, now=now)
    return Sent(sprints.as_written(session, sprint), answer, after_all, added, taken)


def _carry(session: Session, sprint: Sprint, person_id: str) -> None:
    """Have what this person left unfinished stand in this plan."""
    left = carrying.left_over(session, sprint.team_id, person_id, sprint.starts_on)
    carrying.carry(session, sprint, person_id, unfinished=left)
    session.flush()


def _rearrange(session: Session, sprint: Sprint, plan: MyPlan, person_id: str, now: datetime) -> list[Item]:
    """What is carried over goes on with the priority that its owner chose, or not at all. Returns what goes on."""
    again = _again(sprint, person_id)
    # What was settled or changed elsewhere since the form was opened stands as it is.
    for item in (again[each] for each in plan.carries if each in again):
        priority = Priority.HIGH if item.carried_from_id in plan.high_again else Priority.SIDE
        stays, stood = item.carried_from_id not in plan.dropped, item.dropped_at is None
        if sprint.finalized_at is not None and stood:
            _log(session, sprint, item, person_id, now, to=priority if stays else None)
        item.priority = priority
        if stays != stood:
            item.dropped_at = None if stays else now
    session.flush()
    return [item for item in again.values() if item.dropped_at is None]


def _log(session: Session, sprint: Sprint, item: Item, by: str, now: datetime, *, to: Priority | None) -> None:
    """The thread's history of a final plan, where its owner answers later; `to` is None for an item that is dropped."""
    if to == item.priority:
        return
    kinds = {None: ChangeKind.DROPPED, Priority.HIGH: ChangeKind.RAISED, Priority.SIDE: ChangeKind.LOWERED}
    session.add(log_change(sprint, by, kinds[to], item.title, "wrapping up", now))


def _mark(session: Session, team: Team, sprint: Sprint, plan: MyPlan, person_id: str, now: datetime) -> bool:
    """Mark what was left in earlier sprints. Returns whether the plan itself is to be read again."""
    if not plan.marks:
        return False
    # What was settled or frozen elsewhere since the form was opened stands as it is.
    last = sprints.last_planned(session, team.id, plan.starts_on)
    open_ones = {item.id: item for item in markable(session, last, person_id, plan.starts_on, now)}
    marked = []
    for item_id, marking in plan.marks.items():
        item = open_ones.get(item_id)
        if item is None:
            continue
        if marking.mark is Mark.WONT_FINISH and (marking.because.strip() or not item.note):
            item.note = _with_the_reason(item.note, _because(marking.because, f"because_{item_id}"))
        if marking.mark != item.mark:
            marked.append((item, Mark(item.mark)))
            item.mark = marking.mark
    session.flush()
    actions.follow(session, marked, now=now)
    is_stale = carrying.follow_here(session, sprint, [item for item, _ in marked], now=now)
    for sprint_id in dict.fromkeys(item.sprint_id for item, _ in marked):
        sprints.redraw(session, session.get_one(Sprint, sprint_id), now=now)
    session.flush()
    return is_stale


def _say(
    session: Session, team: Team, plan: MyPlan | None, person_id: str, now: datetime, before: date | None = None
) -> None:
    """The notes go to the retro of the sprint before; once that is closed to the running sprint's."""
    starts_on = plan.starts_on if plan else before or now.date()
    retro = to_look_back(session, team, starts_on)
    if plan is not None and any(plan.said.values()):
        of = retro.sprint.starts_on if retro else retros.meant(session, team, now=now).dates.starts_on
        notes.add(session, Written(team.id, of, plan.said), by=person_id, now=now)
    elif retro is not None:
        retros.answer(session, retro, person_id, now=now, tell=False)


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
    for priority, lines, place in ((Priority.HIGH, plan.high, "high"), (Priority.SIDE, plan.side, "side")):
        for line in lines:
            check_line(line, seen, place)
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
