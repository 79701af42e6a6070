"""Notes as people type and paste them."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.retros import typed
from bot.domain.retros.typed import Read
from models.retros import NOTE_LENGTH
from tests.which import examples

SENTENCE = "We waited for the review of one change for four days. "


@pytest.mark.parametrize(
    ("text", "notes"),
    [
        ("-better understanding of the goal", ["better understanding of the goal"]),
        ("– Pairing\n• Demos", ["Pairing", "Demos"]),
        ("- Deploys are slow\n  - an hour each\n  - twice a day", ["Deploys are slow\nan hour each\ntwice a day"]),
        ("- Deploys\n\t- slow\n- Reviews\n\t- slower", ["Deploys\nslow", "Reviews\nslower"]),
        ("  - Deploys\n  - Reviews", ["Deploys", "Reviews"]),
        ("## Better\n- Deploys\n### And\n  - Reviews", ["Deploys", "Reviews"]),
        ("| who | what |\n|---|:--|\n| Ada | demo |\nPairing", ["Pairing"]),
        ("Pairing\n---\nDemos\n***\nNaps", ["Pairing", "Demos", "Naps"]),
        ("<details><summary>More</summary>\n\n- Pairing\n</details>", ["Pairing"]),
        ("![a chart](https://example.com/a.png)\nThe chart", ["The chart"]),
        ("<https://example.com/a|The page> helped", ["[The page](https://example.com/a) helped"]),
        ("→ Deploy on Mondays", ["→ Deploy on Mondays"]),
        ("-> Deploy on Mondays\n- => Pair more", ["→ Deploy on Mondays", "→ Pair more"]),
        ("- Deploys are slow\n  → Deploy on Mondays", ["Deploys are slow\n→ Deploy on Mondays"]),
        ("#deploys is noisy", ["#deploys is noisy"]),
        ("2 -> 3 people is better", ["2 -> 3 people is better"]),
        ("## Deploys are slow", ["Deploys are slow"]),
        ("---\n\n  \n", []),
    ],
)
def test_what_people_paste_becomes_the_notes_that_they_mean(text: str, notes: list[str]) -> None:
    assert list(typed.read(text).notes) == notes


def test_what_made_no_note_is_named() -> None:
    assert typed.read("## Better\n| a | b |\n- Deploys") == Read(("Deploys",), ("Better", "| a | b |"))


def test_a_paragraph_of_560_characters_is_one_note() -> None:
    paragraph = (SENTENCE * 11)[:560].strip()
    assert typed.read(paragraph) == Read((paragraph,))


def test_a_longer_one_is_torn_between_sentences() -> None:
    read = typed.read(SENTENCE * 40)
    assert read.torn == 1
    assert [len(note) <= NOTE_LENGTH and note.endswith("days.") for note in read.notes] == [True] * 3


def test_a_note_with_much_below_it_is_torn_between_its_lines() -> None:
    below = [f"{number} {'x' * 90}" for number in range(20, 40)]
    read = typed.read("- Deploys\n" + "\n".join(f"  - {line}" for line in below))
    assert [line for note in read.notes for line in note.split("\n")] == ["Deploys", *below]


WORDS = st.text(st.sampled_from("éß .!→->|#\n\t*_😀"), max_size=3_000)


@settings(deadline=None, max_examples=examples(200))
@given(WORDS)
def test_no_note_is_too_long_or_empty_and_no_letter_is_lost(text: str) -> None:
    read = typed.read(text)
    assert all(0 < len(note) <= NOTE_LENGTH for note in read.notes)
    there = "".join([*read.notes, *read.left_out])
    assert sorted(re.findall(r"[éß😀]", there)) == sorted(re.findall(r"[éß😀]", text))


@settings(deadline=None, max_examples=examples(200))
@given(WORDS)
def test_a_note_that_is_edited_without_a_change_stays_as_it_is(text: str) -> None:
    for note in typed.read(text).notes:
        assert typed.clean(note) == note
