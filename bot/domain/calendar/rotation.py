"""Whose week it is: a rota of all who take turns, as pure functions. A desk's triage and a team's heroes go by it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Protocol

from bot.domain.calendar import periods
from bot.domain.calendar.calendars import Calendar
from bot.domain.calendar.periods import Span
from models.company import Person

AHEAD = 6  # weeks that the rota covers, this one included


@dataclass(frozen=True)
class Crew:
    """The people of a desk or a team with their aways. Between equals their order decides. Some of them take `no_turns`.

    `zone` and `weekend` are the company's; `countries` are those of their teams, for people who chose none of their own.
    `off` holds further days on which they are off.
    """

    people: Sequence[Person]
    no_turns: frozenset[str]
    zone: str
    weekend: str
    countries: Mapping[str, str | None] = field(default_factory=dict)
    off: Mapping[str, Sequence[Span]] = field(default_factory=dict)

    def able(self, week_on: date) -> list[Person]:
        """Who is there on at least one of their own working days in the week that begins on this day."""
        days = [week_on + timedelta(days=number) for number in range(7)]
        return [person for person in self.people if not self._is_off(person, days)]

    def _is_off(self, person: Person, week: Iterable[date]) -> bool:
        calendar = Calendar(person.weekend or self.weekend, person.country or self.countries.get(person.id))
        days = filter(calendar.is_working_day, week)
        spans = [periods.days(away, person.zone or self.zone) for away in person.aways]
        spans += self.off.get(person.id, ())
        return all(periods.covers(spans, day, day) for day in days)


class Held(Protocol):
    """A week as somebody saw it: whose it was."""

    @property
    def week_on(self) -> date: ...

    @property
    def person_id(self) -> str: ...


def is_held(week: Held, taken: Mapping[date, str]) -> bool:
    """Whether a week is still whose it was when somebody saw it."""
    return taken.get(week.week_on) == week.person_id


def swapped(mine: Held, other: Held) -> dict[date, str]:
    """The person who gets each of these two weeks in a swap."""
    return {mine.week_on: other.person_id, other.week_on: mine.person_id}


def monday(day: date) -> date:
    """The Monday of this day's week."""
    return day - timedelta(days=day.weekday())


def coming(first: date) -> list[date]:
    """The Mondays of the weeks that the rota covers, from this one on."""
    return [first + timedelta(weeks=number) for number in range(AHEAD)]


def fill(crew: Crew, weeks: Iterable[date], taken: Mapping[date, str], before: Mapping[str, date]) -> dict[date, str]:
    """Who has which of these weeks.

    People keep a week that they have, unless they have left or are away for all of it. Any other week goes to the person
    whose last turn is longest ago; between equals the crew's order decides. `before` says when each person's last turn
    began. A week between others goes to the person whose nearest turn, before or after it, is furthest away. A week that
    nobody can take is left out.
    """
    able = {week: crew.able(week) for week in weeks}
    found = {week: taken[week] for week in able if taken.get(week) in {person.id for person in able[week]}}
    for week, people in able.items():
        ready = [person for person in people if person.id not in crew.no_turns]
        if week not in found and ready:
            found[week] = max(ready, key=lambda person: _distance(person.id, week, found, before)).id
    return found


def _distance(person_id: str, week: date, found: Mapping[date, str], before: Mapping[str, date]) -> timedelta:
    """From this week to the nearest turn of a person; the longest there is for somebody who has none."""
    theirs = [each for each, whose in found.items() if whose == person_id]
    theirs += [before[person_id]] if person_id in before else []
    return min((abs(week - each) for each in theirs), default=timedelta.max)


def in_line(crew: Crew, taken: Mapping[date, str]) -> list[Person]:
    """Who fills in, the first one first: people of the coming weeks in their order, then the others who take turns."""
    by_id = {person.id: person for person in crew.people}
    scheduled = [by_id[taken[week]] for week in sorted(taken) if taken[week] in by_id]
    others = [person for person in crew.people if person.id not in crew.no_turns]
    return list({person.id: person for person in [*scheduled, *others]}.values())
