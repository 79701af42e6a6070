"""Which texts say the same: measured on realistic asks, in a small company and in a large one."""

from collections.abc import Mapping, Sequence
from time import process_time

import pytest
from rapidfuzz import fuzz

from bot.domain.text import similarity
from bot.domain.text.similarity import Shelf
from tests.asks import AGAIN, EARLIER, NEW, PLENTY, UNSEEN

SHOWN = 3


def found(text: str, others: Sequence[str]) -> set[str]:
    return {others[place] for place, _ in similarity.alike(text, others)[:SHOWN]}


def measure(asks: Mapping[str, set[str]], others: Sequence[str]) -> tuple[float, float]:
    """Recall: how much of what is the same was found. Precision: how much of what was found is the same."""
    hits = sum(len(found(text, others) & same) for text, same in asks.items())
    shown = sum(len(found(text, others)) for text in asks)
    return hits / sum(map(len, asks.values())), hits / shown


ASKS = {**AGAIN, **{text: set() for text in NEW}}


@pytest.mark.parametrize(
    ("asks", "others", "recall", "precision"),
    [(ASKS, EARLIER, 0.9, 0.9), (ASKS, [*EARLIER, *PLENTY], 0.9, 0.9), (UNSEEN, EARLIER, 0.75, 0.7)],
    ids=["few", "many", "unseen"],
)
def test_the_same_is_found_in_other_words_and_little_else(
    asks: Mapping[str, set[str]], others: Sequence[str], recall: float, precision: float
) -> None:
    measured = measure(asks, others)
    assert measured[0] >= recall
    assert measured[1] >= precision


def test_among_many_texts_it_does_better_than_the_librarys_ratio_of_words() -> None:
    """Why there is a measure of our own: a ratio knows nothing of rare words, which matter once there are many texts."""
    others = [*EARLIER, *PLENTY]

    def by_ratio(text: str, cutoff: int) -> set[str]:
        wanted = " ".join(similarity.words(text))
        scored = [(fuzz.token_set_ratio(wanted, " ".join(similarity.words(each))), each) for each in others]
        return {each for score, each in sorted(scored, reverse=True)[:SHOWN] if wanted and score >= cutoff}

    def f1(recall: float, precision: float) -> float:
        return 2 * recall * precision / (recall + precision)

    def ratio_f1(cutoff: int) -> float:
        hits = sum(len(by_ratio(text, cutoff) & same) for text, same in ASKS.items())
        shown = sum(len(by_ratio(text, cutoff)) for text in ASKS)
        return f1(hits / sum(map(len, ASKS.values())), hits / shown)

    assert f1(*measure(ASKS, others)) > max(ratio_f1(cutoff) for cutoff in (65, 75)) + 0.05


@pytest.mark.parametrize(
    "text", ["", "?!", "we want AI to help us, please", "Can you help with something?", "<!channel>"]
)
def test_words_that_everybody_uses_are_like_nothing(text: str) -> None:
    assert similarity.alike(text, ["We want AI", "Can AI help us, please?", "Summarise tickets", ""]) == []


def test_a_slip_of_the_finger_does_no_harm() -> None:
    assert found("sumarise suport tikets", EARLIER) == {"Summarise support tickets"}


def test_the_nearest_comes_first_and_the_same_words_are_wholly_alike() -> None:
    others = ["Summarise survey answers", "Tickets", "Summarise support tickets"]
    (first, score), *_ = similarity.alike("summarise SUPPORT tickets", others)
    assert (first, round(score, 6)) == (2, 1.0)


@pytest.mark.parametrize("most", [1, 3, 12])
def test_a_search_for_a_few_finds_the_nearest_of_all(most: int) -> None:
    shelf = Shelf(enumerate([*EARLIER, *PLENTY, *AGAIN]))
    for text in (*AGAIN, *EARLIER, "tickets", "summaries of summaries"):
        assert shelf.alike(text, most=most) == shelf.alike(text)[:most]


def test_a_short_text_with_most_of_the_words_is_nearer_than_a_long_one_with_all() -> None:
    long = "summarise tickets weekly, and crawl forums, podcasts, newsletters, patents"
    shelf = Shelf(enumerate([long, "summarise tickets", *PLENTY]))
    assert [place for place, _ in shelf.alike("summarise tickets weekly", cutoff=0.1, most=1)] == [1]


def test_a_text_of_any_length_and_script_is_taken() -> None:
    assert found("Summarise support tickets " + "lorem " * 500, EARLIER) == {"Summarise support tickets"}
    assert [place for place, _ in similarity.alike("チケットの要約", ["チケットの要約"])] == [0]


def test_five_thousand_texts_take_far_less_than_a_blink() -> None:
    """50 ms are the promise; the test allows for a busy machine, and counts this process's own time only."""
    many = [f"{text} {number}" for number in range(8) for text in (*EARLIER, *PLENTY)][:5_000]
    similarity.alike("warm up", many)
    began = process_time()
    similarity.alike("can you help us summarise zendesk tickets, and tag the recordings?", many)
    assert process_time() - began < 0.1
