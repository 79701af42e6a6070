"""The planning tick: what it costs when nothing is due, beside ever more teams, and how fast what is due becomes rows.

Ratios in one run, on both databases: against a bare `SELECT 1`, and against a bare bulk insert of the very same rows.
"""

import gc
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, event, insert, select, text, update

from benchmarks import charts, companies, goals
from benchmarks.charts import Chart, Series
from benchmarks.goals import Report
from bot.platform.database import Database
from jobs import rhythm
from models.company import Company, Person
from models.outbox import Post
from models.sprints import Page, Sprint
from models.teams import Membership, Team
from tests.databases import PostgresDatabases, SqliteDatabases

QUIET = (100, 1_000, 10_000)  # teams of which nobody is asked anything
DUE = (100, 1_000, 3_000)  # teams of which everybody is asked
PEOPLE = 5  # a team
TICKS = 200
FLAT, BESIDE_NOTHING, QUERIES, BESIDE_INSERT = 1.3, 10.0, 2, 0.33
ROUNDS = 2  # of planning: the best one counts, for both sides
NOW = datetime(2026, 7, 24, 8, tzinfo=UTC)  # ten o'clock in Berlin on a sprint's last working day: the turn
MONDAY = date(2026, 7, 13)
PICTURE = Path("docs/bench-planning.png")
COLOURS = (("#2563eb", "#a8c1f7"), ("#ea580c", "#f7bd9e"))  # of each database, and of what it is measured against

New = Callable[[], AbstractContextManager[str]]


@dataclass
class Measured:
    """One database: seconds of a quiet tick and of a bare `SELECT 1`, and rows a second, by the number of teams."""

    tick: dict[int, float] = field(default_factory=dict)
    bare: dict[int, float] = field(default_factory=dict)
    queries: int = 0
    planned: dict[int, float] = field(default_factory=dict)
    inserted: dict[int, float] = field(default_factory=dict)
    rows: int = 0


def measure() -> Report:
    """The table, and what missed its goal; the picture goes to `PICTURE`."""
    with ExitStack() as stack:
        lite = SqliteDatabases(Path(stack.enter_context(tempfile.TemporaryDirectory())))
        postgres = PostgresDatabases()
        stack.callback(postgres.stop)
        found = {name: _measured(new) for name, new in (("SQLite", lite.new), ("PostgreSQL", postgres.new))}
    _draw(found)
    return Report(_table(found), _missed(found))


def _missed(found: Mapping[str, Measured]) -> list[str]:
    few, many, all_due = QUIET[0], QUIET[-1], DUE[-1]
    missed = []
    for name, each in found.items():
        missed += goals.at_most(f"{name}: a tick beside few teams", each.tick[many] / each.tick[few], FLAT)
        missed += goals.at_most(f"{name}: a tick beside SELECT 1", each.tick[many] / each.bare[many], BESIDE_NOTHING)
        missed += goals.at_most(f"{name}: the queries of a tick", each.queries, QUERIES, "")
        share = each.planned[all_due] / each.inserted[all_due]
        missed += goals.at_least(f"{name}: planning beside a bare insert", share, BESIDE_INSERT)
    return missed


def _measured(new: New) -> Measured:
    found = Measured()
    with ExitStack() as stack:
        quiet = {teams: stack.enter_context(_filled(new, teams, NOW + timedelta(days=1))) for teams in QUIET}
        found.queries = _queries(quiet[QUIET[-1]])
        _race(quiet, found)
    for teams in DUE:
        both = [_planned_and_inserted(new, teams) for _ in range(ROUNDS)]
        found.rows, seconds = both[0][0], [times for _, *times in both]
        found.planned[teams] = found.rows / min(planned for planned, _ in seconds)
        found.inserted[teams] = found.rows / min(inserted for _, inserted in seconds)
    return found


# --- nothing is due ---------------------------------------------------------------------------------------------


def _race(quiet: Mapping[int, Database], found: Measured) -> None:
    """The databases take turns, so that a busy moment hits them alike; the median counts."""
    ticks: dict[int, list[float]] = {teams: [] for teams in quiet}
    bare: dict[int, list[float]] = {teams: [] for teams in quiet}
    with ExitStack() as stack:
        lines = {teams: stack.enter_context(db.engine.connect()) for teams, db in quiet.items()}
        for _ in range(TICKS):
            for teams, db in quiet.items():
                ticks[teams].append(_seconds(lambda db=db: rhythm.plan(db, _now)))  # type: ignore[misc]
                bare[teams].append(_seconds(lambda line=lines[teams]: line.execute(SELECT_1)))  # type: ignore[misc]
    found.tick = {teams: statistics.median(each) for teams, each in ticks.items()}
    found.bare = {teams: statistics.median(each) for teams, each in bare.items()}


SELECT_1 = text("SELECT 1")


def _now() -> datetime:
    return NOW


def _seconds(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _queries(db: Database) -> int:
    """How many statements a quiet tick sends."""
    sent: list[str] = []

    def note(_connection: Connection, _cursor: object, statement: str, *_rest: object) -> None:
        sent.append(statement)

    event.listen(db.engine, "before_cursor_execute", note)
    rhythm.plan(db, _now)
    event.remove(db.engine, "before_cursor_execute", note)
    return len([each for each in sent if not each.startswith("BEGIN")])


# --- everybody is due -------------------------------------------------------------------------------------------


def _planned_and_inserted(new: New, teams: int) -> tuple[int, float, float]:
    """How many rows one tick writes, in how many seconds, and how many the bare insert of the same rows takes."""
    with _filled(new, teams, NOW) as db:
        gc.collect()
        planned = _seconds(lambda: rhythm.plan(db, _now))
        rows = {model: found for model in (Sprint, Page, Post) if (found := _rows(db, model))}
    if len(rows.get(Post, ())) < teams * PEOPLE:
        raise RuntimeError(f"of {teams * PEOPLE} people {len(rows.get(Post, ()))} are asked")
    with _filled(new, teams, NOW) as db, db.engine.connect() as connection:
        gc.collect()
        inserted = _seconds(lambda: _insert(connection, rows))
    return sum(len(each) for each in rows.values()), planned, inserted


def _rows(db: Database, model: type[Any]) -> list[dict[str, Any]]:
    columns = [column for column in model.__table__.columns if column.name != "id" or model is not Post]
    with db.engine.connect() as connection:
        found = connection.execute(select(*columns).order_by(model.id)).all()
    # Outside, since PostgreSQL ends a transaction that idles for long, as it does while a busy machine works on many rows.
    return [row._asdict() for row in found]


def _insert(connection: Connection, rows: Mapping[type[Any], Sequence[dict[str, Any]]]) -> None:
    with connection.begin():
        for model, values in rows.items():
            connection.execute(insert(model), values)


# --- the company ------------------------------------------------------------------------------------------------


@contextmanager
def _filled(new: New, teams: int, next_at: datetime) -> Iterator[Database]:
    """A company of so many teams in Berlin, all on one rhythm."""
    long_ago = NOW - timedelta(days=60)
    with new() as url:
        db = Database(url)
        people = [(number, seat) for number in range(1, teams + 1) for seat in range(1, PEOPLE + 1)]
        with db.engine.begin() as connection:
            connection.execute(update(Company).values(sprint_channel_id="C000000000", zone="Europe/Berlin"))
            connection.execute(
                insert(Team), [companies.team_row(number, MONDAY, next_at, long_ago) for number in range(1, teams + 1)]
            )
            connection.execute(
                insert(Person),
                [
                    {"id": companies.id_(*each), "name": companies.id_(*each), "zone": "Europe/Berlin"}
                    for each in people
                ],
            )
            connection.execute(
                insert(Membership),
                [
                    {
                        "person_id": companies.id_(number, seat),
                        "team_id": number,
                        "seat": seat,
                        "is_lead": seat == 1,
                        "joined_at": long_ago,
                    }
                    for number, seat in people
                ],
            )
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("ANALYZE"))
        yield db
        db.dispose()


# --- the table and the picture ----------------------------------------------------------------------------------


def _table(found: Mapping[str, Measured]) -> str:
    few, many = QUIET[0], QUIET[-1]
    rows = [["The planning tick", *found, "goal"]]
    rows.append([f"nothing due, {few:,} teams", *(_us(each.tick[few]) for each in found.values()), ""])
    rows.append([f"nothing due, {many:,} teams", *(_us(each.tick[many]) for each in found.values()), ""])
    rows.append(["… beside the few", *(_times(e.tick[many] / e.tick[few]) for e in found.values()), f"at most {FLAT}×"])
    rows.append(
        [
            "… beside SELECT 1",
            *(_times(e.tick[many] / e.bare[many]) for e in found.values()),
            f"at most {BESIDE_NOTHING:g}×",
        ]
    )
    rows.append(["… queries", *(str(each.queries) for each in found.values()), f"at most {QUERIES}"])
    for teams in DUE:
        name = f"all due, {teams:,} teams of {PEOPLE}"
        rows.append([name, *(f"{each.planned[teams]:,.0f} rows/s" for each in found.values()), ""])
        share = (f"{each.planned[teams] / each.inserted[teams]:.2f}×" for each in found.values())
        rows.append(["… beside a bare bulk insert", *share, f"at least {BESIDE_INSERT}×" if teams == many else ""])
    return f"{goals.table(rows)}\nThe growth as a picture: {PICTURE}"


def _us(seconds: float) -> str:
    return f"{seconds * 1e6:,.0f} µs"


def _times(ratio: float) -> str:
    return f"{ratio:.2f}×"


def _draw(found: Mapping[str, Measured]) -> None:
    quiet, due = [], []
    for (name, each), (dark, light) in zip(found.items(), COLOURS, strict=True):
        tick, bare = ({teams: s * 1e3 for teams, s in times.items()} for times in (each.tick, each.bare))
        quiet += [Series(f"{name}: tick", dark, tick), Series(f"{name}: SELECT 1", light, bare)]
        due += [Series(f"{name}: planned", dark, each.planned), Series(f"{name}: bare insert", light, each.inserted)]
    both = [
        Chart("Milliseconds of a tick with nothing due", "teams in the company", quiet),
        Chart(f"Rows a second, all due, {PEOPLE} people a team", "teams that are due", due),
    ]
    PICTURE.write_bytes(charts.paint(both))
