"""Whose turn as support hero comes when, over a year in which people come, go, are away and swap."""

import itertools
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy.orm.attributes import set_committed_value

from bot.domain.calendar.cadence import Dates
from bot.domain.calendar.rotation import Crew
from bot.domain.heroes import rota
from bot.domain.heroes.rota import Turns
from models.company import Person
from tests.which import examples

MONDAY = date(2026, 1, 5)
A_YEAR = 52
NAMES = ("ada", "lee", "mia", "noor", "sam", "tom")


def week(number: int) -> Dates:
    """A week of the year, from its Monday to its Friday."""
    first = MONDAY + timedelta(weeks=number)
    return Dates(first, first + timedelta(days=4))


def person(name: str) -> Person:
    """A person with this name, who is away only on the days in `off`."""
    found = Person(id=name, name=name)
    set_committed_value(found, "aways", [])
    return found


@dataclass
class Team:
    """A team over a year: its people, and for each week whose turn it was and who was hero."""

    joined: dict[str, date]
    off: Mapping[str, Sequence[int]] = field(default_factory=dict)
    given: dict[date, str] = field(default_factory=dict)
    served: dict[date, str] = field(default_factory=dict)
    taken: dict[date, str] = field(default_factory=dict)

    def ahead(self, number: int) -> Turns:
        """The eight weeks from this one on, as the rota has them on its Monday."""
        weeks = [week(number + ahead) for ahead in range(rota.AHEAD)]
        days = {name: [(week(each).starts_on, week(each).ends_on) for each in off] for name, off in self.off.items()}
        crew = Crew([person(name) for name in sorted(self.joined)], frozenset(), "UTC", "56", {}, days)
        last = {name: self._last(name) for name in self.joined}
        turns, served = rota.in_turn(crew, weeks, weeks[0].starts_on, self.given, last)
        own = {day: name for day, name in self.taken.items() if name in self.joined}
        return Turns(weeks, turns, own, served)

    def _last(self, name: str) -> date:
        return max([self.joined[name], *(day for day, whose in self.served.items() if whose == name)])

    def live(self, number: int) -> Turns:
        """This week passes."""
        found, first = self.ahead(number), week(number).starts_on
        self.given |= found.turns
        if first in found.turns and found.served:
            self.served[first] = found.turns[first]
        return found

    def is_there(self, name: str, number: int) -> bool:
        """Whether somebody is in the team, and not away for all of this week."""
        return name in self.joined and number not in self.off.get(name, ())


founders = st.lists(st.sampled_from(NAMES), min_size=2, max_size=6, unique=True)
some_weeks = st.lists(st.integers(0, A_YEAR), max_size=12, unique=True)


@dataclass(frozen=True)
class Year:
    """A year's events: aways, joiners, leavers, and weeks that people take."""

    founders: Sequence[str]
    off: Mapping[str, Sequence[int]]
    joins: Mapping[int, str]
    leaves: Mapping[int, str]
    takes: Mapping[int, tuple[int, str]]


years = st.builds(
    Year,
    founders,
    st.dictionaries(st.sampled_from(NAMES), some_weeks, max_size=4),
    st.dictionaries(st.integers(1, A_YEAR), st.sampled_from(NAMES), max_size=4),
    st.dictionaries(st.integers(1, A_YEAR), st.sampled_from(NAMES), max_size=4),
    st.dictionaries(
        st.integers(0, A_YEAR), st.tuples(st.integers(0, rota.AHEAD - 1), st.sampled_from(NAMES)), max_size=20
    ),
)


def live(year: Year) -> tuple[Team, list[Turns]]:
    """A team lives through the year. Returns it, and what the rota said each week."""
    team = Team({name: MONDAY - timedelta(days=30) for name in year.founders}, year.off)
    told = []
    for number in range(A_YEAR):
        if (name := year.leaves.get(number)) is not None and len(team.joined) > 1:
            team.joined.pop(name, None)
            team.taken = {day: each for day, each in team.taken.items() if each != name}
        if (name := year.joins.get(number)) is not None and len(team.joined) < 6:
            team.joined.setdefault(name, week(number).starts_on - timedelta(days=2))
        if number in year.takes:
            ahead, name = year.takes[number]
            if name in team.joined:
                team.taken[week(number + ahead).starts_on] = name
        told.append(team.live(number))
    return team, told


def members_all_year(year: Year) -> set[str]:
    """Who was in the team from the first week to the last."""
    return {name for name in year.founders if name not in year.leaves.values() and name not in year.joins.values()}


@settings(max_examples=examples(60), deadline=None)
@given(years)
def test_every_week_has_one_hero_or_nobody_is_there(year: Year) -> None:
    team = Team({name: MONDAY - timedelta(days=30) for name in year.founders}, year.off)
    for number in range(A_YEAR):
        found = team.live(number)
        assert [each.starts_on for each in found.weeks] == [week(number + ahead).starts_on for ahead in range(8)]
        for ahead in range(rota.AHEAD):
            there = [name for name in team.joined if team.is_there(name, number + ahead)]
            hero = found.hero(week(number + ahead).starts_on)
            assert hero in there if there else hero is None or ahead == 0


@settings(max_examples=examples(60), deadline=None)
@given(years)
def test_only_people_of_the_team_have_weeks_whatever_happens(year: Year) -> None:
    _, told = live(year)
    gone = set(NAMES) - set(year.founders) - set(year.joins.values())
    for found in told:
        assert not {found.hero(each.starts_on) for each in found.weeks} & gone


@settings(max_examples=examples(60), deadline=None)
@given(years)
def test_turns_of_people_who_were_there_all_year_differ_by_at_most_one(year: Year) -> None:
    team, _ = live(year)
    there = {name for name in members_all_year(year) if not year.off.get(name)}
    turns = Counter(team.served.values())
    counts = [turns[name] for name in there]
    assert not counts or max(counts) - min(counts) <= 1


@settings(max_examples=examples(60), deadline=None)
@given(years)
def test_nobody_goes_again_before_people_who_wait_and_are_there(year: Year) -> None:
    team, _ = live(year)
    order = [team.served.get(week(number).starts_on) for number in range(A_YEAR)]
    waiting = members_all_year(year)
    for name in waiting:
        mine = [number for number, whose in enumerate(order) if whose == name]
        for before, again in itertools.pairwise(mine):
            for other in waiting - {name}:
                assert other in order[before:again] or not team.is_there(other, again)


@settings(max_examples=examples(60), deadline=None)
@given(years)
def test_a_week_that_somebody_takes_changes_no_turn(year: Year) -> None:
    swapped, _ = live(year)
    plain, _ = live(Year(year.founders, year.off, year.joins, year.leaves, {}))
    assert swapped.given == plain.given


def test_who_joins_goes_last_also_before_a_week_that_begins_the_next_day() -> None:
    team = Team({"mia": MONDAY - timedelta(days=9), "tom": MONDAY - timedelta(days=9)})
    for number in range(3):
        team.live(number)
    team.joined["ada"] = week(3).starts_on - timedelta(days=1)
    assert list(team.ahead(3).turns.values())[:4] == ["tom", "mia", "ada", "tom"]


def test_who_is_away_for_two_months_goes_once_and_not_all_weeks_after() -> None:
    team = Team({name: MONDAY - timedelta(days=9) for name in ("ada", "lee", "mia")}, {"ada": range(8)})
    said = [team.live(number).turns[week(number).starts_on] for number in range(12)]
    assert said == ["lee", "mia"] * 4 + ["ada", "lee", "mia", "ada"]


def test_who_falls_ill_for_the_whole_of_a_week_that_has_begun_is_next_when_they_are_back() -> None:
    team = Team({name: MONDAY - timedelta(days=9) for name in ("ada", "lee", "mia")})
    team.given = dict(team.ahead(0).turns)
    team.off = {"ada": [0]}
    assert list(team.live(0).turns.values())[:4] == ["ada", "ada", "lee", "mia"]
