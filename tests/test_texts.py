"""Plain English: the words that people read twice are in no text of the interface."""

import re

import pytest

from bot.cli import texts

# DESIGN, "Words": what made the first version read like a translation.
STUMBLING = re.compile(
    r"\b(?:whom|whoever|somebody who has|stands? in|stands? above|sees to it|takes? along|yours to|still to come|by now"
    r"|goes on|go on)\b|(?<![,a-z] )\b[Ww]ho has (?:sent|written|answered|asked)\b[^?]*$",
    re.IGNORECASE,
)


def test_no_text_that_people_read_has_a_word_that_makes_them_stumble() -> None:
    found = [f"{text.place}: {text.words}" for text in texts.all_texts() if STUMBLING.search(text.words)]
    assert found == []


@pytest.mark.parametrize(
    "old",
    [
        "Who has sent theirs reads them now, and at the reveal everybody",
        "Now the plan is " + "yours to finalize.",
        "It stands in the plan's thread.",
        "Choose whom to hold.",
        "This request is decided by now; its card says how.",
    ],
)
def test_the_list_finds_what_made_people_stumble(old: str) -> None:
    assert STUMBLING.search(old)


def test_every_room_and_kind_of_text_is_printed() -> None:
    printed = "\n".join(texts.lines())
    for words in (
        "Wrap up and plan",  # a title
        "Nothing new",  # a button
        "Choose an engineer to hold.",  # a refusal
        "Give the sprint a direction: one sentence is enough.",  # a refusal in a rule
    ):
        assert words in printed
    assert len(list(texts.all_texts())) > 2_000
