"""The form "wrap up and plan": what it starts from, and what somebody sends with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session, contains_eager

from bot.domain.calendar.cadence import local_date
from bot.domain.desks import embeds
from bot.domain.desks.embeds import Embed
from bot.domain.heroes import heroes
from bot.domain.heroes.heroes import Choice, Week
from bot.domain.intake import to_plan
from bot.domain.planning import carrying, contents
from bot.domain.retros import actions, claims, retros
from bot.domain.sprints import sequence, sprints
from bot.domain.sprints.sprints import Planning
from bot.domain.teams import teams
from bot.domain.text.structure import Kind
from models.intake.requests import Request
from models.retros import Action, Note, Retro, Side
from models.sprints import (
    Absence,
    Item,
    Mark,
    Sprint,
)
from models.teams import Membership, Team


@dataclass(frozen=True)
class TypedItem:
    """One line that somebody typed: a title, how far it is if they said so, and the lines indented below it.

    `heading` is the heading above it. `others` are the teammates who share it with its owner, each an id and a name.
    """

    title: str
    mark: Mark | None = None
    points: tuple[str, ...] = ()
    heading: str = ""
    others: tuple[str, ...] = ()


@dataclass(frozen=True)
class Marking:
    """How far an item is, and why, where it will not be finished."""

    mark: Mark
    because: str = ""


@dataclass(frozen=True)
class MyPlan:
    """The form "wrap up and plan". `marks` maps the id of an item of an earlier sprint to how far it is.

    `left_out` counts what was typed and is no item. `keep_points` when the form had room for the titles alone, so that it says nothing of what else the items have.
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
    keep_points: bool
    actions: Sequence[int] = ()
    requests: Sequence[int] = ()
    said: Mapping[Side, Sequence[str]] = field(default_factory=dict)
    carries: Sequence[int] = ()
    high_again: Sequence[int] = ()
    dropped: Sequence[int] = ()
    left_out: Mapping[str, Mapping[Kind, int]] = field(default_factory=dict)
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


def draft(session: Session, team_id: int, starts_on: date | None, *, person_id: str, now: datetime) -> PlanDraft:
    """What the form "wrap up and plan" shows this person, for the sprint that begins on this day or for the one to plan.

    Raises Refusal for somebody of another team, and for a sprint that is over.
    """
    team = teams.of_member(session, team_id, person_id, to="plan its sprint")
    planning, sprint = meant(session, team, starts_on, now)
    mine = [item for item in contents.active(sprint) if item.owner_id == person_id] if sprint else []
    retro = to_look_back(session, team, planning.dates.starts_on)
    if retro is not None and not _was_there(session, team, retro.sprint, person_id):
        retro = None
    last = sequence.last_planned(session, team.id, planning.dates.starts_on)
    return PlanDraft(
        team=team,
        planning=planning,
        answered=sprint is not None and any(answer.person_id == person_id for answer in sprint.answers),
        earlier=markable(session, last, person_id, planning.dates.starts_on, now),
        written=[item for item in mine if item.carried_from_id is None],
        absence=next((a for a in sprint.absences if a.person_id == person_id), None) if sprint else None,
        actions=[
            *actions.to_plan(session, team_id, person_id, sprint.id if sprint else None),
            *claims.untaken(session, team_id),
        ],
        requests=to_plan.to_plan(session, team_id, person_id, sprint.id if sprint else None),
        embeds=embeds.of_person(session, person_id, planning.dates.starts_on, planning.dates.ends_on),
        looks_back=retro is not None,
        said=[note for note in retro.notes if retros.is_of(note, person_id)] if retro else [],
        again=again(sprint, person_id) if sprint else {},
        hero_weeks=heroes.ahead(session, team, planning.dates, now=now),
    )


def _was_there(session: Session, team: Team, sprint: Sprint, person_id: str) -> bool:
    """Whether somebody was in the team for a part of a sprint, and not only on its last day, when it is looked back on.

    Who founds a team, or joins it later, may still write notes with `/retro`.
    """
    joined_at = session.scalar(_JOINED, {"team": team.id, "person": person_id})
    return joined_at is None or local_date(joined_at, team.zone) < sprint.ends_on


_JOINED = select(Membership.joined_at).where(
    Membership.team_id == bindparam("team"), Membership.person_id == bindparam("person")
)


def again(sprint: Sprint, person_id: str) -> dict[int, Item]:
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
    """The retro of the sprint before the one that begins on this day, while notes are written in it; whole."""
    found = to_answer(session, team.id, before)
    return retros.load(session, found.id) if found is not None else None


def to_answer(session: Session, team_id: int, before: date) -> Retro | None:
    """The same retro with its sprint, and nothing else of it."""
    return session.scalar(_TO_LOOK_BACK, {"team": team_id, "before": before})


_TO_LOOK_BACK = (
    select(Retro)
    .join(Retro.sprint)
    .options(contains_eager(Retro.sprint))
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
