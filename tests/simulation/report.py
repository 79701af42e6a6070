"""What was exercised, as a table, and what never was."""

from collections import Counter
from collections.abc import Iterator

from handlers import FEATURES
from handlers.commands import COMMANDS
from tests.simulation.people import ACTIONS

# What no screen of this version shows: buttons of older versions, which still answer.
OLD: frozenset[str] = frozenset()


def verbs() -> set[str]:
    """Everything that somebody can press or type."""
    typed = {
        f"type {command.name} {verb}".strip()
        for command in COMMANDS
        for each in FEATURES
        for verb in each.verbs.get(command.name, ())
    }
    return {f"press {action}" for action in ACTIONS} | typed


def never(met: Counter[str]) -> list[str]:
    """The verbs that nobody pressed or typed."""
    return sorted(verbs() - met.keys() - OLD)


def table(met: Counter[str]) -> Iterator[str]:
    """The counts, by what kind of thing was met."""
    kinds = ("press ", "type ", "form ")
    for kind in kinds:
        found = {name: count for name, count in met.items() if name.startswith(kind)}
        yield f"{kind.strip():<8} {len(found)} different, {sum(found.values())} times"
    for name, count in sorted(met.items()):
        if not name.startswith(kinds):
            yield f"{name:<40} {count:>7}"
