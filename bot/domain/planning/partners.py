"""Several people on one item: one of them owns it, and the others share it.

People write the names at a title's end or beginning: `Ship it (@ada and @lee)`, `Ship it — Ada, Lee`, `@ada @lee: Ship it`.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from sqlalchemy import bindparam, select
from sqlalchemy.orm import Session

from bot.domain.planning.wrapping_up import MyPlan, TypedItem
from models.company import Person
from models.teams import SEATS, Membership

_AT_THE_END = (
    re.compile(r"(?P<title>.*\S)\s*[(\[](?:with\s+)?(?P<names>[^()\[\]]+)[)\]]", re.IGNORECASE),
    re.compile(r"(?P<title>.*\S)\s+[—–-]\s+(?:with\s+)?(?P<names>[^—–]+)", re.IGNORECASE),
)
_AT_THE_BEGINNING = re.compile(r"(?P<names>(?:@|<@)[^:]+?)\s*(?::|\s[—–-])\s+(?P<title>\S.*)")
_A_MENTION = re.compile(r"\s+(?:with\s+)?(?=@|<@)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\b|with\b)?|&|\+|/|\band\b|\bund\b|\bwith\b)\s*|\s+(?=@|<@)", re.IGNORECASE)
_ID = re.compile(r"<@(?P<id>\w+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Roster:
    """The names of a team's members. A name that two of them share is left out."""

    names: Mapping[str, Person]
    ids: Mapping[str, Person]

    @classmethod
    def of(cls, members: Iterable[Person]) -> "Roster":
        """The names of these members."""
        people = list(members)
        called: dict[str, set[str]] = defaultdict(set)
        by_id = {person.id: person for person in people}
        for person in people:
            for name in (person.name, person.called, person.full_name, person.handle):
                if name:
                    called[name.casefold()].add(person.id)
                    called[name.split()[0].casefold()].add(person.id)
        return cls({name: by_id[next(iter(ids))] for name, ids in called.items() if len(ids) == 1}, by_id)

    def find(self, typed: str) -> Person | None:
        """The member with this name, or None if no member or several have it."""
        if mention := _ID.fullmatch(typed):
            return self.ids.get(mention["id"])
        return self.names.get(" ".join(typed.removeprefix("@").split()).casefold())


def named(plan: MyPlan, team: Roster, owner_id: str) -> MyPlan:
    """The same plan, with the teammates named in each title moved from the title into the item's `others`."""
    return replace(
        plan,
        high=[read(line, team, owner_id) for line in plan.high],
        side=[read(line, team, owner_id) for line in plan.side],
    )


def may_name(line: TypedItem) -> bool:
    """Whether a title has a place where it may name people."""
    return any(True for _ in _ways(line.title))


def of_team(session: Session, team_id: int) -> Roster:
    """The names of a team's members."""
    return Roster.of(session.scalars(_MEMBERS, {"team": team_id}))


_MEMBERS = (
    select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.team_id == bindparam("team"))
)


def read(line: TypedItem, team: Roster, owner_id: str) -> TypedItem:
    """The same item, with teammates named at the end or the beginning of its title moved into `others`.

    A title that also names somebody outside the team stays as it is.
    """
    for title, names in _ways(line.title):
        found = [team.find(name) for name in _BETWEEN.split(names) if name.strip()]
        people = [person for person in found if person is not None]
        if people and len(people) == len(found) and len(people) <= SEATS:
            others = {person.id: person.name for person in people if person.id != owner_id}
            return replace(line, title=title, others=tuple(f"{each} {name}" for each, name in others.items()))
    return line


def _ways(title: str) -> Iterable[tuple[str, str]]:
    """How a title may fall into what is to be done and who does it, the longest list of names first."""
    for pattern in (*_AT_THE_END, _AT_THE_BEGINNING):
        if found := pattern.fullmatch(title):
            yield found["title"], found["names"]
    for gap in _A_MENTION.finditer(title):
        if gap.start():
            yield title[: gap.start()].rstrip(" ,"), title[gap.end() :]


def names(others: str) -> list[str]:
    """What the people are called who do an item with its owner; `others` is as the item keeps them."""
    return [each.partition(" ")[2] for each in others.splitlines()]


def is_with(others: str, person_id: str) -> bool:
    """Whether this person does the item with its owner."""
    return any(each.partition(" ")[0] == person_id for each in others.splitlines())


def typed(title: str, others: str) -> str:
    """What somebody would type to get this title and these people."""
    return f"{title} (with {listed(others)})" if others else title


def listed(others: str) -> str:
    """Their names in a row."""
    return ", ".join(names(others))
