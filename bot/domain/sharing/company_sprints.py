"""All plans of the company at a glance: which teams' sprints run or are being planned, and what stands in them."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import ColumnElement, case, exists, func, literal, or_, select
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
    shown_ones = _shown(session, filters.which, mine, now)
    page = max(filters.page, 0)
    shown, total = _of_page(session, shown_ones, page)
    if not shown and page:
        total = session.scalar(select(func.count(Sprint.team_id.distinct())).join(Sprint.team).where(*shown_ones)) or 0
        page = max(0, -(-total // TEAMS_A_PAGE) - 1)
        shown, total = _of_page(session, shown_ones, page)
    within = contents(session, [sprint.id for theirs in shown for sprint in theirs])
    found = [
        (
            theirs[0].team,
            [Plan(each, _runs(each, now), within[each.id], _touches(each, within[each.id], mine)) for each in theirs],
        )
        for theirs in shown
    ]
    return CompanySprints(found, replace(filters, page=page), total, mine, contexts.fresh(session, now=now))


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


def _of_page(session: Session, shown_ones: Sequence[ColumnElement[bool]], page: int) -> tuple[list[list[Sprint]], int]:
    """The sprints of the teams on a page, by team, and how many teams there are on all pages if there are any on this."""
    on_page = (
        select(Sprint.team_id, func.count().over().label("total"))
        .join(Sprint.team)
        .where(*shown_ones)
        .group_by(Sprint.team_id, Team.name_key)
        .order_by(Team.name_key)
        .limit(TEAMS_A_PAGE)
        .offset(page * TEAMS_A_PAGE)
    ).subquery()
    query = (
        select(Sprint, on_page.c.total)
        .join(Sprint.team)
        .join(on_page, on_page.c.team_id == Sprint.team_id)
        .where(*shown_ones)
        .order_by(Team.name_key, Sprint.starts_on)
        .options(joinedload(Sprint.team))
    )
    by_team: dict[int, list[Sprint]] = defaultdict(list)
    total = 0
    for sprint, total in session.execute(query):  # noqa: B007  (each row says it)
        by_team[sprint.team_id].append(sprint)
    return list(by_team.values()), total


def _shown(session: Session, which: Which, mine: Team | None, now: datetime) -> list[ColumnElement[bool]]:
    """Which sprints are shown: those that are not over, and of them what the filter leaves."""
    found: list[ColumnElement[bool]] = [Sprint.closed_at.is_(None), Sprint.over_at > now]
    if which == Which.TOUCHING and mine is not None:
        named = exists().where(Item.sprint_id == Sprint.id, Item.dropped_at.is_(None))
        named = named.where(Item.title.icontains(mine.name, autoescape=True))
        is_named = or_(Sprint.impacted.icontains(mine.name, autoescape=True), named)
        found += [Sprint.team_id != mine.id, is_named]
    elif which in (Which.RUNNING, Which.PLANNED):
        today = _today(session, now)
        found.append(Sprint.starts_on <= today if which == Which.RUNNING else Sprint.starts_on > today)
    return found


def _today(session: Session, now: datetime) -> ColumnElement[date]:
    """The date in each team's own zone. SQL knows no zones, and of dates there are three at most."""
    dates = defaultdict(list)
    for zone in session.scalars(select(Team.zone).distinct()):
        dates[cadence.local_date(now, zone)].append(zone)
    days = [(Team.zone.in_(zones), literal(day)) for day, zones in dates.items()]
    return case(*days, else_=literal(now.date())) if days else literal(now.date())


def _runs(sprint: Sprint, now: datetime) -> bool:
    return sprint.starts_on <= cadence.local_date(now, sprint.team.zone)


def _touches(sprint: Sprint, within: Contents, mine: Team | None) -> list[str]:
    if mine is None or mine.id == sprint.team_id:
        return []
    key = mine.name.casefold()
    lines = [line.strip() for line in [*sprint.impacted.splitlines(), *within.titles]]
    return [line for line in lines if key in line.casefold()]
