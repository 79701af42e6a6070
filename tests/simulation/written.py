"""Which tables were written to: who has read them since, and remembers, needs not read them again."""

import re
from collections import Counter
from typing import Any

from sqlalchemy import Engine, Table, event

from models.base import Base

WRITES = re.compile(r'\s*(?:INSERT INTO|UPDATE|DELETE FROM)\s+"?(\w+)')


class Written:
    """Counts the statements that write, by the table."""

    def __init__(self) -> None:
        self._count: Counter[str] = Counter()

    def watch(self, engine: Engine) -> None:
        """Count what is written through this engine."""
        event.listen(engine, "before_cursor_execute", self._note)

    def _note(self, _connection: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        if found := WRITES.match(statement):
            self._count[found[1]] += 1

    def state(self, *tables: type[Base] | Table) -> tuple[int, ...]:
        """A value that differs after each write to one of these tables."""
        return tuple(self._count[table.name if isinstance(table, Table) else table.__tablename__] for table in tables)


class Reader:
    """Remembers for which state of the tables something was done."""

    def __init__(self, written: Written) -> None:
        self._written = written
        self._states: dict[str, tuple[int, ...]] = {}

    def is_news(self, name: str, *tables: type[Base] | Table) -> bool:
        """Whether one of these tables was written to since this was asked last under the same name."""
        state = self._written.state(*tables)
        if self._states.get(name) == state:
            return False
        self._states[name] = state
        return True
