"""Reads lists as people type and paste them: one item a line, what is indented below it, and the signs that stand before it.

It knows no plan and no note: those who use it give what is read their own names.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.text import structure
from bot.domain.text.structure import Kind, Row
from models.sprints import Mark

TAB = 4  # columns; how far it indents is only compared
# What other programs put before a line of a list. A number takes a dot or a bracket, and only a short one is no year.
_BULLET = re.compile(r"(?:[-*+•‣⁃◦○●▪▫■·∙–—→➤►▸✦❖]|\(?\d{1,2}[.)]|[a-z][.)]|[A-Z][)])(?:\s+|$)")
_TIGHT_BULLET = re.compile(r"^[-–•*‣◦▪](?=[^\W\d_]\w)(?!\w+[*])")  # "-better understanding", and not "-5 %" or "*bold*"
_BOX = re.compile(r"(?:\[(?P<in>[ xX✓✔]?)\]|(?P<sign>[☐☑☒✓✔🔲🔳⬜]))\s+")
_EMOJI = re.compile(r":(?P<name>[a-z0-9_+-]+):\s*")
_HIDDEN = str.maketrans({"\ufeff": None, "\u200b": None, "\u2028": "\n", "\u2029": "\n", "\r": "\n"})
_SLACK_LINK = re.compile(r"<(?P<url>https?://[^\s<>|]+)\|(?P<words>[^<>|]+)>")
_IMAGE = re.compile(r"!(?=\[[^\]]+\]\()")  # before the words of an image, whose link is kept
_BARE_LINK = re.compile(r"<(?P<url>https?://[^\s<>|]+)>")
_MARKS: Mapping[str, Mark] = {
    "🟢": Mark.FINISHED,
    "✅": Mark.FINISHED,
    "☑": Mark.FINISHED,
    "✓": Mark.FINISHED,
    "✔": Mark.FINISHED,
    "🟡": Mark.IN_PROGRESS,
    "🟠": Mark.IN_PROGRESS,
    "🚧": Mark.IN_PROGRESS,
    "⏳": Mark.IN_PROGRESS,
    "🔴": Mark.WONT_FINISH,
    "❌": Mark.WONT_FINISH,
    "☒": Mark.WONT_FINISH,
    "⚪": Mark.NOT_STARTED,
    "☐": Mark.NOT_STARTED,
    "⬜": Mark.NOT_STARTED,
    "🔲": Mark.NOT_STARTED,
    "🔳": Mark.NOT_STARTED,
}
_NAMES: Mapping[str, str] = {
    "large_green_circle": "🟢",
    "green_circle": "🟢",
    "yellow_circle": "🟡",
    "orange_circle": "🟠",
    "white_check_mark": "✅",
    "heavy_check_mark": "✔",
    "ballot_box_with_check": "☑",
    "large_yellow_circle": "🟡",
    "large_orange_circle": "🟠",
    "construction": "🚧",
    "hourglass_flowing_sand": "⏳",
    "red_circle": "🔴",
    "x": "❌",
    "white_circle": "⚪",
    "white_large_square": "⬜",
}
_VARIANT = "\ufe0f"  # follows a sign that is to be drawn as an emoji


@dataclass(frozen=True)
class Line:
    """One item: its words, the mark that was typed before it, and the words of the lines indented below it.

    `group` is the heading that it stands under, if any.
    """

    words: str
    mark: Mark | None = None
    points: tuple[str, ...] = ()
    group: str = ""


@dataclass(frozen=True)
class Reading:
    """How a text was read: its items, and the rows that are none, which no list shows."""

    lines: Sequence[Line]
    left_out: Sequence[Row] = ()

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to be shown to the person who typed it: items and points, and nothing else."""
        return not self.left_out and not any(line.group for line in self.lines)


def read(text: str) -> list[Line]:
    """The items of a text, in their order, without what is left out."""
    return list(reading(text).lines)


def reading(text: str) -> Reading:
    """The items of a text, in their order. A line that is indented more than its item's is a point of it, however far.

    Every word comes back; white space, bullets, boxes, marks and rules don't.
    """
    lines: list[Line] = []
    left_out: list[Row] = []
    base, group = 0, Row(0, "", Kind.HEADING)
    heads = True  # whether the heading has a line below it
    for row in structure.sort(list(_rows(text))):
        below = bool(lines) and heads and row.indent > base
        if row.kind is Kind.HEADING:
            left_out += [] if heads else [group]
            group, base, heads = row, row.indent, not row.words
            continue
        if row.kind is not Kind.LINE and not (row.kind is Kind.WHY and below):
            left_out += [row] if row.kind is not Kind.RULE else []
            continue
        mark, words = _signs(row.words)
        if not words:
            continue
        if below and lines[-1].group == group.words:
            lines[-1] = replace(lines[-1], points=(*lines[-1].points, _point(mark, words)))
        else:
            base, heads = row.indent, True
            lines.append(Line(words, mark, group=group.words))
    return Reading(lines, [*left_out, *([] if heads else [group])])


def flat(text: str) -> list[str]:
    """The same where a line has nothing below it: each line of the text stands for itself."""
    return [words for _, typed in _rows(text) if (words := _signs(typed)[1])]


def typed(lines: Iterable[Line]) -> str:
    """What somebody would type to get exactly these items: the other way round."""
    rows: list[str] = []
    group = ""
    for line in lines:
        if line.group != group:
            group = line.group
            rows.append(f"## {group}".strip())
        rows += [_protected(line.words), *(f"  {_protected(point)}" for point in line.points)]
    return "\n".join(rows)


def _protected(words: str) -> str:
    # What itself begins with a sign gets a bullet, which is what is taken off again, and nothing behind it.
    is_plain = _signs(words) == (None, words) and structure.is_line(words)
    return words if is_plain else f"- {words}"


def _rows(text: str) -> Iterator[tuple[int, str]]:
    for row in text.translate(_HIDDEN).split("\n"):
        spread = row.replace("\xa0", " ").expandtabs(TAB)
        words = " ".join(spread.split())
        if words:
            yield len(spread) - len(spread.lstrip()), _links(words)


def _links(words: str) -> str:
    """Links as Slack writes them become what people write: `[words](https://…)`."""
    linked = _BARE_LINK.sub(r"\g<url>", _SLACK_LINK.sub(r"[\g<words>](\g<url>)", words))
    return linked if structure.is_image(linked) else _IMAGE.sub("", linked)


def _signs(words: str) -> tuple[Mark | None, str]:
    """The mark that stands before some words, and the words without any sign: one bullet, one box, one mark."""
    bare = _BULLET.sub("", words, count=1) if _BULLET.match(words) else _TIGHT_BULLET.sub("", words, count=1)
    had_bullet = bare != words
    mark, rest = _box(bare)
    sign, rest = _mark(rest) if mark is None else (None, rest)
    if rest:
        return mark or sign, rest
    # Nothing but signs: then they are what was meant, unless it is a bullet with nothing behind it.
    return None, "" if had_bullet and not bare else bare


def _box(words: str) -> tuple[Mark | None, str]:
    found = _BOX.match(words)
    if found is None:
        return None, words
    inside = found["in"]
    mark = _MARKS[found["sign"]] if inside is None else Mark.FINISHED if inside.strip() else Mark.NOT_STARTED
    return mark, words[found.end() :].lstrip()


def _mark(words: str) -> tuple[Mark | None, str]:
    named = _EMOJI.match(words)
    sign, rest = (_NAMES.get(named["name"], ""), words[named.end() :]) if named else (words[:1], words[1:])
    if sign not in _MARKS:
        return None, words
    return _MARKS[sign], rest.removeprefix(_VARIANT).lstrip()


def _point(mark: Mark | None, words: str) -> str:
    # A point has no mark of its own: what was done stays to be seen.
    return f"✅ {words}" if mark is Mark.FINISHED else words
