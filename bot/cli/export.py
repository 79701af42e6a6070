"""What was asked of the AI team as a file: a line a request for a spreadsheet, or nested for a program."""

import csv
import io
import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from enum import StrEnum
from typing import Any

from sqlalchemy.exc import DBAPIError

from bot.domain.intake import records
from bot.domain.intake.records import Record
from bot.platform.database import Database
from bot.serving import migrate
from bot.serving.migrate import SchemaError


class Format(StrEnum):
    """How a file is written."""

    CSV = "csv"
    JSON = "json"


# A spreadsheet takes a cell that begins so for a formula, which could send the sheet elsewhere (CSV injection).
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
BRIEF = ("problem", "audience", "smallest", "measure")
DECISION = ("mode", "person", "team", "sprints", "due_on", "words", "change", "ended_at")
HAND_BACK = ("owner", "docs", "measure")
OUTCOME = ("helped", "words", "helped_at", "in_use", "in_use_at")
PLAIN = (
    "id", "title", "text", "state", "link", "asked_by", "also_asked_by", "team", "desk", "claimed_by", "why", "tried",
    "wanted_on", "merged_into", "waiting_on", "waiting_since", "snoozed_until", "created_at", "answered_at",
    "decided_at", "done_at", "returns_at",
)  # fmt: skip
LISTS = ("questions", "routings", "decisions", "checklist", "bookings")
COLUMNS = (
    *PLAIN,
    *(f"brief_{name}" for name in BRIEF),
    *(f"decision_{name}" for name in DECISION),
    *(f"hand_back_{name}" for name in HAND_BACK),
    *(f"outcome_{name}" for name in OUTCOME),
    *LISTS,
)


def intake(url: str, chosen: Format) -> Iterator[str]:
    """Every request, in pieces of the file as they are read. Raises SchemaError when the database can't be read."""
    migrate.require_current(url)
    db = Database(url)
    try:
        with db.read() as session:
            yield from WRITERS[chosen](records.load_all(session))
    except DBAPIError as error:
        raise SchemaError(migrate.trouble(url, error)) from error
    finally:
        db.dispose()


def _json(found: Iterable[Record]) -> Iterator[str]:
    before = "[\n"
    for record in found:
        yield before + json.dumps(record, ensure_ascii=False)
        before = ",\n"
    yield "\n]\n" if before == ",\n" else "[]\n"


def _csv(found: Iterable[Record]) -> Iterator[str]:
    line = io.StringIO()
    writer = csv.writer(line, lineterminator="\n")
    writer.writerow(COLUMNS)
    for record in found:
        yield line.getvalue()
        line.seek(0)
        line.truncate()
        writer.writerow(_cell(value) for value in _row(record))
    yield line.getvalue()


WRITERS: Mapping[Format, Callable[[Iterable[Record]], Iterator[str]]] = {Format.CSV: _csv, Format.JSON: _json}


def _row(record: Record) -> Iterator[Any]:
    """The newest brief and decision have columns of their own; of the rest all stand in one, a line each."""
    brief, decision = _last(record["brief"]), _last(record["decisions"])
    yield from (record[name] for name in PLAIN)
    yield from (brief.get(name) for name in BRIEF)
    yield from (decision.get(name) for name in DECISION)
    yield from ((decision.get("hand_back") or {}).get(name) for name in HAND_BACK)
    yield from ((record["outcome"] or {}).get(name) for name in OUTCOME)
    yield from ("\n".join(map(_in_one_line, record[name])) for name in LISTS)


def _last(versions: list[Record]) -> Record:
    return versions[-1] if versions else {}


def _in_one_line(record: Record) -> str:
    parts = ((name, _words(value)) for name, value in record.items() if value not in (None, ""))
    return "; ".join(f"{name}: {' '.join(words.split())}" for name, words in parts)


def _cell(value: Any) -> str:
    words = _words(value)
    return f"'{words}" if words.startswith(FORMULA) else words


def _words(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(map(_words, value))
    if isinstance(value, dict):
        return str(value["name"]) if "name" in value else _in_one_line(value)
    return str(value)
