"""What `/sprint` shows of a person's team: the screen that opens most often, so it is read in two or three small queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select
from sqlalchemy.orm import Session

from bot.domain import sprints
from bot.domain.cadence import Cadence
from bot.domain.calendars import Calendar
from bot.domain.sprints import Planning
from models.company import Company
from models.items import Item, Mark
from models.people import Person
from models.sprints import Absence, Answer, Sprint
from models.teams import Membership, Team


@dataclass(frozen=True)
class ItemLine:
    """An item, as one line of a list."""

    id: int
    owner_id: str
    title: str
    mark: Mark
    note: str | None
    carried: int


@dataclass(frozen=True)
class SprintLine:
    """A sprint: what its dates are and how far it is."""

    id: int
    starts_on: date
    ends_on: date
    over_at: datetime
    finalized_at: datetime | None
    closed_at: datetime | None
    direction: str
    answered: bool


@dataclass(frozen=True)
class Overview:
    """What one person sees of their team: the running sprint with its items in their order, and the sprint to plan.

    `leads` and `answered` are the viewer's own: they lead the team, and sent a plan for the sprint to plan.
    `ahead` holds the items of a final plan whose sprint has not begun. `waiting` names whose plan is still to come, of
    `members`; both are empty where nothing but the running sprint is planned.
    """

    team_id: int
    team_name: str
    viewer: str
    leads: bool
    running: SprintLine | None
    items: Sequence[ItemLine]
    planning: Planning
    answered: bool
    ahead: Sequence[ItemLine]
    waiting: Sequence[str]
    members: int

    @property
    def plans_what_runs(self) -> bool:
        """Whether the sprint to plan is the one that runs, and its plan final: only a late answer is still to come."""
        return self.running is not None and self.planning.late and self.planning.sprint_id == self.running.id

    def mine(self) -> list[ItemLine]:
        """The viewer's items in the running sprint."""
        return [item for item in self.items if item.owner_id == self.viewer]

    def mine_ahead(self) -> list[ItemLine]:
        """The viewer's items in a final plan whose sprint has not begun."""
        return [item for item in self.ahead if item.owner_id == self.viewer]


# The statements are built once: building one costs as much as running it.
_TEAM_AND_SPRINTS = (
    select(
        Team.id,
        Team.name,
        Team.anchor_on,
        Team.sprint_weeks,
        Team.zone,
        Team.planning_days,
        Team.country,
        Company.weekend,
        Membership.is_lead,
        Sprint.id,
        Sprint.starts_on,
        Sprint.ends_on,
        Sprint.over_at,
        Sprint.finalized_at,
        Sprint.closed_at,
        Sprint.direction,
        exists().where(Answer.sprint_id == Sprint.id, Answer.person_id == Membership.person_id),
    )
    .select_from(Membership)
    .join(Team, Team.id == Membership.team_id)
    .join(Company, Company.id == 1)
    .outerjoin(Sprint, Sprint.team_id == Team.id)
    .where(Membership.person_id == bindparam("me"))
    .order_by(Sprint.starts_on.desc())
    .limit(3)
)

_ITEMS = (
    select(Item.id, Item.owner_id, Item.title, Item.mark, Item.note, Item.carried)
    .where(Item.sprint_id == bindparam("sprint"), Item.dropped_at.is_(None))
    .order_by(Item.position, Item.id)
)

_SEATS = (
    select(
        Person.name,
        Person.is_deactivated
        | exists().where(Answer.sprint_id == bindparam("sprint"), Answer.person_id == Membership.person_id)
        | exists().where(
            Absence.sprint_id == bindparam("sprint"),
            Absence.person_id == Membership.person_id,
            Absence.starts_on <= bindparam("first"),
            Absence.ends_on >= bindparam("last"),
        ),
    )
    .join(Membership, Person.id == Membership.person_id)
    .where(Membership.team_id == bindparam("team"))
    .order_by(Membership.seat)
)


def of(session: Session, person_id: str, *, now: datetime) -> Overview | None:
    """The overview of this person's team; None for somebody who has none."""
    # Plain rows: making objects of the ORM out of them would cost as much again.
    connection = session.connection()
    rows: Sequence[Any] = connection.execute(_TEAM_AND_SPRINTS, {"me": person_id}).all()
    if not rows:
        return None
    team_id, team_name = rows[0][:2]
    anchor_on, weeks, zone, planning_days, country, weekend, leads = rows[0][2:9]
    rhythm = Cadence(anchor_on, weeks, zone, Calendar(weekend, country), planning_days)
    recent = [SprintLine(*row[9:17]) for row in reversed(rows) if row[9] is not None]
    planning = sprints.to_plan(recent, rhythm, now)
    running = sprints.running(recent, rhythm.zone, now)
    planned_here = running is not None and planning.late and planning.sprint_id == running.id
    seats = [] if planned_here else _seats(connection, team_id, planning)
    return Overview(
        team_id=team_id,
        team_name=team_name,
        viewer=person_id,
        leads=leads,
        running=running,
        items=_items(connection, running.id) if running else [],
        planning=planning,
        answered=any(sprint.answered for sprint in recent if sprint.id == planning.sprint_id),
        ahead=_items(connection, planning.sprint_id) if planning.late and not planned_here else [],
        waiting=[name for name, settled in seats if not settled],
        members=len(seats),
    )


def _items(connection: Connection, sprint_id: int | None) -> list[ItemLine]:
    return [ItemLine(*row) for row in connection.execute(_ITEMS, {"sprint": sprint_id})]


def _seats(connection: Connection, team_id: int, planning: Planning) -> Sequence[Any]:
    """The members' names, each with whether their plan is there or not to be waited for."""
    wanted = {
        "team": team_id,
        "sprint": planning.sprint_id or 0,
        "first": planning.dates.starts_on,
        "last": planning.dates.ends_on,
    }
    return connection.execute(_SEATS, wanted).all()
