"""A PostgreSQL database that is given back its rows for every test, instead of being made anew.

The server copies a database in 40 ms, and whoever connects to the copy makes a connection and reads up on every table
first. Giving back rows takes a few milliseconds, and the connections stay.
"""

import psycopg
from psycopg.sql import SQL, Composable, Composed, Identifier

TIDY_EVERY = 50  # deleted rows stay in their files until somebody vacuums

# Changes with every table, column, constraint and trigger, and with nothing that is done to rows.
_SHAPE = """
    SELECT (SELECT count(*) || ' ' || sum(oid::bigint) FROM pg_class WHERE relnamespace = 'public'::regnamespace),
           (SELECT count(*) || ' ' || sum(a.xmin::text::bigint) FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
            WHERE c.relnamespace = 'public'::regnamespace),
           (SELECT count(*) || ' ' || sum(oid::bigint) FROM pg_constraint WHERE connamespace = 'public'::regnamespace),
           (SELECT count(*) || ' ' || sum(oid::bigint) FROM pg_trigger)
"""
_COLUMNS = """
    SELECT c.relname, array_agg(a.attname::text ORDER BY a.attnum) FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY c.relname ORDER BY c.relname
"""
_NUMBERS = """
    SELECT string_agg(format('setval(%L, %s, %L)', sequencename, coalesce(last_value, start_value), last_value IS NOT NULL), ', ')
    FROM pg_sequences WHERE schemaname = 'public'
"""
_OTHERS = """
    SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'
"""


class Rows:
    """The rows of one database, and how they were whenever they were kept."""

    def __init__(self, uri: str, kept: dict[str, Composable]) -> None:
        """`kept` is what was kept of another database of this shape."""
        self._connection = psycopg.connect(uri, autocommit=True)
        # Rows come back in the order of their tables' names, which is none in which their keys hold.
        self._connection.execute("SET session_replication_role = replica")
        self._tables: dict[str, list[str]] = dict(self._connection.execute(_COLUMNS).fetchall())
        self._empty = Composed([SQL("DELETE FROM {};").format(Identifier(table)) for table in self._tables])
        self._shape = self._now()
        self._kept = kept
        self._times = 0

    def fit(self) -> bool:
        """Whether the database is still there, in the shape in which it was found."""
        return not self._connection.closed and self._now() == self._shape

    def keep(self, name: str) -> None:
        """Keep all rows as they are."""
        inserts = [self._insert(table, columns) for table, columns in self._tables.items()]
        self._kept[name] = Composed([*inserts, SQL("SELECT "), self._text(SQL(_NUMBERS)), SQL(";")])

    def put_back(self, name: str) -> None:
        """Have all rows as they were when they were kept, whatever others are in the middle of."""
        self._connection.execute(_OTHERS)
        self._connection.execute(Composed([SQL("BEGIN;"), self._empty, self._kept[name], SQL("COMMIT")]))
        self._times += 1
        if self._times % TIDY_EVERY == 0:
            self._connection.execute("VACUUM")

    def close(self) -> dict[str, Composable]:
        """End the connection. Returns what was kept."""
        self._connection.close()
        return self._kept

    def _insert(self, table: str, columns: list[str]) -> Composable:
        # A value's text, in quotes, is the same value again, of whatever type.
        named = Composed([Identifier(column) for column in columns]).join(", ")
        texts = [SQL("quote_nullable({}::text)").format(Identifier(column)) for column in columns]
        query = SQL("SELECT string_agg('(' || concat_ws(', ', {}) || ')', ', ') FROM {}")
        rows = self._text(query.format(Composed(texts).join(", "), Identifier(table)))
        return (
            SQL("INSERT INTO {} ({}) VALUES {};").format(Identifier(table), named, rows) if rows.as_string() else rows
        )

    def _text(self, query: SQL | Composed) -> SQL:
        """What this query gives, as a piece of another one."""
        row = self._connection.execute(query).fetchone()
        return SQL(row[0] if row and row[0] else "")

    def _now(self) -> tuple[object, ...] | None:
        return self._connection.execute(_SHAPE).fetchone()
