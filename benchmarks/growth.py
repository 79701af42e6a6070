"""What people open most, in a small company and in a large one, in one process and on both databases.

The sizes take turns, so that a busy moment hits them alike; the median counts. Every answer is checked to be of its size.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from bot.domain.home import home
from bot.domain.intake import queues
from bot.domain.intake.queues import QueueFilters
from bot.domain.sharing import company_sprints
from bot.domain.sharing.company_sprints import PlanFilters
from bot.domain.sprints import overviews
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from models.company import Company, Person
from models.desks import Desk
from models.intake.requests import Ball, Request, State
from models.sprints import Item, Mark, Priority, Sprint
from models.teams import Customer, Membership, Team
from tests.databases import PostgresDatabases, SqliteDatabases

ROUNDS = 60
MOST = 1.3  # times as long in the large company
PEOPLE, ITEMS = 5, 5  # a team, and a person
ME = "U0000011"

New = Callable[[], AbstractContextManager[str]]


@dataclass(frozen=True)
class Size:
    """How much there is: teams, past sprints of each of the first two, and live requests."""

    teams: int
    past: int
    requests: int


SMALL, LARGE = Size(10, 0, 10), Size(800, 500, 5_000)


@dataclass(frozen=True)
class Ask:
    """Something that people open. `see` reads it, and says how much of it is shown."""

    name: str
    see: Callable[[Session], int]
    shown: int


def _asks() -> list[Ask]:
    now = clock.now()

    def overview(session: Session) -> int:
        shown = overviews.for_person(session, ME, now=now)
        return len(shown.items) if shown else -1

    def company(session: Session) -> int:
        return len(company_sprints.read(session, PlanFilters(), viewer=ME, now=now).teams)

    def queue(session: Session) -> int:
        return len(queues.read(session, QueueFilters(), viewer=ME, now=now).lines)

    def tab(session: Session) -> int:
        shown = home.for_person(session, ME, now=now)
        return len(shown.overview.items) if shown.overview else -1

    return [
        Ask("/small-team list", lambda session: min(len(teams.page(session).teams), 10), 10),
        Ask("/sprint company", company, 10),
        Ask("/sprint", overview, PEOPLE * ITEMS),
        Ask("/reach-out queue", queue, 10),
        Ask("Home", tab, PEOPLE * ITEMS),
    ]


def measure() -> str:
    """The table, as text."""
    with ExitStack() as stack:
        lite = SqliteDatabases(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        postgres = PostgresDatabases()
        stack.callback(postgres.stop)
        found = {name: _measured(new) for name, new in (("SQLite", lite.new), ("PostgreSQL", postgres.new))}
    return _table(found)


def _measured(new: New) -> dict[str, tuple[float, float]]:
    """The seconds that each ask takes in the small and in the large company."""
    times: dict[tuple[str, Size], list[float]] = {}
    with ExitStack() as stack:
        companies = {size: stack.enter_context(_company(new, size)) for size in (SMALL, LARGE)}
        asks = _asks()
        for turn in range(ROUNDS):
            for ask in asks:
                for size, db in companies.items():
                    seconds = _seconds(db, ask)
                    if turn >= 10:  # the first ones warm everything up
                        times.setdefault((ask.name, size), []).append(seconds)
    return {
        ask.name: (statistics.median(times[ask.name, SMALL]), statistics.median(times[ask.name, LARGE])) for ask in asks
    }


def _seconds(db: Database, ask: Ask) -> float:
    begun = time.perf_counter()
    with db.read() as session:
        shown = ask.see(session)
    passed = time.perf_counter() - begun
    if shown < ask.shown:
        raise RuntimeError(f"{ask.name} shows {shown} and not {ask.shown}")
    return passed


@contextmanager
def _company(new: New, size: Size) -> Iterator[Database]:
    with new() as url:
        db = Database(url)
        with db.begin() as session:
            _fill(session, size)
        with db.engine.connect() as connection:
            connection.execute(text("ANALYZE"))
            connection.commit()
        yield db
        db.dispose()


def _fill(session: Session, size: Size) -> None:
    now = clock.now()
    today = now.date()
    monday = today - timedelta(days=today.weekday())
    if session.get(Company, 1) is None:
        raise LookupError("the migrations make the company")
    numbers = range(1, size.teams + 1)
    people = [
        {"id": f"U{team:06}{seat}", "name": f"Person {team} {seat}"}
        for team in numbers
        for seat in range(1, PEOPLE + 1)
    ]
    flags = dict.fromkeys(("is_admin", "is_bot", "is_guest", "is_deactivated"), False)
    session.execute(insert(Person), [{**each, **flags} for each in people])
    session.execute(insert(Team), [_team(number, monday) for number in numbers])
    seats = [
        {"person_id": f"U{team:06}{seat}", "team_id": team, "seat": seat, "is_lead": seat == 1, "joined_at": now}
        for team in numbers
        for seat in range(1, PEOPLE + 1)
    ]
    session.execute(insert(Membership), seats)
    for back in range(size.past, 0, -1):
        session.execute(insert(Sprint), [_sprint(team, monday - timedelta(weeks=back), closed=True) for team in (1, 2)])
    session.execute(insert(Sprint), [_sprint(team, monday, closed=False) for team in numbers])
    running = session.execute(select(Sprint.id, Sprint.team_id).where(Sprint.closed_at.is_(None))).all()
    session.execute(
        insert(Item),
        [
            _item(row.id, f"U{row.team_id:06}{seat}", position)
            for row in running
            for seat in range(1, PEOPLE + 1)
            for position in range(ITEMS)
        ],
    )
    session.execute(
        insert(Desk), [{"name": "AI", "name_key": "ai", "owns": "all", "team_id": 1, "lead_id": ME, "created_at": now}]
    )
    desk = session.scalars(select(Desk.id)).one()
    session.execute(insert(Request), [_request(number, desk) for number in range(size.requests)])


def _team(number: int, monday: date) -> dict[str, Any]:
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
        "next_at": clock.now() + timedelta(days=1),
        "created_at": clock.now(),
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
    title = f"Item {position} of a usual length, about fifty characters"
    what = {"title": title, "priority": Priority.HIGH, "mark": Mark.NOT_STARTED, "carried": 0}
    return {"sprint_id": sprint, "owner_id": owner, "position": position, **what}


def _request(number: int, desk: int) -> dict[str, Any]:
    since = clock.now() - timedelta(minutes=number)
    return {
        "source": f"bench:{number}",
        "title": f"Summarise tickets of kind {number}",
        "text": "We would like to know what they say.",
        "asker_id": "U0000012",
        "desk_id": desk,
        "state": State.OPEN,
        "waiting_on": Ball.CLAIMER,
        "claimer_id": "U0000013",
        "waiting_since": since,
        "nudged": 0,
        "created_at": since,
    }


def _table(found: Mapping[str, Mapping[str, tuple[float, float]]]) -> str:
    rows = [["From small to large", *found]]
    for name in next(iter(found.values())):
        cells = []
        for times in found.values():
            small, large = times[name]
            cells.append(f"{small * 1e3:.1f} → {large * 1e3:.1f} ms ({large / small:.2f}×)")
        rows.append([name, *cells])
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
    sizes = f"{SMALL.teams} → {LARGE.teams} teams, {SMALL.past} → {LARGE.past} past sprints"
    return "\n".join([*lines, f"{sizes}, {SMALL.requests} → {LARGE.requests:,} requests. Goal: at most {MOST}×.", ""])
