"""Notes as people type and paste them: one a line, with what is indented below it, and lines that propose an action."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.domain.text import pasted
from models.retros import NOTE_LENGTH

ARROW = "→ "
# A bullet may stand before the arrow. Without one, the arrow itself would be read as a bullet, and be gone.
_ARROW = re.compile(r"^(?P<indent>\s*)(?:[-*+•]\s+)?(?:→|➔|➜|⇒|-{1,2}>|=>)\s*(?=\S)")
_SENTENCE = re.compile(r"[.!?…]\s")


@dataclass(frozen=True)
class Read:
    """The notes of a text; the lines that made none; and how many notes were too long and became several."""

    notes: tuple[str, ...] = ()
    left_out: tuple[str, ...] = ()
    torn: int = 0


def read(text: str) -> Read:
    """The notes of a text: the first line of each is what it says, and the others are what was indented below it.

    Headings, tables and the like make none, unless there is nothing else: then they are what was meant.
    """
    reading = pasted.reading("\n".join(map(_arrowed, text.splitlines())))
    headings = dict.fromkeys(line.group for line in reading.lines if line.group)
    left_out = (*headings, *(row.words for row in reading.left_out))
    whole = ["\n".join([line.words, *line.points]) for line in reading.lines]
    if not whole:
        whole, left_out = pasted.flat("\n".join(row for row in left_out if not row.startswith("<"))), ()
    notes = [pieces(clean(each)) for each in whole]
    return Read(
        notes=tuple(piece for each in notes for piece in each),
        left_out=left_out,
        torn=sum(len(each) > 1 for each in notes),
    )


def _arrowed(row: str) -> str:
    return _ARROW.sub(rf"\g<indent>- {ARROW}", row)


def clean(text: str) -> str:
    """One note's lines, without the white space around them; an arrow at a line's start is the one that we show."""
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    return "\n".join(_ARROW.sub(ARROW, line) for line in lines)


def pieces(text: str) -> list[str]:
    """A note in as many as it takes, each as long as a note may be: torn between lines, sentences or words, in this order."""
    found = []
    while len(text) > NOTE_LENGTH:
        end = next(_ends(text))
        found.append(text[:end].strip())
        text = text[end:].strip()
    return [*found, text]


def _ends(text: str) -> Iterator[int]:
    """Where a text that is too long may end, best first. A good end early on would leave a crumb, so it is none."""
    start = text[: NOTE_LENGTH + 1]
    crumb = NOTE_LENGTH // 4
    line = start.rfind("\n")
    sentence = max((found.start() + 1 for found in _SENTENCE.finditer(start)), default=0)
    yield from (end for end in (line, sentence, start.rfind(" ")) if end > crumb)
    yield NOTE_LENGTH


def headline(text: str) -> str:
    """The first line of a note, without the lines below it."""
    return text.partition("\n")[0]


def below(text: str) -> list[str]:
    """The lines below what a note says."""
    return text.split("\n")[1:]


def in_one_line(text: str) -> str:
    """A note as the words of an action or an agreement."""
    return " ".join(line.removeprefix(ARROW) for line in text.split("\n"))


def as_action(text: str) -> str:
    """What a note proposes to do; of one that proposes nothing, all of it in one line."""
    return next(iter(proposals(text)), "") or in_one_line(text)


def proposals(text: str) -> list[str]:
    """The actions that a note proposes: its lines with an arrow."""
    return [line.removeprefix(ARROW) for line in text.split("\n") if line.startswith(ARROW)]
