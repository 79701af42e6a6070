"""What `/sprint` shows of a person's team: the screen that opens most often, so it is read in three small queries."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, exists, select
from sqlalchemy.orm import Session

from bot.domain import sprints, teams
from bot.domain.sprints import Planning, Rhythm
from bot.errors import Refusal
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


@dataclass(frozen=True)
class Seat:
    """A member, and whether the sprint to plan still waits for them."""

    person_id: str
    name: str
    is_lead: bool
    answered: bool
    is_waited_for: bool


@dataclass(frozen=True)
class Overview:
    """A team's running sprint with its items in their order, the sprint to plan, and who sits in the team.

    `ahead` holds the items of a final plan whose sprint has not begun.
    """

    team_id: int
    team_name: str
    running: SprintLine | None
    items: Sequence[ItemLine]
    planning: Planning
    ahead: Sequence[ItemLine]
    seats: Sequence[Seat]

    def leads(self, person_id: str) -> bool:
        """Whether this person leads the team."""
        return any(seat.is_lead and seat.person_id == person_id for seat in self.seats)

    def answered(self, person_id: str) -> bool:
        """Whether this person sent a plan for the sprint to plan."""
        return any(seat.answered and seat.person_id == person_id for seat in self.seats)

    def mine(self, person_id: str) -> list[ItemLine]:
        """This person's items in the running sprint."""
        return [item for item in self.items if item.owner_id == person_id]

    def mine_ahead(self, person_id: str) -> list[ItemLine]:
        """This person's items in a final plan whose sprint has not begun."""
        return [item for item in self.ahead if item.owner_id == person_id]


_MY_TEAM = select(Membership.team_id).where(Membership.person_id == bindparam("me")).scalar_subquery()

# The statements are built once: building one costs as much as running it.
_TEAM_AND_SPRINTS = (
    select(
        Team.id,
        Team.name,
        Team.anchor_on,
        Team.sprint_weeks,
        Team.zone,
        Sprint.id,
        Sprint.starts_on,
        Sprint.ends_on,
        Sprint.over_at,
        Sprint.finalized_at,
        Sprint.closed_at,
        Sprint.direction,
    )
    .select_from(Team)
    .outerjoin(Sprint, Sprint.team_id == Team.id)
    .where(Team.id == _MY_TEAM)
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
        Membership.person_id,
        Person.name,
        Membership.is_lead,
        Person.is_deactivated,
        exists().where(Answer.sprint_id == bindparam("sprint"), Answer.person_id == Membership.person_id),
        exists().where(
            Absence.sprint_id == bindparam("sprint"),
            Absence.person_id == Membership.person_id,
            Absence.starts_on <= bindparam("first"),
            Absence.ends_on >= bindparam("last"),
        ),
    )
    .join(Person, Person.id == Membership.person_id)
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
    rhythm = Rhythm(*rows[0][2:5])
    recent = [SprintLine(*row[5:12]) for row in reversed(rows) if row[5] is not None]
    planning = sprints.to_plan(recent, rhythm, now)
    running = sprints.running(recent, rhythm.zone, now)
    is_ahead = planning.late and (running is None or running.id != planning.sprint_id)
    return Overview(
        team_id,
        team_name,
        running,
        _items(connection, running.id) if running else [],
        planning,
        _items(connection, planning.sprint_id) if is_ahead else [],
        _seats(connection, team_id, planning),
    )


def mine(session: Session, person_id: str, *, now: datetime) -> Overview:
    """The overview of this person's team. Raises Refusal, with the way to a team, for somebody who has none."""
    found = of(session, person_id, now=now)
    if found is None:
        raise Refusal(teams.NO_TEAM)
    return found


def _items(connection: Connection, sprint_id: int | None) -> list[ItemLine]:
    return [ItemLine(*row) for row in connection.execute(_ITEMS, {"sprint": sprint_id})]


def _seats(connection: Connection, team_id: int, planning: Planning) -> list[Seat]:
    wanted = {
        "team": team_id,
        "sprint": planning.sprint_id or 0,
        "first": planning.dates.starts_on,
        "last": planning.dates.ends_on,
    }
    return [
        Seat(person_id, name, is_lead, answered, not (answered or away or deactivated))
        for person_id, name, is_lead, deactivated, answered, away in connection.execute(_SEATS, wanted)
    ]
