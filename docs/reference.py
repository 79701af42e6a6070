"""The reference, from the code: `python -m docs.reference` prints docs/reference.md.

Names, defaults and times are what the code says. So are most sentences: a setting's description, a job's `does`, a command's
`verbs`, and the first sentence of a table's class or of a terminal command. Only a card's words stand beside, in docs/cards.py.
"""

import re
import sys
from collections.abc import Iterator, Sequence

import typer.main
from pydantic_core import PydanticUndefined
from typer.core import TyperGroup, TyperOption

from bot import __main__
from bot.platform.settings import Settings
from bot.serving.manifest import SCOPES
from docs.cards import CARDS
from handlers import FEATURES
from handlers.commands import COMMANDS
from jobs import JOBS
from jobs.outbox import cards
from models.base import Base

HEAD = """\
# Reference

<!-- Written by `make reference` from the code. Change the code, not this page. -->

Every command, setting, job, card, table and scope of this version.
"""
UNITS = (("hour", 60 * 60), ("minute", 60), ("second", 1))


def page() -> str:
    """The whole page."""
    return "\n".join(
        [HEAD, *_in_slack(), *_in_the_terminal(), *_settings(), *_jobs(), *_cards(), *_tables(), *_scopes()]
    )


def _in_slack() -> Iterator[str]:
    yield "## What to type in Slack\n"
    yield "Every verb is also a button somewhere. Names of teams may be shortened, as long as they are clear."
    yield "You may leave out what is in brackets. Every command also knows `help`.\n"
    rows = [(f"`{f'{each.name} {verb}'.strip()}`", says) for each in COMMANDS for verb, says in each.verbs.items()]
    yield from _table(("In Slack", "What it does"), rows)
    yield "## What else Slack's menus offer\n"
    yield "A message's menu is behind its three dots; the ⚡ menu is beside the field that you type in.\n"
    where = {"message": "a message's menu", "global": "the ⚡ menu"}
    shortcuts = [each for feature in FEATURES for each in feature.shortcuts]
    yield from _table(
        ("Shortcut", "Where", "What it does"), [(each.name, where[each.kind], each.description) for each in shortcuts]
    )


def _in_the_terminal() -> Iterator[str]:
    yield "## What to type in a terminal\n"
    yield "`prickle COMMAND --help` says more about each.\n"
    yield from _table(("In a terminal", "What it does", "Options"), list(_terminal(typer.main.get_group(__main__.app))))


def _terminal(group: TyperGroup, before: str = "prickle") -> Iterator[tuple[str, str, str]]:
    for name, command in group.commands.items():
        line = f"{before} {name}"
        if isinstance(command, TyperGroup):
            yield from _terminal(command, line)
        else:
            options = [each for each in command.params if isinstance(each, TyperOption)]
            says = "; ".join(f"`{each.opts[0]}`: {_first(each.help or '')}" for each in options)
            yield f"`{line}`", _first(command.help or ""), says


def _settings() -> Iterator[str]:
    yield "## Settings\n"
    yield "Prickle reads them from the environment, which comes first, or from a file `.env`. `.env.example` lists them, too.\n"
    rows = []
    for name, field in Settings.model_fields.items():
        default = "" if field.default in (None, PydanticUndefined) else f"`{field.default}`"
        rows.append((f"`{name.upper()}`", "needed" if field.is_required() else default, str(field.description)))
    yield from _table(("Setting", "Default", "Meaning"), rows)


def _jobs() -> Iterator[str]:
    yield "## Jobs\n"
    yield "What the clock does. Every replica runs all of them; the database makes sure that each thing is done once.\n"
    yield from _table(
        ("Job", "Every", "What it does"), [(f"`{job.name}`", _every(job.seconds), job.does) for job in JOBS]
    )


def _every(seconds: int) -> str:
    unit, length = next(each for each in UNITS if seconds % each[1] == 0)
    number = seconds // length
    return unit if number == 1 else f"{number} {unit}s"


def _cards() -> Iterator[str]:
    yield "## Cards\n"
    yield "A card is a message that Prickle draws anew from the database whenever it changes, and edits in place.\n"
    yield from _table(("Card", "Where", "What it shows"), [(f"`{name!s}`", *CARDS[str(name)]) for name in cards.CARDS])


def _tables() -> Iterator[str]:
    yield "## Tables\n"
    classes = sorted((each.class_ for each in Base.registry.mappers), key=lambda each: str(each.__tablename__))
    yield from _table(
        ("Table", "One row is"), [(f"`{each.__tablename__}`", _first(each.__doc__ or "")) for each in classes]
    )


def _scopes() -> Iterator[str]:
    yield "## Scopes\n"
    yield "What the Slack app may do, and what for. `prickle doctor` says when one is missing.\n"
    yield from _table(("Scope", "Why the bot has it"), [(f"`{scope}`", why) for scope, why in SCOPES.items()])


def _first(text: str) -> str:
    """The first sentence, on one line, without its full stop."""
    return re.split(r"\.(?:\s|$)", " ".join(text.split()))[0]


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> Iterator[str]:
    yield _row(head)
    yield _row(["---"] * len(head))
    yield from (_row(row) for row in rows)
    yield ""


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


if __name__ == "__main__":
    sys.stdout.write(page())
