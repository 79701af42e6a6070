"""Which of many short texts say the same as another: local, without a service or a model.

The measure is soft TF-IDF (Cohen, Ravikumar and Fienberg, 2003): the cosine of two texts' rare words, where a word also
counts for one that is spelt much like it. So `summaries` finds `summarise`, a slip of the finger does no harm, and what
stands in every second text tells nothing. It was chosen over the library's own token ratios, with and without a stemmer:
they do as well among few texts and worse among many (tests/domain/test_likeness.py measures it).
"""

import math
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, TypeVar

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
    return Shelf(enumerate(others)).alike(text, cutoff=cutoff) if words(text) else []


@lru_cache(maxsize=20_000)
def words(text: str) -> tuple[str, ...]:
    """The words of a text that tell something, each once, in their order; one of several names for the same."""
    found = _WORD.findall(unicodedata.normalize("NFKC", text).casefold())
    return tuple(dict.fromkeys(_ONE_OF.get(word, word) for word in found if word not in EMPTY))


Key = TypeVar("Key", bound=int | tuple[int, int])


@dataclass(eq=False, slots=True)
class _Title(Generic[Key]):
    """The texts of the same words, by key. `length` is how much the words tell together."""

    words: tuple[str, ...]
    keys: set[Key] = field(default_factory=set)
    length: float = 0.0


@dataclass(frozen=True)
class _Part(Generic[Key]):
    """The titles that have these of the wanted words and no others, and how alike they can be at most."""

    wanted: tuple[str, ...]
    titles: Set[_Title[Key]]
    most: float


class Shelf(Generic[Key]):
    """Many texts, each under a key and sorted by its words, for others to be held against them. Of equals, the least key.

    They come and go one at a time. How rare words are is worked out anew whenever a hundredth of the texts has changed.
    """

    def __init__(self, texts: Iterable[tuple[Key, str]] = ()) -> None:
        self._titles: dict[tuple[str, ...], _Title[Key]] = {}
        self._of: dict[Key, _Title[Key]] = {}
        # By word, and by length in whole numbers. A number is spelt like no word of letters, and most rare words are numbers.
        self._numbers: dict[str, dict[int, set[_Title[Key]]]] = {}
        self._words: dict[str, dict[int, set[_Title[Key]]]] = {}
        self._count: Counter[str] = Counter()
        self._rarities: dict[str, float] = {}
        self._changes = 0
        for key, text in texts:
            self.put(key, text)

    def __len__(self) -> int:
        return len(self._of)

    def put(self, key: Key, text: str) -> bool:
        """Add a text, in place of the one that has its key. Whether that changes anything."""
        found = words(text)
        if key in self._of and self._of[key].words == found:
            return False
        self.drop(key)
        self._changes += 1
        self._count.update(found)
        title = self._titles.get(found)
        if title is None:
            title = self._titles[found] = _Title(found)
            if not self._is_due():
                self._sort_in(title)
        title.keys.add(key)
        self._of[key] = title
        return True

    def drop(self, key: Key) -> bool:
        """Forget a text. False for one that is not there, which is no trouble."""
        title = self._of.pop(key, None)
        if title is None:
            return False
        title.keys.remove(key)
        self._changes += 1
        self._count.subtract(title.words)
        if title.keys:
            return True
        del self._titles[title.words]
        if not self._is_due():
            for word in title.words:
                self._shelved(word)[word][int(title.length)].remove(title)
        return True

    def _is_due(self) -> bool:
        return self._changes * 100 >= len(self._of)

    def _sort(self) -> None:
        """Work out anew how rare each word is, and how much each title tells."""
        self._changes = 0
        for kept in (self._numbers, self._words, self._rarities):
            kept.clear()
        self._count = +self._count
        for title in self._titles.values():
            self._sort_in(title)

    def _sort_in(self, title: _Title[Key]) -> None:
        title.length = self._length(title.words)
        for word in title.words:
            self._shelved(word).setdefault(word, {}).setdefault(int(title.length), set()).add(title)

    def alike(self, text: str, *, cutoff: float = CUTOFF, most: int | None = None) -> list[tuple[Key, float]]:
        """The keys of those texts that say the same as this one, each with how much so, the nearest first; at `most` so many."""
        if self._is_due():
            self._sort()
        wanted = words(text)[:MOST_WORDS]
        near = {word: self._nearest_words(word) for word in wanted}
        length = self._length(wanted)
        found: list[tuple[float, Key]] = []
        for part in self._parts(near, length, cutoff):
            # Those of the parts after it have fewer of the words: they can't be nearer than that.
            if part.most < cutoff or (most is not None and sum(-score > part.most for score, _ in found) >= most):
                break
            for title in part.titles:
                score = min(1.0, self._shared(title, part.wanted, near) / (length * title.length))
                if score >= cutoff:
                    found += [(-round(score, 9), key) for key in title.keys]
        return [(key, -score) for score, key in sorted(found)[:most]]

    def _parts(self, near: Mapping[str, Mapping[str, float]], length: float, cutoff: float) -> list[_Part[Key]]:
        """The titles that have any of the wanted words, those that have the most telling ones first."""
        # Two of the wanted words may be spelt like the same one of a title, which then counts twice.
        twice = math.sqrt(max(Counter(each for spelt in near.values() for each in spelt).values(), default=1))
        longest = twice * length / cutoff  # a longer one says too much else
        parts: dict[tuple[str, ...], Set[_Title[Key]]] = {}
        seen: set[_Title[Key]] = set()
        for word, spelt in near.items():
            having = self._having(spelt, longest)
            split = {(*has, word): titles & having for has, titles in parts.items()}
            parts = {has: titles - having for has, titles in parts.items()}
            parts = {has: titles for has, titles in {**parts, **split, (word,): having - seen}.items() if titles}
            seen |= having
        whole = [_Part(has, titles, twice * self._length(has) / length) for has, titles in parts.items()]
        return sorted(whole, key=lambda part: -part.most)

    def _having(self, any_of: Iterable[str], longest: float) -> set[_Title[Key]]:
        by_length = [self._shelved(word)[word] for word in any_of]
        return set().union(*(titles for each in by_length for size, titles in each.items() if size <= longest))

    def _shared(self, title: _Title[Key], wanted: Iterable[str], near: Mapping[str, Mapping[str, float]]) -> float:
        """How much a title and the wanted words that it has tell together."""
        shared = 0.0
        for word in wanted:
            weight, has = next((weight, each) for each, weight in near[word].items() if each in title.words)
            shared += weight * self._rarity(word) * self._rarity(has)
        return shared

    def _nearest_words(self, word: str) -> dict[str, float]:
        """The words on the shelf that are spelt much like this one, each with how much so, the nearest first."""
        # Not at the top: who looks for no match starts faster without it, and smaller.
        from rapidfuzz import process
        from rapidfuzz.distance import JaroWinkler

        any_digit = any(letter.isdecimal() for letter in word)
        spelt = process.extract(
            word,
            [*self._words, *self._numbers] if any_digit else list(self._words),
            scorer=JaroWinkler.normalized_similarity,
            score_cutoff=SPELT_ALIKE,
            limit=None,
        )
        return {near: weight for near, weight, _ in sorted(spelt, key=lambda each: (-each[1], each[0]))}

    def _shelved(self, word: str) -> dict[str, dict[int, set[_Title[Key]]]]:
        return self._numbers if word.isdecimal() else self._words

    def _rarity(self, word: str) -> float:
        """How much a word tells: the fewer texts it stands in, the more."""
        found = self._rarities.get(word)
        if found is None:
            found = math.log(1 + (len(self._of) + FEW) / (self._count[word] + 1))
            self._rarities[word] = found
        return found

    def _length(self, found: Iterable[str]) -> float:
        """How much these words tell together."""
        return math.hypot(*map(self._rarity, found))
