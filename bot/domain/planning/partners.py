"""Several people on one item: it is its owner's, and names who does it with them.

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
from models.teams import Membership

MOST = 6  # a team's size; the seats of DESIGN
_AT_THE_END = (
    re.compile(r"(?P<title>.*\S)\s*[(\[](?:with\s+)?(?P<names>[^()\[\]]+)[)\]]", re.IGNORECASE),
    re.compile(r"(?P<title>.*\S)\s+[—–-]\s+(?:with\s+)?(?P<names>[^—–]+)", re.IGNORECASE),
)
_AT_THE_BEGINNING = re.compile(r"(?P<names>(?:@|<@)[^:]+?)\s*(?::|\s[—–-])\s+(?P<title>\S.*)")
_A_MENTION = re.compile(r"\s+(?:with\s+)?(?=@|<@)", re.IGNORECASE)
_BETWEEN = re.compile(r"\s*(?:,\s*(?:and\b|with\b)?|&|\+|/|\band\b|\bund\b|\bwith\b)\s*|\s+(?=@|<@)", re.IGNORECASE)
_ID = re.compile(r"<@(?P<id>\w+)(?:\|[^>]*)?>")


@dataclass(frozen=True)
class Team:
    """By which names each member of a team can be meant. A name that two of them go by means neither."""

    names: Mapping[str, Person]
    ids: Mapping[str, Person]

    @classmethod
    def of(cls, members: Iterable[Person]) -> "Team":
        """Those of a team's members."""
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
        """The member whom some words mean, if they mean one."""
        if mention := _ID.fullmatch(typed):
            return self.ids.get(mention["id"])
        return self.names.get(" ".join(typed.removeprefix("@").split()).casefold())


def named(plan: MyPlan, team: Team, owner_id: str) -> MyPlan:
    """A plan whose items name with whom of the team they are done, no longer in their titles."""
    return replace(
        plan,
        high=[read(line, team, owner_id) for line in plan.high],
        side=[read(line, team, owner_id) for line in plan.side],
    )


def may_name(line: TypedItem) -> bool:
    """Whether a title has a place where it may name people."""
    return any(True for _ in _ways(line.title))


def of_team(session: Session, team_id: int) -> Team:
    """Those of the members of a team."""
    return Team.of(session.scalars(_MEMBERS, {"team": team_id}))


_MEMBERS = (
    select(Person).join(Membership, Membership.person_id == Person.id).where(Membership.team_id == bindparam("team"))
)


def read(line: TypedItem, team: Team, owner_id: str) -> TypedItem:
    """The same item, with the people whom its title names at its end or beginning. Names of others stay where they are."""
    for title, names in _ways(line.title):
        found = [team.find(name) for name in _BETWEEN.split(names) if name.strip()]
        people = [person for person in found if person is not None]
        if people and len(people) == len(found) and len(people) <= MOST:
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
