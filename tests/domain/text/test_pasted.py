"""What people type and paste as a list, and how it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import pasted
from bot.domain.text.pasted import Line
from models.sprints import Mark

THREE = [Line("Fix login"), Line("Ship docs"), Line("Call ACME")]
BELOW = [
    Line(
        "Fix login",
        points=(
            "Ship docs",
            "Call ACME",
        ),
    )
]

SHAPES = {
    "a line an item": ("Fix login\nShip docs\nCall ACME", THREE),
    "all lines indented alike": ("  - Fix login\n  - Ship docs\n  - Call ACME", THREE),
    "all lines indented by a tab": ("\tFix login\n\tShip docs\n\tCall ACME", THREE),
    "the first line indented more than the others": ("    Fix login\n  Ship docs\nCall ACME", THREE),
    "empty lines between": ("Fix login\n\n\nShip docs\n   \nCall ACME\n", THREE),
    "lines of Windows": ("Fix login\r\nShip docs\r\nCall ACME\r\n", THREE),
    "hyphens": ("- Fix login\n- Ship docs\n- Call ACME", THREE),
    "stars": ("* Fix login\n* Ship docs\n* Call ACME", THREE),
    "plus signs": ("+ Fix login\n+ Ship docs\n+ Call ACME", THREE),
    "numbers": ("1. Fix login\n2. Ship docs\n10. Call ACME", THREE),
    "numbers in brackets": ("1) Fix login\n(2) Ship docs\n3) Call ACME", THREE),
    "letters in brackets": ("a) Fix login\nb) Ship docs\nc) Call ACME", THREE),
    "letters with a dot": ("a. Fix login\nb. Ship docs\nc. Call ACME", THREE),
    "bullets of Word": ("•\tFix login\n•\tShip docs\n•\tCall ACME", THREE),
    "bullets of Notion and Google Docs": ("● Fix login\n○ Ship docs\n■ Call ACME", THREE),
    "bullets of Slack": ("• Fix login\n◦ Ship docs\n▪︎ Call ACME".replace("\ufe0e", ""), THREE),
    "dashes": ("– Fix login\n— Ship docs\n→ Call ACME", THREE),
    "spaces that do not break": ("-\xa0Fix\xa0login\n-\xa0Ship docs\n-\xa0Call ACME", THREE),
    "a mark of the byte order, and signs without a width": ("\ufeffFix login\nShip\u200b docs\nCall ACME", THREE),
    "a hyphen with no space": ("-Fix login\n-Ship docs\n–Call ACME", THREE),
    "points by one space": ("Fix login\n Ship docs\n Call ACME", BELOW),
    "points by a tab": ("- Fix login\n\t- Ship docs\n\t- Call ACME", BELOW),
    "points by one space and a tab": ("- Fix login\n \t- Ship docs\n \t- Call ACME", BELOW),
    "points by four spaces": ("- Fix login\n    - Ship docs\n    - Call ACME", BELOW),
    "points of points": ("- Fix login\n  - Ship docs\n      - Call ACME", BELOW),
    "points below numbers": ("1. Fix login\n   a) Ship docs\n   b) Call ACME", BELOW),
    "points below indented items": ("  - Fix login\n    - Ship docs\n    - Call ACME", BELOW),
    "points that fall back a little": ("- Fix login\n      - Ship docs\n   - Call ACME", BELOW),
    "an item after points": (
        "- Fix login\n  - Ship docs\n- Call ACME",
        [Line("Fix login", points=("Ship docs",)), THREE[2]],
    ),
    "boxes": (
        "- [ ] Fix login\n- [x] Ship docs\n* [X] Call ACME\n[] Rest",
        [
            Line("Fix login", Mark.NOT_STARTED),
            Line("Ship docs", Mark.FINISHED),
            Line("Call ACME", Mark.FINISHED),
            Line("Rest", Mark.NOT_STARTED),
        ],
    ),
    "drawn boxes": (
        "☐ Fix login\n☑ Ship docs\n☒ Call ACME\n⬜ Rest",
        [
            Line("Fix login", Mark.NOT_STARTED),
            Line("Ship docs", Mark.FINISHED),
            Line("Call ACME", Mark.WONT_FINISH),
            Line("Rest", Mark.NOT_STARTED),
        ],
    ),
    "marks": (
        "🟢 Fix login\n- 🟡 Ship docs\n🔴Call ACME\n⚪️ Rest",
        [
            Line("Fix login", Mark.FINISHED),
            Line("Ship docs", Mark.IN_PROGRESS),
            Line("Call ACME", Mark.WONT_FINISH),
            Line("Rest", Mark.NOT_STARTED),
        ],
    ),
    "marks by their names": (
        ":large_green_circle: Fix login\n- :yellow_circle: Ship docs\n:red_circle: Call ACME",
        [Line("Fix login", Mark.FINISHED), Line("Ship docs", Mark.IN_PROGRESS), Line("Call ACME", Mark.WONT_FINISH)],
    ),
    "ticks": (
        "✅ Fix login\n✔️ Ship docs\n❌ Call ACME",
        [Line("Fix login", Mark.FINISHED), Line("Ship docs", Mark.FINISHED), Line("Call ACME", Mark.WONT_FINISH)],
    ),
    "a point that is done": (
        "- Fix login\n  - [x] Ship docs\n  - [ ] Call ACME",
        [
            Line(
                "Fix login",
                points=(
                    "✅ Ship docs",
                    "Call ACME",
                ),
            )
        ],
    ),
    "other emoji stay": ("🚀 Launch\n:rocket: Launch", [Line("🚀 Launch"), Line(":rocket: Launch")]),
    "what only looks like a bullet stays": (
        "-5% churn\n*Bold* words\n2026 goals\n3.5 s at most\nA. Smith joins\n--- done\nCut first-frame time",
        [
            Line(words)
            for words in (
                "-5% churn",
                "*Bold* words",
                "2026 goals",
                "3.5 s at most",
                "A. Smith joins",
                "--- done",
                "Cut first-frame time",
            )
        ],
    ),
    "a link of Slack": ("<https://a.example/x|The issue>: fix it", [Line("[The issue](https://a.example/x): fix it")]),
    "a link of Markdown": ("[The issue](https://a.example/x)", [Line("[The issue](https://a.example/x)")]),
    "a bare link": ("See <https://a.example/x>", [Line("See https://a.example/x")]),
    "signs of HTML": ("Fix <Select> crash & more", [Line("Fix <Select> crash & more")]),
    "two spaces inside": ("Fix   login", [Line("Fix login")]),
    "nothing": ("  \n\t\n", []),
    "bullets with nothing behind them": ("- \n*\n1. ", []),
    "nine points": (
        "Fix login\n" + "\n".join(f"  - {number}" for number in range(9)),
        [Line("Fix login", points=tuple(map(str, range(9))))],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read_as_the_person_meant_it(shape: str) -> None:
    text, meant = SHAPES[shape]
    assert pasted.read(text) == meant


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
rows = st.lists(
    st.tuples(st.sampled_from(["", " ", "  ", "\t", "    - ", "- ", "* ", "1. ", "[x] ", "🟢 "]), words), max_size=12
)


@given(rows)
def test_no_word_is_lost(typed: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{sign}{said}" for sign, said in typed)
    read = " ".join(part for line in pasted.read(text) for part in (line.words, *line.points))
    for _, said in typed:
        for word in said.split():
            if len(word) > 3 and word.isalnum():
                assert word in read


@given(rows)
def test_what_was_read_is_read_the_same_when_it_is_typed_again(typed: list[tuple[str, str]]) -> None:
    lines = [Line(line.words, None, line.points) for line in pasted.read("\n".join(f"{a}{b}" for a, b in typed))]
    assert pasted.read(pasted.typed(lines)) == lines
