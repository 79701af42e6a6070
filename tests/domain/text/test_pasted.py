"""What people type and paste as a list, and how it is read."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.text import pasted
from bot.domain.text.pasted import Line
from bot.domain.text.structure import Kind
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
    "headings": (
        "# Sprint\n## Reliability\n- Fix login\n- Ship docs\n### Growth ###\n- Call ACME",
        [
            Line("Fix login", group="Reliability"),
            Line("Ship docs", group="Reliability"),
            Line("Call ACME", group="Growth"),
        ],
    ),
    "a heading in bold": (
        "**Reliability**\n- Fix login\n*Growth:*\n- Call ACME",
        [Line("Fix login", group="Reliability"), Line("Call ACME", group="Growth")],
    ),
    "a heading with a colon": (
        "Reliability:\n• Fix login\n• Ship docs",
        [Line("Fix login", group="Reliability"), Line("Ship docs", group="Reliability")],
    ),
    "a line with a colon and points": ("Fix login:\n  - Ship docs", [Line("Fix login:", points=("Ship docs",))]),
    "a line in bold": ("**Fix login**\nShip docs", [Line("**Fix login**"), Line("Ship docs")]),
    "a heading with nothing below it": ("## Reliability", []),
    "a heading that ends a group": (
        "## Growth\nFix login\n##\nShip docs",
        [Line("Fix login", group="Growth"), Line("Ship docs")],
    ),
    "points below a heading's first line": (
        "## Growth\n  - Fix login\n    - Ship docs\n  - Call ACME",
        [Line("Fix login", points=("Ship docs",), group="Growth"), Line("Call ACME", group="Growth")],
    ),
    "rules between": ("Fix login\n---\nShip docs\n***\nCall ACME", THREE),
    "an image between words": (
        "Fix ![the login](https://a.example/x.png)",
        [Line("Fix [the login](https://a.example/x.png)")],
    ),
    "a number of an issue": ("#123 fix login\n#help is busy", [Line("#123 fix login"), Line("#help is busy")]),
    "why, below an item": ("Fix login\n  Why? It is slow", [Line("Fix login", points=("Why? It is slow",))]),
    "why as a question": ("Why does login fail?", [Line("Why does login fail?")]),
    "nine points": (
        "Fix login\n" + "\n".join(f"  - {number}" for number in range(9)),
        [Line("Fix login", points=tuple(map(str, range(9))))],
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_each_shape_is_read_as_the_person_meant_it(shape: str) -> None:
    text, meant = SHAPES[shape]
    assert pasted.read(text) == meant


LEFT_OUT = {
    "an image": ("![Before](https://a.example/x.png)", [Kind.IMAGE]),
    "an image of HTML": ('<img width="300" src="https://a.example/x.png">', [Kind.IMAGE]),
    "a table": ("| Item | Owner |\n| --- | --- |\n| Fix login | Ada |", [Kind.TABLE] * 3),
    "a table with no bars outside": ("Item | Owner\n--- | ---\nFix login | Ada", [Kind.TABLE] * 3),
    "a folded section": ("<details>\n<summary>More</summary>\n- Old thing\n</details>", [Kind.FOLDED] * 4),
    "a comment": ("<!-- Write\nyour plan -->", [Kind.COMMENT] * 2),
    "code": ("```\nmake test\n```", [Kind.CODE] * 3),
    "why": ("Why? Since it is slow\n**Why:** money", [Kind.WHY] * 2),
}


@pytest.mark.parametrize("shape", LEFT_OUT)
def test_what_is_no_item_is_left_out_and_kept_to_be_said(shape: str) -> None:
    text, kinds = LEFT_OUT[shape]
    found = pasted.reading(f"- Fix login\n\n{text}\n\n- Call ACME")
    assert found.lines == [Line("Fix login"), Line("Call ACME")]
    assert [row.kind for row in found.left_out] == kinds
    assert [row.words for row in found.left_out] == text.split("\n")


def test_a_heading_with_nothing_below_it_is_left_out() -> None:
    found = pasted.reading("# Plan\n## Growth\n- Fix login\n## Later")
    assert found.lines == [Line("Fix login", group="Growth")]
    assert [row.words for row in found.left_out] == ["Plan", "Later"]


def test_headings_are_typed_again_with_their_items() -> None:
    lines = [Line("One"), Line("Two", group="Growth"), Line("Three", group="Growth"), Line("Four")]
    assert pasted.typed(lines) == "One\n## Growth\nTwo\nThree\n##\nFour"
    assert pasted.read(pasted.typed(lines)) == lines


words = st.text(st.characters(exclude_categories=("Cs", "Cc")), min_size=1, max_size=40)
rows = st.lists(
    st.tuples(st.sampled_from(["", " ", "  ", "\t", "    - ", "- ", "* ", "1. ", "[x] ", "🟢 "]), words), max_size=12
)


@given(rows)
def test_no_word_is_lost(typed: list[tuple[str, str]]) -> None:
    text = "\n".join(f"{sign}{said}" for sign, said in typed)
    found = pasted.reading(text)
    read = " ".join(part for line in found.lines for part in (line.group, line.words, *line.points))
    read += " ".join(row.words for row in found.left_out)
    for _, said in typed:
        for word in said.split():
            if len(word) > 3 and word.isalnum():
                assert word in read


@given(rows)
def test_what_was_read_is_read_the_same_when_it_is_typed_again(typed: list[tuple[str, str]]) -> None:
    lines = [Line(line.words, None, line.points) for line in pasted.read("\n".join(f"{a}{b}" for a, b in typed))]
    assert pasted.read(pasted.typed(lines)) == lines
