"""What people open most, in a small company and in a large one, in one process and on both databases.

The sizes take turns, so that a busy moment hits them alike; the median counts. Every answer is checked to be of its size.
"""

import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import insert, select, text
from sqlalchemy.orm import Session

from benchmarks import companies, goals
from benchmarks.goals import Report
from bot.domain.home import home
from bot.domain.intake import matches, queues
from bot.domain.intake.queues import QueueFilters
from bot.domain.sharing import company_sprints
from bot.domain.sharing.company_sprints import PlanFilters
from bot.domain.sprints import overviews
from bot.domain.teams import teams
from bot.platform import clock
from bot.platform.database import Database
from models.desks import Desk
from models.intake.requests import Ball, Request, State
from tests.databases import PostgresDatabases, SqliteDatabases

ROUNDS = 60
MOST = 1.3  # times as long in the large company
MINE = companies.A_TEAM * companies.ITEMS  # items in a team's sprint
ME = companies.id_(1, 1)
NOW = clock.now()
WORDS = ("summarise", "tickets", "answers", "replay", "funnel", "alerts", "search", "billing")

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
    now = NOW

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

    def similar(session: Session) -> int:
        return len(matches.nearest(session, "Summarise the tickets about billing"))

    return [
        Ask("/small-team list", lambda session: len(teams.page(session).teams), 10),
        Ask("/sprint company", company, 10),
        Ask("/sprint", overview, MINE),
        Ask("/reach-out queue", queue, 10),
        Ask("Home", tab, MINE),
        Ask("similar asks", similar, 3),
    ]


def measure() -> Report:
    """The table, and what missed its goal."""
    with ExitStack() as stack:
        lite = SqliteDatabases(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        postgres = PostgresDatabases()
        stack.callback(postgres.stop)
        found = {name: _measured(new) for name, new in (("SQLite", lite.new), ("PostgreSQL", postgres.new))}
    return Report(_table(found), _missed(found))


def _measured(new: New) -> dict[str, tuple[float, float]]:
    """The seconds that each ask takes in the small and in the large company."""
    times: dict[tuple[str, Size], list[float]] = {}
    with ExitStack() as stack:
        databases = {size: stack.enter_context(_company(new, size)) for size in (SMALL, LARGE)}
        asks = _asks()
        for turn in range(ROUNDS):
            for ask in asks:
                for size, db in databases.items():
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
    companies.more(session, range(1, size.teams + 1), past=size.past)
    session.execute(
        insert(Desk), [{"name": "AI", "name_key": "ai", "owns": "all", "team_id": 1, "lead_id": ME, "created_at": NOW}]
    )
    desk = session.scalars(select(Desk.id)).one()
    session.execute(insert(Request), [_request(number, desk) for number in range(size.requests)])


def _request(number: int, desk: int) -> dict[str, Any]:
    since = NOW - timedelta(minutes=number)
    words = " ".join(WORDS[number // len(WORDS) ** place % len(WORDS)] for place in range(4))
    return {
        "source": f"bench:{number}",
        "title": f"{words} {number}".capitalize(),
        "text": "We would like to know what they say.",
        "asker_id": companies.id_(1, 2),
        "desk_id": desk,
        "state": State.OPEN,
        "waiting_on": Ball.CLAIMER,
        "claimer_id": companies.id_(1, 3),
        "waiting_since": since,
        "nudged": 0,
        "created_at": since,
    }


def _table(found: Mapping[str, Mapping[str, tuple[float, float]]]) -> str:
    rows = [["From small to large", *found]]
    for name in next(iter(found.values())):
        pairs = (times[name] for times in found.values())
        rows.append([name, *(f"{few * 1e3:.1f} → {many * 1e3:.1f} ms ({many / few:.2f}×)" for few, many in pairs)])
    sizes = f"{SMALL.teams} → {LARGE.teams} teams, {SMALL.past} → {LARGE.past} past sprints"
    words = f"{sizes}, {SMALL.requests} → {LARGE.requests:,} requests. Goal: at most {MOST}×."
    return f"{goals.table(rows)}\n{words}"


def _missed(found: Mapping[str, Mapping[str, tuple[float, float]]]) -> list[str]:
    return [
        sentence
        for database, times in found.items()
        for name, (few, many) in times.items()
        for sentence in goals.at_most(f"{name} on {database}, large beside small", many / few, MOST)
    ]
