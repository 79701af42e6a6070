"""Companies from seeds: every order of events and every fault, and no rule is broken."""

import pytest

from tests.databases import PostgresDatabases, SqliteDatabases
from tests.simulation.life import STEPS, Broken
from tests.simulation.planted import PLANTED
from tests.simulation.seeds import Lives, lives

SEEDS, A_TEST = 200, 20
PATIENCE = 500
# Seeds that broke a rule once.
KEPT = (2, 3, 5, 17, 22)


@pytest.fixture
def here(request: pytest.FixtureRequest, database_kind: str) -> Lives:
    databases: SqliteDatabases | PostgresDatabases = request.getfixturevalue(f"{database_kind}_databases")
    return Lives(databases)


@pytest.mark.parametrize("first", range(0, SEEDS, A_TEST))
def test_no_rule_is_broken_in_any_company(here: Lives, first: int) -> None:
    assert here.many(range(first, first + A_TEST)).broken == []


def test_a_seed_is_lived_through_in_the_same_way_again() -> None:
    with lives("sqlite") as one, lives("sqlite") as other:
        assert one.live(11) == other.live(11)


@pytest.mark.parametrize("bug", PLANTED)
def test_a_planted_bug_is_found(bug: str) -> None:
    with lives("sqlite") as here:
        for seed in range(PATIENCE):
            try:
                here.live(seed, STEPS, PLANTED[bug]())
            except Broken:
                return
    pytest.fail(f"{PATIENCE} seeds did not find it")
