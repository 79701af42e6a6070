"""What a benchmark found: a table for people, and a sentence for every goal that was missed."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Report:
    """A benchmark's tables, and what missed its goal."""

    text: str
    missed: Sequence[str] = ()


def at_most(what: str, found: float, goal: float, unit: str = "×") -> list[str]:
    """The sentence for what is more than its goal; none where it is not."""
    return [f"{what} is {found:.2f}{unit}, and the goal is at most {goal:g}{unit}."] if found > goal else []


def at_least(what: str, found: float, goal: float, unit: str = "×") -> list[str]:
    """The sentence for what is less than its goal; none where it is not."""
    return [f"{what} is {found:.2f}{unit}, and the goal is at least {goal:g}{unit}."] if found < goal else []


def table(rows: Iterable[Sequence[str]]) -> str:
    """Rows, the first of them a head, in columns."""
    cells = list(rows)
    widths = [max(len(row[place]) for row in cells) for place in range(len(cells[0]))]
    return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in cells)
