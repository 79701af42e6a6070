"""The events of a calendar, as values: what each is, and what makes it the same one."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

from bot.domain.company import company

SPACE = UUID("6f1d1c9e-1f0e-4b0b-9d0a-5d1d6a0c3b52")  # of our events' names


class Kind(StrEnum):
    """What an event is."""

    SPRINT = "sprint"
    TURN = "turn"
    HERO = "hero"
    AWAY = "away"
    REVEAL = "reveal"
    MEETING = "meeting"


@dataclass(frozen=True)
class Event:
    """One event. From the first day to the last, both included, or from an instant to an instant.

    `uid` stays the same as long as it is the same event. `who` is the name of the person it is about, in a team's calendar.
    """

    uid: str
    kind: Kind
    starts: date | datetime
    ends: date | datetime
    team: str = ""
    who: str = ""
    link: str = ""

    @property
    def digest(self) -> str:
        """What changes when anything of it does."""
        said = (self.kind, self.starts.isoformat(), self.ends.isoformat(), self.team, self.who, self.link)
        return hashlib.sha256("\0".join(said).encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.ends.date() if isinstance(self.ends, datetime) else self.ends


@dataclass(frozen=True)
class Feed:
    """A calendar: of this `team`, or, if that is empty, one person's own."""

    team: str
    events: Sequence[Event]


class Names:
    """Makes the uids of a calendar's events: the same for the same, and nobody reads an id out of them."""

    def __init__(self, session: Session, whose: str) -> None:
        self._whose = f"{company.current(session).workspace_id}:{whose}"

    def uid(self, kind: Kind, *key: object) -> str:
        """The uid of the event with this kind and this key."""
        return str(uuid5(SPACE, ":".join([self._whose, kind, *map(str, key)])))
