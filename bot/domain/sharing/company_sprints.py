"""All plans of the company at a glance: which teams' sprints run or are being planned, and what stands in them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from sqlalchemy import exists, or_, select
from sqlalchemy.orm import Session, joinedload

from bot.domain.calendar import cadence
from bot.domain.sharing import contexts
from bot.domain.sharing.contexts import SharedNote
from models.company import Person
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Membership, Team

TEAMS_A_PAGE = 10
TOP = 3  # of a plan's high priority items


class Which(StrEnum):
    """Which plans are shown. `TOUCHING` are those of other teams that name the viewer's."""

    ALL = "all"
    RUNNING = "running"
    PLANNED = "planned"
    TOUCHING = "touching"


@dataclass(frozen=True)
class PlanFilters:
    """Which plans are shown, and which page of their teams, from 0."""

    which: Which = Which.ALL
    page: int = 0


@dataclass(frozen=True)
class TopItem:
    """One of the items that matter most in a plan."""

    title: str
    mark: Mark
    owner: str


@dataclass(frozen=True)
class Contents:
    """What stands in a plan: how many of its items have which mark, those that matter most, and every title."""

    marks: Mapping[Mark, int]
    top: Sequence[TopItem]
    titles: Sequence[str]


@dataclass(frozen=True)
class Plan:
    """A plan that is not over; it `runs` once its sprint has begun. `touches` are its lines that name the viewer's team."""

    sprint: Sprint
    runs: bool
    contents: Contents
    touches: Sequence[str]


@dataclass(frozen=True)
class CompanySprints:
    """A page of the teams that have plans, each with its plans by start, and how many such teams there are on all pages.

    `my_team` is the viewer's, and `context` what others want everybody to know.
    """

    teams: Sequence[tuple[Team, Sequence[Plan]]]
    filters: PlanFilters
    total: int
    my_team: Team | None
    context: Sequence[SharedNote] = ()

    @property
    def pages(self) -> int:
        """How many pages there are; one when nothing is there."""
        return max(1, -(-self.total // TEAMS_A_PAGE))


def read(session: Session, filters: PlanFilters, *, viewer: str, now: datetime) -> CompanySprints:
    """The plans that are not over and of which the filters hold, by their team's name. Everybody may read them.

    A page behind the last one is the last one. It takes the same number of queries whatever there is.
    """
    mine = session.scalar(select(Team).join(Membership).where(Membership.person_id == viewer))
    if mine is None and filters.which == Which.TOUCHING:
        filters = PlanFilters()
    by_team: dict[int, list[Sprint]] = defaultdict(list)
    for sprint in _open(session, mine if filters.which == Which.TOUCHING else None, now):
        if filters.which not in (Which.RUNNING, Which.PLANNED) or _runs(sprint, now) == (
            filters.which == Which.RUNNING
        ):
            by_team[sprint.team_id].append(sprint)
    page = min(max(filters.page, 0), max(0, -(-len(by_team) // TEAMS_A_PAGE) - 1))
    shown = list(by_team.values())[page * TEAMS_A_PAGE : (page + 1) * TEAMS_A_PAGE]
    within = contents(session, [sprint.id for theirs in shown for sprint in theirs])
    found = [
        (
            theirs[0].team,
            [Plan(each, _runs(each, now), within[each.id], _touches(each, within[each.id], mine)) for each in theirs],
        )
        for theirs in shown
    ]
    return CompanySprints(found, replace(filters, page=page), len(by_team), mine, contexts.fresh(session, now=now))


def contents(session: Session, sprint_ids: Iterable[int]) -> Mapping[int, Contents]:
    """What stands in these sprints' plans, by their ids, in one query."""
    query = (
        select(Item.sprint_id, Item.title, Item.mark, Item.priority, Person.name)
        .join(Person, Person.id == Item.owner_id)
        .where(Item.sprint_id.in_(set(sprint_ids)), Item.dropped_at.is_(None))
        .order_by(Item.position, Item.id)
    )
    rows = defaultdict(list)
    for row in session.execute(query):
        rows[row.sprint_id].append(row)
    return {
        sprint_id: Contents(
            Counter(Mark(row.mark) for row in rows[sprint_id]),
            [TopItem(row.title, Mark(row.mark), row.name) for row in rows[sprint_id] if row.priority == Priority.HIGH][
                :TOP
            ],
            [row.title for row in rows[sprint_id]],
        )
        for sprint_id in sprint_ids
    }


def _open(session: Session, touching: Team | None, now: datetime) -> Sequence[Sprint]:
    """The sprints that are not over, by team; with `touching` those of other teams that name it."""
    query = (
        select(Sprint)
        .join(Sprint.team)
        .where(Sprint.closed_at.is_(None), Sprint.over_at > now)
        .order_by(Team.name_key, Sprint.starts_on)
        .options(joinedload(Sprint.team))
    )
    if touching is not None:
        named = exists().where(Item.sprint_id == Sprint.id, Item.dropped_at.is_(None))
        named = named.where(Item.title.icontains(touching.name, autoescape=True))
        is_named = or_(Sprint.impacted.icontains(touching.name, autoescape=True), named)
        query = query.where(Sprint.team_id != touching.id, is_named)
    return session.scalars(query).all()


def _runs(sprint: Sprint, now: datetime) -> bool:
    # On which day it begins is a matter of each team's own calendar, which SQL does not know.
    return sprint.starts_on <= cadence.local_date(now, sprint.team.zone)


def _touches(sprint: Sprint, within: Contents, mine: Team | None) -> list[str]:
    if mine is None or mine.id == sprint.team_id:
        return []
    key = mine.name.casefold()
    lines = [line.strip() for line in [*sprint.impacted.splitlines(), *within.titles]]
    return [line for line in lines if key in line.casefold()]
