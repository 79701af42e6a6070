"""The schedule as a table for the terminal: what will be asked, of whom and when, on the clocks of those concerned."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from sqlalchemy.exc import DBAPIError

from bot.domain.calendar.wording import city, days, short_day
from bot.domain.rhythm import schedules
from bot.domain.rhythm.schedules import MEANINGS, Upcoming
from bot.domain.teams import teams
from bot.platform.database import Database
from bot.serving import migrate
from bot.serving.migrate import SchemaError
from models.teams import Team

GAP = "  "
Row = tuple[str, ...]


def lines(url: str, name: str | None, *, count: int, now: datetime) -> list[str]:
    """The next `count` things that the clock does, in the team of this name or in all of them, and who is not asked.

    Raises SchemaError when the database can't be read, and Refusal when there is no such team.
    """
    migrate.require_current(url)
    db = Database(url)
    try:
        return list(_lines(db, name, count, now))
    except DBAPIError as error:
        raise SchemaError(migrate.trouble(url, error)) from error
    finally:
        db.dispose()


def _lines(db: Database, name: str | None, count: int, now: datetime) -> Iterator[str]:
    with db.read() as session:
        shown = [teams.named(session, name)] if name else teams.all_teams(session)
        found = schedules.upcoming(session, shown, now=now, count=count)
    if not shown:
        yield "There is no small team yet. `/small-team create` founds the first one."
    yield from _table(found, now, with_teams=name is None)
    silent = _silent(shown)
    if found and silent:
        yield ""
    yield from silent


def _silent(shown: Sequence[Team]) -> list[str]:
    return [words for team in shown if (words := schedules.silence(team)) is not None]


def _table(found: Sequence[Upcoming], now: datetime, *, with_teams: bool) -> Iterator[str]:
    if not found:
        return
    head = ("When", "Where", *(["Team"] if with_teams else []), "What", "Who", "Sprint")
    rows: list[Row] = [head, *(_row(each, now, with_teams) for each in found)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        yield GAP.join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()


def _row(each: Upcoming, now: datetime, with_teams: bool) -> Row:
    there = each.local
    year = f" {there.year}" if there.year != now.year else ""
    return (
        f"{short_day(there.date())}{year} {there:%H:%M}",
        city(each.zone),
        *([each.team] if with_teams else []),
        MEANINGS[each.kind],
        ", ".join(f"{seat.name} (away)" if seat.is_away(each.at) else seat.name for seat in each.people),
        days(each.dates.starts_on, each.dates.ends_on),
    )
