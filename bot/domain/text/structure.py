"""What stands around the lines of a pasted list: headings, and what is no line of a list, such as tables and images."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum

from models.sprints import HEADING_LENGTH


class Kind(StrEnum):
    """What a row of a text is. What is neither a line nor a heading is left out of a list."""

    LINE = "line"
    HEADING = "heading"
    RULE = "rule"
    TABLE = "table"
    IMAGE = "image"
    FOLDED = "folded"
    COMMENT = "comment"
    CODE = "code"
    WHY = "why"


@dataclass(frozen=True)
class Row:
    """A row of a text, without the white space around it; `indent` is in columns. A heading's words are without its signs."""

    indent: int
    words: str
    kind: Kind = Kind.LINE
    begins: bool = True  # whether it is the first row of what it is: a table of five rows is one table


_HASHES = re.compile(r"#{1,6}(?:\s+(?P<words>.*?))?(?:\s+#+)?")
_BOLD = re.compile(r"(?P<sign>\*\*|__|\*)(?P<words>[^*_].*?)(?P=sign)(?P<colon>:?)")
_RULE = re.compile(r"(?:[-*_=]\s*){3,}")
_IMAGE = re.compile(r"!\[[^\]]*\]\([^)]*\)|<img\b[^>]*>", re.IGNORECASE)
_TABLE_ROW = re.compile(r"\|.*\|")
_TABLE_LINE = re.compile(r"\|?\s*:?-{2,}:?\s*(?:\|\s*:?-{2,}:?\s*)+\|?|\|\s*:?-+:?\s*\|")
_WHY = re.compile(r"[*_]{0,2}why\s*(?:[?:]|[*_]{1,2}[?:])", re.IGNORECASE)
_FENCE = re.compile(r"(?:```|~~~).*")
_BULLETED = re.compile(r"(?:[-*+•‣⁃◦○●▪▫■]|\(?\d{1,2}[.)])\s+\S")


def sort(rows: Sequence[tuple[int, str]]) -> Iterator[Row]:
    """Say of each row, an indent and words, what it is. A row with a bullet is always a line."""
    inside: Kind | None = None
    for number, (indent, words) in enumerate(rows):
        following = rows[number + 1] if number + 1 < len(rows) else None
        was, (kind, inside) = inside, _within(inside, words, following)
        if kind is None:
            yield _alone(indent, words, following)
        else:
            yield Row(indent, words, kind, begins=was is not kind)


def is_image(words: str) -> bool:
    """Whether a row is an image and nothing else."""
    return _IMAGE.fullmatch(words) is not None


def is_line(words: str) -> bool:
    """Whether a row is a line, no matter which row follows."""
    (row,) = sort([(0, words)])
    return row.kind is Kind.LINE and "|" not in words and not words.endswith(":") and not _BOLD.fullmatch(words)


def _within(inside: Kind | None, words: str, following: tuple[int, str] | None) -> tuple[Kind | None, Kind | None]:
    """For parts of several rows: the part this row belongs to, and the part that continues after it."""
    low = words.lower()
    if inside is Kind.CODE:
        return Kind.CODE, None if _FENCE.fullmatch(words) else Kind.CODE
    if inside is Kind.COMMENT:
        return Kind.COMMENT, None if "-->" in words else Kind.COMMENT
    if inside is Kind.FOLDED:
        return Kind.FOLDED, None if "</details>" in low else Kind.FOLDED
    if inside is Kind.TABLE and "|" in words and not _BULLETED.match(words):
        return Kind.TABLE, Kind.TABLE
    if _FENCE.fullmatch(words):
        return Kind.CODE, Kind.CODE
    if low.startswith("<!--"):
        return Kind.COMMENT, None if "-->" in words else Kind.COMMENT
    if low.startswith("<details"):
        return Kind.FOLDED, None if "</details>" in low else Kind.FOLDED
    if low.startswith(("</details", "<summary")):
        return Kind.FOLDED, None
    begins = "|" in words and following is not None and _TABLE_LINE.fullmatch(following[1])
    if _TABLE_ROW.fullmatch(words) or _TABLE_LINE.fullmatch(words) or begins:
        return Kind.TABLE, Kind.TABLE
    return None, None


def _alone(indent: int, words: str, following: tuple[int, str] | None) -> Row:
    if hashes := _HASHES.fullmatch(words):
        heading = _bare(hashes["words"] or "")
        # What is longer was meant as a sentence.
        return Row(indent, heading, Kind.HEADING) if len(heading) <= HEADING_LENGTH else Row(indent, words)
    if _RULE.fullmatch(words):
        return Row(indent, words, Kind.RULE)
    if _IMAGE.fullmatch(words):
        return Row(indent, words, Kind.IMAGE)
    if _WHY.match(words):
        return Row(indent, words, Kind.WHY)
    if _heads(indent, words, following):
        return Row(indent, _bare(words), Kind.HEADING)
    return Row(indent, words)


def _heads(indent: int, words: str, following: tuple[int, str] | None) -> bool:
    """Whether a row without a sign of its own is a heading: in bold or with a colon, and a list begins right below it."""
    if following is None or following[0] != indent or not _BULLETED.match(following[1]) or _BULLETED.match(words):
        return False
    return len(words) <= HEADING_LENGTH and (words.endswith(":") or _BOLD.fullmatch(words) is not None)


def _bare(words: str) -> str:
    bold = _BOLD.fullmatch(words)
    return (bold["words"] if bold else words).removesuffix(":").strip()
