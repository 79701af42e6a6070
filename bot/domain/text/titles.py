"""The first words of a text that say something: its title."""

import re
import unicodedata
from collections.abc import Iterator

from bot.domain.text import courtesies
from bot.domain.text.courtesies import Courtesy, Part

CLIP = "📎"  # how a file is named in a text: that says what it is about
LONG, BEGINNING = 4_000, 200  # characters of a text, and of a line, among which a title is looked for
_FENCE = re.compile(r"\s*```\s*\w*\s*")
_QUOTE = re.compile(r"^\s*(?:>|&gt;)+\s?")
_BULLET = re.compile(r"^\s*(?:#{1,6}|[*•◦▪‣–-]|\d{1,2}[.)]|\[[ x]?\])\s+")
_EMOJI = re.compile(r":[a-z0-9_+'-]+:(?::skin-tone-\d:)?", re.IGNORECASE)
_ENDS = re.compile(r"\s*(?:[^\w\s@<`(\[{\"'“„«]|$)")  # a courtesy ends before it, and something else begins
_NAMES = re.compile(r"(?:\s*(?:@[\w.-]+|<@[^>]*>))+(?:\s+(?:team|folks|and all))?[\s,!.…–—-]*", re.IGNORECASE)
_MARKS = re.compile(r"(?:[,;!?…–—~]|\.{2,})+(?=\w)|[,;:!?.…–—~\s-]+(?=[^\w\s]|\s|$)")
# Headings that stand above what is wanted, and say nothing of it.
_HEADINGS = frozenset(
    courtesies.fold(heading)
    for heading in """problem; the problem; problem statement; context; background; description; summary; question; issue; request;
    idea; goal; goals; why; what; our problem; overview; intro; introduction; tldr; tl;dr; details; use case; the ask; ask;
    kontext; hintergrund; beschreibung; frage; ziel; idee; anliegen; ausgangslage; contexte; probleme; le probleme; objectif;
    contexto; problema; el problema; objetivo; descripcion; o problema; descricao; contesto; il problema; obiettivo;
    descrizione; probleem; het probleem; achtergrond; doel; 背景; 問題; 课题; 課題; 概要; 目的; 问题""".replace(
        "\n", " "
    ).split("; ")
    for heading in [heading.strip()]
)
_HEADING = re.compile(r"\s*[*_#\s]*([^:：*_]{2,30}?)\s*[*_]*\s*(?:[:：]\s*[*_]*|[*_]+|$)")
# What somebody goes on with after a greeting, with no comma between the two.
_GOES_ON = courtesies.folded("""
we i i'm i'd we're we'd is are can could would how what which why does do did has have my our it there who where when
ich wir ist sind kann konnen konnte wie was welche gibt hat mein unser
je j'ai on nous est-ce comment quel notre mon il
tenemos queremos podemos puede como que yo nosotros hay
eu nos podemos como queria
vorrei vorremmo possiamo come abbiamo ho
ik we wij kunnen kan hoe
""")


def title(text: str, most: int) -> str:
    """The first words of a text that say something, as a title of at most so many letters."""
    return shortened(first_words(text), most)


def shortened(line: str, most: int) -> str:
    """A line, cut with an ellipsis where it is longer."""
    return line if len(line) <= most else f"{line[: most - 1].rstrip()}…"


def first_words(text: str) -> str:
    """The first line that says something, without what is said to be polite, headings, quotes and marks before it.

    "" for a text without a line; where nothing says something, the first line as it is.
    """
    beginning = text[:LONG]
    lines = [" ".join(line.split()) for line in beginning.splitlines() if line.strip()]
    for line in [*_own(beginning), *_cited(beginning)]:
        if said := _trimmed(line):
            return said
    return next((line for line in lines if not _FENCE.fullmatch(line)), lines[0] if lines else "")


def _own(text: str) -> Iterator[str]:
    """The lines that are neither code nor quoted."""
    is_code = False
    for line in text.splitlines():
        if line.count("```") % 2:
            is_code = not is_code
        elif not is_code and not _QUOTE.match(line):
            yield line


def _cited(text: str) -> Iterator[str]:
    """All lines, without the marks of code and quotes."""
    for line in text.splitlines():
        yield _QUOTE.sub("", line.replace("```", " ") if not _FENCE.fullmatch(line) else "", count=1)


def _trimmed(line: str) -> str:
    """What a line says, from its first word that says something on; "" when there is none."""
    rest = " ".join(line.split())
    while rest:
        before = rest
        rest = _without_marks(rest)
        rest = _without_heading(rest)
        rest = _without_courtesy(rest)
        if rest == before:
            break
    said = " ".join(rest.split())
    return said if any(letter.isalnum() for letter in said) else ""


def _without_marks(line: str) -> str:
    line = _BULLET.sub("", line.lstrip(), count=1)
    while line:
        if found := _EMOJI.match(line):
            line = line[found.end() :].lstrip()
        elif line[0] != CLIP and unicodedata.category(line[0]) in ("So", "Sk", "Mn", "Cf", "Zs"):
            line = line[1:].lstrip()
        elif found := _MARKS.match(line):
            line = line[found.end() :].lstrip()
        else:
            return line
    return line


def _without_heading(line: str) -> str:
    found = _HEADING.match(line)
    return line[found.end() :] if found and courtesies.fold(found[1].strip()) in _HEADINGS else line


def _without_courtesy(line: str) -> str:
    """Without the greetings at its beginning, as far as they are clearly set apart from what follows."""
    found = courtesies.parts(line[:BEGINNING])
    if not found or line[: found[0].start].strip():
        return line
    run = 0
    while run < len(found) and found[run].courtesy is not None and _is_near(line, found, run):
        run += 1
    for length in range(run, 0, -1):
        if (rest := _after(line, found, length)) is not None:
            return rest
    return line


def _is_near(line: str, found: list[Part], place: int) -> bool:
    """Whether only a comma or a space stands between a phrase and the one before it."""
    if place == 0:
        return True
    between = line[found[place - 1].end : found[place].start]
    return "@" not in between and len(between) <= 3


def _after(line: str, found: list[Part], length: int) -> str | None:
    """What follows the first phrases of a line; None where they may belong to it."""
    run, last = found[:length], found[length - 1]
    first = run[0].courtesy
    rest = line[last.end :]
    if first is Courtesy.PLEASE and length == 1:
        return rest.lstrip(" ,!.…")
    if first in (Courtesy.FILLER, Courtesy.HELP):
        return None
    if first is Courtesy.GREETING and (named := _NAMES.match(rest)):
        return rest[named.end() :]
    if _ENDS.match(rest):
        return rest.lstrip(" ,;!?.…–—。、，！？)")
    goes_on = length < len(found) and found[length].words[0] in _GOES_ON
    return rest.lstrip() if first is Courtesy.GREETING and goes_on else None
