"""What two teams plan that looks alike: their leads read it when they finalize, and can talk before both build it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session, aliased

from bot.domain.planning import contents
from bot.domain.text import similarity
from models.company import Person
from models.sprints import Item, Sprint
from models.teams import Team

SHOWN = 3
NEWEST = 5_000  # items of other teams that are looked at
COMMON = 3  # what more teams have in their plans, such as the support rota, is nobody's double work


@dataclass(frozen=True)
class Overlap:
    """An item of another team's open plan, with its owner's name, and the item of ours that is like it."""

    team: str
    title: str
    owner: str
    ours: Item


def for_sprint(session: Session, sprint: Sprint) -> list[Overlap]:
    """The items of other teams' open plans that are most like one of this plan, the nearest first. One query."""
    ours = contents.active(sprint)
    theirs = _others(session, sprint.team_id) if ours else []
    shelf = similarity.Shelf(enumerate(title for title, _, _, _ in theirs))
    found = []
    for item in ours:
        near = shelf.alike(item.title)
        if len({theirs[place][3] for place, _ in near}) <= COMMON:
            found += [(score, place, item) for place, score in near]
    nearest: dict[int, Overlap] = {}
    for _, place, item in sorted(found, key=lambda each: (-each[0], each[1], each[2].position)):
        title, owner, team, _ = theirs[place]
        nearest.setdefault(place, Overlap(team, title, owner, item))
    return list(nearest.values())[:SHOWN]


def _others(session: Session, team_id: int) -> Sequence[tuple[str, str, str, int]]:
    """The titles of what other teams plan and have not dropped, each with its owner, and its team by name and id.

    One that was carried on stands in the later plan.
    """
    again = aliased(Item)
    query = (
        select(Item.title, Person.name, Team.name, Team.id)
        .join(Sprint, Sprint.id == Item.sprint_id)
        .join(Team, Team.id == Sprint.team_id)
        .join(Person, Person.id == Item.owner_id)
        .outerjoin(again, again.carried_from_id == Item.id)
        .where(Sprint.team_id != team_id, Sprint.closed_at.is_(None), Item.dropped_at.is_(None), again.id.is_(None))
        .order_by(Item.id.desc())
        .limit(NEWEST)
    )
    return [(title, owner, team, of_team) for title, owner, team, of_team in session.execute(query)]
