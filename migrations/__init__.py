"""The history of the schema, as Alembic revisions that are safe while old code is still running.

No business rule and no data that belongs to one company is written here.
Only `prickle migrate`, `prickle demo` and the tests come in.
"""
