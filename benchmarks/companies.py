"""The companies in which people press: ten teams of five, and as many others as there are to be."""

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from bot.domain.company import people
from bot.domain.planning import plans
from bot.domain.planning.wrapping_up import MyPlan, TypedItem
from bot.domain.sprints import sprints
from bot.domain.teams import foundings
from bot.domain.teams.foundings import Charter, Founding
from bot.platform import clock
from bot.platform.database import Database
from bot.views.company.people import read_profile
from models.company import Person
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Customer, Membership, Team
from sandbox.workspace import Workspace

A_TEAM, ITEMS = 5, 5  # people a team, and items a person
TITLE = "Item {} of a usual length, about fifty characters"


def with_people(slack: Workspace, url: str, count: int, *, teams_more: int = 0) -> None:
    """These people of the workspace in teams of five, each with a running sprint of 25 items; and more teams beside them."""
    db, now = Database(url), clock.now()
    begun = now - timedelta(days=1)
    everybody = [slack.user(f"person{number:02}").id for number in range(count)]
    profile = {"tz": "Europe/Berlin", "profile": {}}
    with db.begin() as session:
        people.sync(session, [read_profile({"id": each, "name": each, **profile}) for each in everybody], now=now)
    for number in range(0, count, A_TEAM):
        members = everybody[number : number + A_TEAM]
        charter = Charter(f"Team {number:02}", "area", Customer.EXTERNAL, "all", f"C{number:08}")
        founding = Founding(charter, "UTC", 2, begun.weekday(), members[0], members)
        with db.begin() as session:
            team = foundings.create(session, founding, by=members[0], now=begun)
            starts_on = sprints.to_plan([], sprints.cadence_of(session, team), begun).dates.starts_on
            for member in members:
                lines = [TypedItem(TITLE.format(each)) for each in range(ITEMS)]
                plan = MyPlan(team.id, starts_on, {}, lines[:3], lines[3:], None, None, keep_points=False)
                plans.send(session, plan, person_id=member, now=begun)
    with db.begin() as session:
        more(session, range(101, 101 + teams_more))
    db.dispose()


def more(session: Session, numbers: range, *, past: int = 0) -> None:
    """Teams of these numbers, each with a running sprint; the first two of them with so many sprints before it."""
    if not numbers:
        return
    today = clock.now().date()
    monday = today - timedelta(days=today.weekday())
    seats = [(team, seat) for team in numbers for seat in range(1, A_TEAM + 1)]
    flags = dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_deactivated"), False)
    session.execute(
        insert(Person), [{"id": id_(*each), "name": f"Person {each[0]} {each[1]}", **flags} for each in seats]
    )
    session.execute(
        insert(Team), [team_row(number, monday, clock.now() + timedelta(days=1), clock.now()) for number in numbers]
    )
    session.execute(insert(Membership), [_seat(team, seat) for team, seat in seats])
    for back in range(past, 0, -1):
        session.execute(
            insert(Sprint), [_sprint(team, monday - timedelta(weeks=back), closed=True) for team in numbers[:2]]
        )
    session.execute(insert(Sprint), [_sprint(team, monday, closed=False) for team in numbers])
    running = session.execute(
        select(Sprint.id, Sprint.team_id).where(Sprint.closed_at.is_(None), Sprint.team_id.in_(numbers))
    ).all()
    session.execute(
        insert(Item),
        [
            _item(row.id, id_(row.team_id, seat), position)
            for row in running
            for seat in range(1, A_TEAM + 1)
            for position in range(ITEMS)
        ],
    )


def id_(team: int, seat: int) -> str:
    """The id of who has this seat in this team."""
    return f"U{team:06}{seat}"


def _seat(team: int, seat: int) -> dict[str, Any]:
    return {
        "person_id": id_(team, seat),
        "team_id": team,
        "seat": seat,
        "is_lead": seat == 1,
        "joined_at": clock.now(),
    }


def team_row(number: int, monday: date, next_at: datetime, created_at: datetime) -> dict[str, Any]:
    """A team in Berlin whose weekly sprints begin on Mondays."""
    return {
        "id": number,
        "name": f"Team {number}",
        "name_key": f"team {number:06}",
        "area": "an area",
        "customer_kind": Customer.INTERNAL,
        "customer": "everybody",
        "channel_id": f"C{number:09}",
        "zone": "Europe/Berlin",
        "sprint_weeks": 1,
        "anchor_on": monday,
        "next_at": next_at,
        "created_at": created_at,
    }


def _sprint(team: int, starts_on: date, *, closed: bool) -> dict[str, Any]:
    over_at = clock.now() + (timedelta(days=-1) if closed else timedelta(days=3))
    return {
        "team_id": team,
        "starts_on": starts_on,
        "ends_on": starts_on + timedelta(days=4),
        "over_at": over_at,
        "closes_at": over_at,
        "finalized_at": clock.now() - timedelta(days=1),
        "closed_at": over_at if closed else None,
        "created_at": clock.now(),
    }


def _item(sprint: int, owner: str, position: int) -> dict[str, Any]:
    what = {"title": TITLE.format(position), "priority": Priority.HIGH, "mark": Mark.NOT_STARTED, "carried": 0}
    return {"sprint_id": sprint, "owner_id": owner, "position": position, **what}
