"""How the lists in a form were read: what has to be seen before it is stored."""

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
    """What was typed into the fields of a form, by the names of the fields: the items, and how many of what was left out."""

    items: Mapping[str, Sequence[TypedItem]]
    left_out: Mapping[Kind, int]

    @property
    def sign(self) -> str:
        """What has to be seen, in short: what was seen need not be shown again. Empty when there is nothing to see."""
        listed = [item for items in self.items.values() for item in items]
        headings = sorted({item.heading for item in listed if item.heading})
        others = sorted({each for item in listed for each in item.others})
        if not (headings or others or self.left_out):
            return ""
        seen = json.dumps([headings, others, sorted(self.left_out.items())])
        return hashlib.sha256(seen.encode()).hexdigest()[:16]


def left_out(texts: Sequence[str]) -> dict[Kind, int]:
    """How many of each kind a list leaves out of some texts."""
    return dict(Counter(row.kind for text in texts for row in pasted.reading(text).left_out if row.begins))


def of(
    session: Session, items: Mapping[str, Sequence[TypedItem]], left_out: Mapping[Kind, int], team_id: int, by: str
) -> Lists:
    """The lists with who does each item with whoever typed it. The team is only read where a title may name somebody.

    Raises Refusal, under the first field, where something was typed and nothing of it is an item.
    """
    if left_out and not any(items.values()):
        raise Refusal(
            "There is no item in this. Write one a line: headings, tables and images are none.", field=next(iter(items))
        )
    if not any(partners.may_name(item) for listed in items.values() for item in listed):
        return Lists(items, left_out)
    team = partners.of_team(session, team_id)
    return Lists({name: [partners.read(item, team, by) for item in listed] for name, listed in items.items()}, left_out)
