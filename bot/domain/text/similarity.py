"""Which of many short texts say the same as another: local, without a service or a model.

The measure is soft TF-IDF (Cohen, Ravikumar and Fienberg, 2003): the cosine of two texts' rare words, where a word also
counts for one that is spelt much like it. So `summaries` finds `summarise`, a slip of the finger does no harm, and what
stands in every second text tells nothing. It was chosen over the library's own token ratios, with and without a stemmer:
they do as well among few texts and worse among many (tests/domain/test_likeness.py measures it).
"""

import math
import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

CUTOFF = 0.45  # below it, texts share a word by chance
SPELT_ALIKE = 0.85  # `detect` and `detection` are, `label` and `labour` are not
MOST_WORDS = 40  # of the text that is compared: a request of 3,000 characters says what it wants in its first lines
FEW = 10  # so many texts more are assumed, so that in a small company not every word is a rare one

# Words without a meaning of their own, and those that everybody uses who asks an AI team for something.
_EMPTY = """
a about after again all also am an and any are as at be because been before being both but by can could did do does
done each few for from had has have he her here his how if in into is it its just like may me might more most much
must my no nor not now of off on once only or other our out over own same she should so some such than that the their
them then there these they this those through to too under until up us very was we were what when where which while
who whom whose why will with would you your
ai ask asked asking automatic automatically better could get give good got gpt hello help helping helps hi idea kindly
llm llms machine make makes making ml need needed needs please possible possibly something somehow thank thanks thing
things try trying use used using want wanted wants way ways wish
"""
EMPTY = frozenset(_EMPTY.split())
# What this trade calls by several names that are spelt nothing like each other.
SYNONYMS = (
    "label labels labelling labeling labelled labeled tag tags tagging tagged classify classifying classification "
    "categorise categorize categorising categorizing",
    "replay replays recording recordings",
    "answer answers reply replies response responses",
    "docs doc documentation",
    "chatbot chatbots bot bots",
    "similar alike duplicate duplicates duplicated",
    "group groups grouping cluster clusters clustering",
)
_ONE_OF = {word: group.split()[0] for group in SYNONYMS for word in group.split()}
_WORD = re.compile(r"[^\W_]{2,}")


def alike(text: str, others: Sequence[str], *, cutoff: float = CUTOFF) -> list[tuple[int, float]]:
    """The places of those of `others` that say the same, each with how much so (at most 1), the nearest first.

    Nothing is like a text of empty words. It takes about 4 µs for each of `others`.
    """
    return Shelf(others).alike(text, cutoff=cutoff) if words(text) else []


class Shelf:
    """Many texts, sorted once by their words, for several others to be held against them."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._words = [words(text) for text in texts]
        self._places: dict[str, list[int]] = defaultdict(list)
        for place, found in enumerate(self._words):
            for word in found:
                self._places[word].append(place)
        self._rarity = _Rarity(self._places, len(texts))

    def alike(self, text: str, *, cutoff: float = CUTOFF) -> list[tuple[int, float]]:
        """The places of those texts that say the same as this one, as `alike` gives them."""
        wanted = words(text)[:MOST_WORDS]
        if not wanted:
            return []
        shared: dict[int, float] = defaultdict(float)
        for word in wanted:
            for place, (weight, near) in _nearest_words(word, self._places).items():
                shared[place] += weight * self._rarity[word] * self._rarity[near]
        length = self._rarity.length(wanted)
        scored = [(place, min(1.0, sum_ / (length * self._length(place)))) for place, sum_ in shared.items()]
        return sorted([each for each in scored if each[1] >= cutoff], key=lambda each: (-each[1], each[0]))

    def _length(self, place: int) -> float:
        return self._rarity.length(self._words[place])


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text that tell something, each once, in their order; one of several names for the same."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return tuple(dict.fromkeys(_ONE_OF.get(word, word) for word in found if word not in EMPTY))


def _nearest_words(word: str, places: Mapping[str, Sequence[int]]) -> dict[int, tuple[float, str]]:
    """For each place, its word that is spelt most like this one, and how much so."""
    # Not at the top: who looks for no match starts faster without it, and smaller.
    from rapidfuzz import process
    from rapidfuzz.distance import JaroWinkler

    found: dict[int, tuple[float, str]] = {}
    spelt = process.extract(
        word, list(places), scorer=JaroWinkler.normalized_similarity, score_cutoff=SPELT_ALIKE, limit=None
    )
    for near, weight, _ in spelt:  # the nearest first
        for place in places[near]:
            found.setdefault(place, (weight, near))
    return found


class _Rarity:
    """How much a word tells: the fewer texts it stands in, the more."""

    def __init__(self, places: Mapping[str, Sequence[int]], count: int) -> None:
        self._places, self._count = places, count

    def __getitem__(self, word: str) -> float:
        return math.log(1 + (self._count + FEW) / (len(self._places.get(word, ())) + 1))

    def length(self, found: Sequence[str]) -> float:
        """How much these words tell together."""
        return math.hypot(*(self[word] for word in found))
