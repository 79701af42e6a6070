"""`make chaos`: a week of a large company on both databases, and what was counted.

`python -m tests.chaos --url URL --teams 4 --people 16 --kills 6` is a smaller one, on one database.
"""

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bot.platform import logs
from tests.chaos import company, life, report
from tests.chaos.verdict import judge
from tests.chaos.weather import Away
from tests.chaos.week import Week
from tests.databases import KINDS, PostgresDatabases, SqliteDatabases


def main() -> int:
    """Live the week and print the counts. Returns 1 when anything went wrong."""
    wanted = _arguments().parse_args()
    logs.configure("CRITICAL", "human")
    columns = {}
    for kind in [wanted.url] if wanted.url else KINDS:
        with _database(kind) as (url, stopped):
            teams = company.draw(wanted.teams, wanted.people, wanted.seed)
            week = Week(
                url,
                teams,
                seed=wanted.seed,
                kills=wanted.kills,
                faults=wanted.faults,
                strikes=wanted.strikes,
                life=life.draw(wanted.changes, wanted.seed),
                stopped=stopped,
            )
            try:
                week.run(lambda line, kind=kind: _say(f"{kind.partition(':')[0]}: {line}"))  # type: ignore[misc]
                columns[kind.partition(":")[0]] = (week, judge(week))
            finally:
                week.close()
    sys.stdout.write(report.table(columns))
    wrong = report.wrong(columns)
    sys.stdout.write(wrong)
    return 1 if wrong else 0


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m tests.chaos", description=__doc__)
    parser.add_argument(
        "--url", help="sqlite, postgresql, or a migrated, empty database; without it one of each kind is made"
    )
    parser.add_argument("--teams", type=int, default=200)
    parser.add_argument("--people", type=int, default=1000)
    parser.add_argument("--kills", type=int, default=30, help="how many have to die at least")
    parser.add_argument("--faults", type=float, default=0.05, help="the share of Slack's calls that go wrong")
    parser.add_argument("--strikes", type=int, default=3, help="how often each kind of weather strikes")
    parser.add_argument(
        "--changes", type=int, default=3, help="how often each kind of change in people's lives happens"
    )
    parser.add_argument("--seed", type=int, default=1)
    return parser


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


@contextmanager
def _database(kind: str) -> Iterator[tuple[str, Away | None]]:
    """Its URL, and what stops its server for a block where that is ours to stop."""
    if kind == "sqlite":
        with tempfile.TemporaryDirectory() as folder, SqliteDatabases(Path(folder)).new() as url:
            yield url, None
    elif kind == "postgresql":
        databases = PostgresDatabases()
        try:
            with databases.new() as url:
                yield url, databases.stopped
        finally:
            databases.stop()
    else:
        yield kind, None


if __name__ == "__main__":
    sys.exit(main())
