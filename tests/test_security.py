"""SECURITY.md says who may do what, and each of its cells is tried."""

import os
import re

import pytest

from tests.security import BUTTONS, FILE, PEOPLE, company, may_press, may_type, table, verbs
from tests.stories import After
from tests.world import World

TEXT = FILE.read_text("utf-8")
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in TEXT[TEXT.index("| What |") :].split("\n\n")[0].splitlines()
]


def test_the_table_has_a_row_for_every_verb_and_a_column_for_every_kind_of_person() -> None:
    assert ROWS[0] == ["What", *PEOPLE]
    assert {row[0].strip("`").removesuffix(" NAME") for row in ROWS[2:]} == {*verbs(), *BUTTONS}


@pytest.mark.parametrize(("kind", "who"), PEOPLE.items())
def test_every_cell_of_a_column_is_true(after: After, kind: str, who: str) -> None:
    world: World = after(company)
    place = ROWS[0].index(kind)
    said = {row[0].strip("`").removesuffix(" NAME"): row[place] for row in ROWS[2:]}
    typed = {line: may_type(world, who, line) for line in sorted(verbs())}
    pressed = {words: may_press(world, who, action_id) for words, action_id in BUTTONS.items()}
    assert {what: "yes" if may else "no" for what, may in {**typed, **pressed}.items()} == said


def test_the_table_is_as_it_would_be_written(after: After) -> None:
    fresh = table(after(company))
    start = TEXT.index("| What |")
    if "WRITE_SECURITY" in os.environ:
        FILE.write_text(TEXT[:start] + fresh + TEXT[start:][TEXT[start:].index("\n\n") :], "utf-8")
    assert TEXT[start:].split("\n\n")[0] == fresh


def test_who_is_no_full_member_may_do_nothing() -> None:
    for kind in ("Guest", "Other organization", "Deactivated"):
        assert {row[ROWS[0].index(kind)] for row in ROWS[2:]} == {"no"}


def test_what_the_page_promises_of_feedback_is_what_prickle_does() -> None:
    assert "Prickle shows it to nobody else." in TEXT
    assert not re.search(r"nobody (?:can|is able to) read", TEXT)
