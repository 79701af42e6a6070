"""How the lists in a form were read, and what a person has to see before it is stored."""

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy.orm import Session

from bot.domain.planning import partners
from bot.domain.planning.wrapping_up import TypedItem
from bot.domain.text import pasted
from bot.domain.text.structure import Kind
from bot.platform.errors import Refusal


@dataclass(frozen=True)
class Lists:
    """The items typed into each field of a form, and how many rows of each kind were left out."""

    items: Mapping[str, Sequence[TypedItem]]
    left_out: Mapping[Kind, int]

    @property
    def sign(self) -> str:
        """A short hash of what the person has to see, so that it is shown only once. Empty if there is nothing to see."""
        listed = [item for items in self.items.values() for item in items]
        headings = sorted({item.heading for item in listed if item.heading})
        others = sorted({each for item in listed for each in item.others})
        if not (headings or others or self.left_out):
            return ""
        seen = json.dumps([headings, others, sorted(self.left_out.items())])
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


LeftOut = Mapping[str, Mapping[Kind, int]]
"""How many tables, images and the like were left out of each field of a form."""


def left_out(texts: Mapping[str, str]) -> LeftOut:
    """What is left out of the text of each field."""
    return {
        name: Counter(row.kind for row in pasted.reading(text).left_out if row.begins) for name, text in texts.items()
    }


def of(session: Session, items: Mapping[str, Sequence[TypedItem]], left_out: LeftOut, team_id: int, by: str) -> Lists:
    """The lists, with the teammates that each title names. The team is only read if a title may name somebody.

    Raises Refusal, under its field, if something was typed and none of it is an item.
    """
    without = sum(map(Counter, left_out.values()), Counter[Kind]())
    if without and not any(items.values()):
        field = next(name for name, kinds in left_out.items() if kinds)
        raise Refusal(
            "There is no item in this. Write one item a line. Headings, tables and images are not items.", field=field
        )
    if not any(partners.may_name(item) for listed in items.values() for item in listed):
        return Lists(items, without)
    team = partners.of_team(session, team_id)
    return Lists({name: [partners.read(item, team, by) for item in listed] for name, listed in items.items()}, without)
