"""Which tests run, and on which databases.

`make test` tells each story on one database, by turns, and on both where the two differ: where several do something at once,
and where a file says `pytestmark = BOTH`. `make test-all` tells everything on both, with browsers and chaos.
"""

import inspect
import os
import zlib
from types import CodeType

import pytest
from hypothesis import settings

from tests.databases import KINDS

EVERYTHING = bool(os.environ.get("PRICKLE_EVERYTHING"))
BOTH = pytest.mark.both_databases
ONE = pytest.mark.one_database  # of a file that says BOTH: it lives through so much that the other one is for test-all
SLOW = (
    "tests/chaos/",
    "tests/hostile/",
    "tests/simulation/",
    "tests/end_to_end/test_half_open.py",
    "tests/end_to_end/test_demo.py::test_two_weeks",
)
SLOWEST = 10


def examples(number: int) -> int:
    """How many examples a law is held against: all in `make test-all`, a third in `make test`."""
    return number if EVERYTHING else number // 3


settings.register_profile("prickle", max_examples=examples(100))
settings.load_profile("prickle")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Give a test its databases."""
    chosen = any("database_kind" in mark.args[0] for mark in metafunc.definition.iter_markers("parametrize"))
    if "database_kind" in metafunc.fixturenames and not chosen:
        metafunc.parametrize("database_kind", _kinds(metafunc), indirect=True)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what only `make test-all` runs, unless it was asked for by name."""
    if EVERYTHING or any("::" in each or each.endswith(".py") for each in config.args):
        return
    left = [item for item in items if _is_slow(item)]
    if left:
        config.hook.pytest_deselected(items=left)
        items[:] = [item for item in items if not _is_slow(item)]


def _kinds(metafunc: pytest.Metafunc) -> tuple[str, ...]:
    is_marked = metafunc.definition.get_closest_marker
    if EVERYTHING or (not is_marked("one_database") and (is_marked("both_databases") or _is_a_race(metafunc))):
        return KINDS
    # The same test has the same database on every machine, and neighbours have different ones.
    return (KINDS[zlib.crc32(metafunc.definition.nodeid.encode()) % len(KINDS)],)


def _is_a_race(metafunc: pytest.Metafunc) -> bool:
    return _names(inspect.unwrap(metafunc.function).__code__, "at_once")


def _names(code: CodeType, name: str) -> bool:
    """Whether this code, or what is defined in it, uses an attribute of this name."""
    return name in code.co_names or any(isinstance(each, CodeType) and _names(each, name) for each in code.co_consts)


def _is_slow(item: pytest.Item) -> bool:
    return item.nodeid.startswith(SLOW) or "chromium" in getattr(item, "fixturenames", ())
