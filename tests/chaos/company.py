"""A company drawn from a seed: its teams, its people, and what each of them is like."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

# Easter 2026: a Good Friday and a Monday on which some are off, and two zones in which the clock goes back on the Sunday.
BEGINS = datetime(2026, 3, 30, tzinfo=UTC)
ENDS = datetime(2026, 4, 7, 12, 10, tzinfo=UTC)  # no full or half hour, at which something is asked
THIS_MONDAY, NEXT_MONDAY, LAST_MONDAY = date(2026, 3, 30), date(2026, 4, 6), date(2026, 3, 23)

# Where people work, and the country whose public holidays some of them keep.
PLACES = (
    ("America/Los_Angeles", "US"),
    ("America/Denver", "US"),
    ("America/New_York", "US"),
    ("America/Toronto", "CA"),
    ("America/Sao_Paulo", "BR"),
    ("Europe/London", "GB-ENG"),
    ("Europe/Berlin", "DE"),
    ("Europe/Warsaw", "PL"),
    ("Asia/Kolkata", None),
    ("Asia/Tokyo", "JP"),
    ("Australia/Sydney", "AU"),
    ("Pacific/Auckland", "NZ"),
)
MARKS = ("finished", "wont_finish", "in_progress")


@dataclass(frozen=True)
class Member:
    """Somebody: how they answer when they are asked, after how long, and which items they mark how.

    `answers` is "nothing" (one tap), "form", "away", "reminded" (only once they are reminded) or "never".
    """

    name: str
    zone: str
    country: str | None
    answers: str
    after: timedelta
    items: Sequence[str]
    marks: Sequence[str]
    is_away: bool = False
    is_deactivated: bool = False

    @property
    def is_asked(self) -> bool:
        """Whether they are at work at all."""
        return not (self.is_away or self.is_deactivated)


@dataclass(frozen=True)
class Small:
    """A small team; the first member leads. `finalizes` is "asked" or "never"."""

    name: str
    members: Sequence[Member]
    zone: str
    country: str | None
    weeks: int
    begun_on: date
    turn_days: int
    turn_at: time
    finalizes: str
    after: timedelta
    is_paused: bool = False

    @property
    def lead(self) -> Member:
        """Who makes the plan final."""
        return self.members[0]

    @property
    def is_asked(self) -> bool:
        """Whether anybody of this team is asked anything: it is not paused, and has two people at least."""
        return not self.is_paused and len(self.members) > 1


def draw(teams: int, people: int, seed: int) -> list[Small]:
    """So many teams and people. Every eleventh team is paused, and every thirteenth is one person."""
    dice = random.Random(seed)  # noqa: S311  (a week can be repeated)
    alone = sum(_is_alone(number) for number in range(teams))
    sizes = _sizes(teams - alone, people - alone, dice)
    return [_team(number, 1 if _is_alone(number) else next(sizes), dice) for number in range(teams)]


def _is_alone(number: int) -> bool:
    return number % 13 == 7


def _sizes(teams: int, people: int, dice: random.Random) -> Iterator[int]:
    sizes = [2] * teams
    while sum(sizes) < people and min(sizes) < 6:
        place = dice.randrange(teams)
        sizes[place] += sizes[place] < 6
    return iter(sizes)


def _team(number: int, size: int, dice: random.Random) -> Small:
    members = [_member(f"p{number:03}{letter}", letter == "a", dice) for letter in "abcdef"[:size]]
    home = dice.choice(PLACES)
    weeks = dice.choice((1, 1, 1, 2))
    return Small(
        name=f"Team {number:03}",
        members=members,
        zone=home[0],
        country=dice.choice((home[1], None, None)),
        weeks=weeks,
        begun_on=dice.choice((LAST_MONDAY, LAST_MONDAY, THIS_MONDAY)) if weeks == 2 else THIS_MONDAY,
        turn_days=dice.choice((0, 0, 0, 1, 2)),
        turn_at=dice.choice((time(10), time(10), time(9), time(15, 30))),
        finalizes=dice.choice(("asked", "asked", "asked", "never")),
        after=timedelta(minutes=dice.randrange(2, 300)),
        is_paused=number % 11 == 5,
    )


def _member(name: str, leads: bool, dice: random.Random) -> Member:
    zone, country = dice.choice(PLACES)
    items = [f"{name} item {number}" for number in range(dice.randrange(1, 5))]
    return Member(
        name=name,
        zone=zone,
        country=dice.choice((country, None)),
        answers=dice.choice(("nothing", "nothing", "nothing", "form", "form", "away", "reminded", "never")),
        after=timedelta(minutes=dice.randrange(1, 600)),
        items=items,
        marks=[dice.choice(MARKS) for _ in items][: dice.choice((0, 1, len(items), len(items)))],
        is_away=not leads and dice.random() < 0.04,
        is_deactivated=not leads and name[-1] in "cdef" and dice.random() < 0.04,
    )
