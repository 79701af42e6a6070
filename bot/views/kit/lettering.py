"""Letters in pictures: which font has which, how wide words are, and what becomes of a letter that no font has.

The fonts are files of ours in `fonts/`, with their licences beside them, so that a picture looks the same wherever the
bot runs. DejaVu Sans Condensed writes Latin, Greek, Cyrillic, Hebrew, Arabic and more; Noto Emoji draws emoji in ink;
Droid Sans Fallback writes Chinese, Japanese and Korean. A letter that none of them has is `MISSING`.
"""

import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageFont import FreeTypeFont

FOLDER = Path(__file__).parent / "fonts"
REGULAR, BOLD = "DejaVuSansCondensed.ttf", "DejaVuSansCondensed-Bold.ttf"
FALLBACKS = ("NotoEmoji.ttf", "DroidSansFallback.ttf")
MISSING = "?"
LONGEST = 120  # characters: no picture has room for more
_NO_LETTER = "\U0010fffe"  # what every font draws as its box for a letter that it doesn't have
_SHOWS_NOTHING = {"Cc", "Cf", "Cs", "Me"}  # controls, joiners, halves of a pair, keycaps
_VARIANTS = {*map(chr, range(0xFE00, 0xFE10)), *map(chr, range(0x1F3FB, 0x1F400))}  # of an emoji: its style, its skin


@dataclass(frozen=True)
class Run:
    """Letters in a row that one font has."""

    font: "FreeTypeFont"
    words: str

    @property
    def width(self) -> float:
        return float(self.font.getlength(self.words))


def runs(words: str, size: int, *, bold: bool = False) -> list[Run]:
    """`words` by the font that has them, from left to right."""
    return _runs(drawable(words), size, BOLD if bold else REGULAR)


def width(words: str, size: int, *, bold: bool = False) -> float:
    """How wide `words` are, in pixels."""
    return _width(drawable(words), size, BOLD if bold else REGULAR)


def fitted(words: str, size: int, room: float, *, bold: bool = False) -> str:
    """As much of `words` as there is room for, with an ellipsis where something is left out."""
    words, base = drawable(words), BOLD if bold else REGULAR
    if _width(words, size, base) <= room:
        return words
    ends = range(len(words))
    end = bisect_right(ends, room, key=lambda end: _width(f"{words[:end]}…", size, base)) - 1
    return f"{words[: max(end, 0)].rstrip()}…"


def _runs(words: str, size: int, base: str) -> list[Run]:
    turned = any(map(_from_right, words))
    by_font = groupby(words, key=lambda letter: _file(letter, base))
    return [Run(_font(file or base, size, turned), "".join(letters)) for file, letters in by_font]


def _width(words: str, size: int, base: str) -> float:
    return sum(run.width for run in _runs(words, size, base))


def drawable(words: str) -> str:
    """What a picture shows of `words`: in one line, without what shows nothing, and `MISSING` where no font has a letter."""
    return "".join(_drawable(unicodedata.normalize("NFC", " ".join(words[: LONGEST * 2].split()))))[:LONGEST]


def is_whole(words: str) -> bool:
    """Whether a font has every letter of it."""
    return drawable(words).count(MISSING) == words[:LONGEST].count(MISSING)


def _drawable(words: str) -> Iterator[str]:
    letters = [each for each in words if unicodedata.category(each) not in _SHOWS_NOTHING and each not in _VARIANTS]
    for has, group in groupby(letters, key=lambda letter: _file(letter, REGULAR) is not None):
        yield "".join(group) if has else MISSING


@lru_cache(maxsize=4096)
def _file(letter: str, base: str) -> str | None:
    """The first font that has this letter."""
    if letter.isspace():
        return base
    if _from_right(letter) and not _can_turn():
        return None
    return next((file for file in (base, *FALLBACKS) if _look(letter, file) != _look(_NO_LETTER, file)), None)


def _look(letter: str, file: str) -> tuple[tuple[int, int], bytes]:
    mask = _font(file, 16, False).getmask(letter)
    return mask.size, bytes(mask)


def _from_right(letter: str) -> bool:
    return unicodedata.bidirectional(letter) in ("R", "AL")


def _can_turn() -> bool:
    """Hebrew and Arabic are written from the right; Pillow can do that where the system has the FriBiDi library."""
    from PIL import features

    return bool(features.check("raqm"))


@lru_cache(maxsize=64)
def _font(file: str, size: int, turned: bool) -> "FreeTypeFont":
    from PIL import ImageFont

    layout = ImageFont.Layout.RAQM if turned and _can_turn() else ImageFont.Layout.BASIC
    return ImageFont.truetype(FOLDER / file, size, layout_engine=layout)
