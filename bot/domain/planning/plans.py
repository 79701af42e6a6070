"""Answering the turn to a sprint: what each person picks for it, or that there is nothing new."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.domain.company import people
from bot.domain.heroes import heroes, looking
from bot.domain.intake import bookings, to_plan
from bot.domain.outbox import posts
from bot.domain.outbox.posts import Message
from bot.domain.planning import carrying, contents, days_off, lines, marks, partners, wrapping_up
from bot.domain.planning.wrapping_up import MyPlan, TypedItem
from bot.domain.retros import actions, claims, notes, retros
from bot.domain.retros.notes import Written
from bot.domain.sprints import beginnings, cards, sprints
from bot.domain.teams import teams
from bot.platform.errors import Refusal
from models.intake.requests import Request
from models.retros import Action
from models.sprints import (
    Answer,
    ChangeKind,
    Item,
    Priority,
    Sprint,
)
from models.teams import Team


@dataclass(frozen=True)
class Sent:
    """Somebody answered. `after_all` when the plan was final by then, with what theirs adds.

    `taken` are the requests that became items; who calls has this person claim them. `away` are days off that reach beyond
    the sprint, the first and the last: who calls has this person be away.
    """

    sprint: Sprint
    answer: Answer
    after_all: bool
    added: Sequence[Item]
    taken: Sequence[Request] = ()
    away: tuple[date, date] | None = None


def send(session: Session, plan: MyPlan, *, person_id: str, now: datetime) -> Sent:
    """Answer the turn to a sprint, or edit the answer. Raises Refusal, under the field concerned, for what can't be.

    After the plan is final a first answer is still taken, and its thread says what it adds; an edit needs a reason and
    goes through `items.change`.
    """
    team = teams.of_member(session, plan.team_id, person_id, to="plan its sprint")
    if plan.marks:
        sprints.lock(session, select(Item.sprint_id).where(Item.id.in_(plan.marks), Item.owner_id == person_id))
    sprint = beginnings.at(session, team, plan.starts_on, now=now)
    sprints.require_open(sprint, now, field="high")
    plan = partners.named(plan, partners.Roster.of(seat.person for seat in sprint.team.members), person_id)
    answer = next((answer for answer in sprint.answers if answer.person_id == person_id), None)
    if sprint.finalized_at is not None and answer is not None:
        raise Refusal(
            "This plan is final. Change it with one line of reason: the button *Change my plan* on its card.",
            field="high",
        )
    if marks.mark(session, team, sprint, plan, person_id, now):
        sprint = sprints.load(session, sprint.id)
    _carry(session, sprint, person_id)
    kept = _rearrange(session, sprint, plan, person_id, now)
    picked, taken = _picked(session, sprint, plan, person_id, now), _taken_up(session, sprint, plan, person_id)
    extra = [TypedItem(each.text) for each in picked] + [TypedItem(each.title) for each in taken]
    fresh = lines.write(session, sprint, lines.with_lines(plan, extra), kept, person_id)
    by_title = {contents.title_key(item.title): item for item in fresh}
    for action in picked:
        actions.plan(session, by_title[contents.title_key(action.text)], action)
    for request in taken:
        to_plan.plan(session, by_title[contents.title_key(request.title)], request)
    bookings.take_up(session, taken, by=person_id, now=now)
    if taken:
        teams.load_members(session, sprint.team)  # a request's desk may be this team's, and is read anew without them
    away = days_off.write(session, sprint, person_id, plan.off_from, plan.off_until)
    looking.again(session, [sprint.team_id], now=now)
    dates = sprints.dates_of(sprint)
    heroes.choose(session, sprint.team, dates, plan.heroes, by=person_id, now=now, field="heroes")
    _say(session, team, plan, person_id, now)
    return replace(_answered(session, sprint, answer, person_id, fresh, now, taken), away=away)


def nothing_new(session: Session, team_id: int, starts_on: date, *, person_id: str, now: datetime) -> Sent:
    """The marks stand, what is unfinished carries over, and there is nothing more to say. Said twice it is said once.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    team = teams.of_member(session, team_id, person_id, to="plan its sprint")
    sprint = beginnings.at(session, team, starts_on, now=now)
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
        under = cards.current(session, sent.sprint)
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
        answer = Answer(sprint_id=sprint.id, person_id=person_id, sent_at=now)
        sprint.answers.append(answer)
    for item in added if after_all else []:
        sprint.changes.append(contents.log_change(sprint, person_id, ChangeKind.ADDED, item.title, "added theirs", now))
    session.flush()
    contents.show(session, sprint, now=now)
    return Sent(sprints.as_written(session, sprint), answer, after_all, added, taken)


def _carry(session: Session, sprint: Sprint, person_id: str) -> None:
    """Have what this person left unfinished stand in this plan."""
    left = carrying.left_over(session, sprint.team_id, person_id, sprint.starts_on)
    carrying.carry(session, sprint, person_id, unfinished=left)
    session.flush()


def _rearrange(session: Session, sprint: Sprint, plan: MyPlan, person_id: str, now: datetime) -> list[Item]:
    """What is carried over goes on with the priority that its owner chose, or not at all. Returns what goes on."""
    again = wrapping_up.again(sprint, person_id)
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
    session.add(contents.log_change(sprint, by, kinds[to], item.title, "wrapping up", now))


def _say(
    session: Session, team: Team, plan: MyPlan | None, person_id: str, now: datetime, before: date | None = None
) -> None:
    """The notes go to the retro of the sprint before; once that is closed to the running sprint's."""
    starts_on = plan.starts_on if plan else before or now.date()
    retro = wrapping_up.to_answer(session, team.id, starts_on)
    if plan is not None and any(plan.said.values()):
        of = retro.sprint.starts_on if retro else retros.meant(session, team, now=now).dates.starts_on
        notes.add(session, Written(team.id, of, plan.said), by=person_id, now=now)
    elif retro is not None:
        retros.answer(session, retro, person_id, now=now, tell=False)


# What was planned or settled elsewhere since the form was opened is none of these any more, and that stands.
def _picked(session: Session, sprint: Sprint, plan: MyPlan, person_id: str, now: datetime) -> list[Action]:
    if not plan.actions:
        return []
    own = actions.to_plan(session, sprint.team_id, person_id, sprint.id)
    theirs = [action for action in own if action.id in plan.actions]
    return [*theirs, *claims.claim(session, sprint.team_id, plan.actions, by=person_id, now=now)]


def _taken_up(session: Session, sprint: Sprint, plan: MyPlan, person_id: str) -> list[Request]:
    open_ones = to_plan.to_plan(session, sprint.team_id, person_id, sprint.id) if plan.requests else []
    return [request for request in open_ones if request.id in plan.requests]
