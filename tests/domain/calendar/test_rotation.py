"""Whose week of triage it is."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.domain.calendar import rotation
from bot.domain.calendar.rotation import Crew
from models.company import Away, AwaySource, Person

WEEKS = rotation.coming(date(2026, 7, 6))


def crew(*names: str, none: tuple[str, ...] = (), aways: dict[str, tuple[int, int]] | None = None) -> Crew:
    """People by their names; `aways` are the first and the day after the last one, of July."""
    people = [Person(id=name, name=name, zone="UTC") for name in sorted(names)]
    for person in people:
        first, end = (aways or {}).get(person.id, (0, 0))
        person.aways = [_away(person.id, first, end)] if first else []
    return Crew(people, frozenset(none), "UTC", "56")


def _away(person_id: str, first: int, end: int) -> Away:
    starts_at, ends_at = datetime(2026, 7, first, tzinfo=UTC), datetime(2026, 7, end, tzinfo=UTC)
    return Away(person_id=person_id, source=AwaySource.SAID, starts_at=starts_at, ends_at=ends_at, next_at=ends_at)


def names(found: dict[date, str]) -> list[str]:
    """Who has the weeks, in their order; a dash where nobody does."""
    return [found.get(week, "-") for week in WEEKS]


def test_everybody_has_a_turn_before_anybody_has_a_second_one() -> None:
    assert names(rotation.fill(crew("ada", "lee", "noor"), WEEKS, {}, {})) == [
        "ada",
        "lee",
        "noor",
        "ada",
        "lee",
        "noor",
    ]


def test_whose_turn_is_longest_ago_goes_next() -> None:
    before = {"ada": date(2026, 6, 29), "lee": date(2026, 6, 15), "noor": date(2026, 6, 22)}
    assert names(rotation.fill(crew("ada", "lee", "noor"), WEEKS, {}, before))[:3] == ["lee", "noor", "ada"]


def test_filling_again_changes_nothing_and_a_swap_is_kept() -> None:
    people = crew("ada", "lee", "noor")
    filled = rotation.fill(people, WEEKS, {}, {})
    swapped = {**filled, WEEKS[0]: "noor", WEEKS[2]: "ada"}
    assert rotation.fill(people, WEEKS, swapped, {}) == swapped


def test_who_is_away_all_week_is_passed_over_and_comes_next() -> None:
    found = names(rotation.fill(crew("ada", "lee", "noor", aways={"ada": (6, 11)}), WEEKS, {}, {}))
    assert found[:3] == ["lee", "ada", "noor"]


def test_who_is_there_on_one_day_of_the_week_has_it() -> None:
    assert names(rotation.fill(crew("ada", "lee", aways={"ada": (6, 10)}), WEEKS, {}, {}))[0] == "ada"


def test_the_weekend_does_not_count() -> None:
    found = rotation.fill(crew("ada", "lee", aways={"ada": (6, 11)}), WEEKS, {}, {})
    assert found[WEEKS[0]] == "lee"


def test_who_has_public_holidays_all_week_is_passed_over() -> None:
    people = crew("ada", "lee")
    people.people[0].country = "JP"  # Showa Day on Wednesday, 3 to 5 May, and a substitute on the 6th
    golden_week, found = date(2026, 5, 4), replace(people, weekend="3456")
    assert rotation.fill(found, [golden_week], {}, {}) == {golden_week: "lee"}
    assert rotation.fill(found, [golden_week + timedelta(weeks=1)], {}, {}) == {golden_week + timedelta(weeks=1): "ada"}


def test_the_holidays_of_somebodys_team_count_where_they_chose_no_country() -> None:
    golden_week, found = date(2026, 5, 4), replace(crew("ada", "lee"), weekend="3456", countries={"ada": "JP"})
    assert rotation.fill(found, [golden_week], {}, {}) == {golden_week: "lee"}


def test_who_is_away_on_all_of_their_own_working_days_is_passed_over() -> None:
    people = crew("ada", "lee", aways={"ada": (6, 9)})
    people.people[0].weekend = "3456"  # Ada works Monday to Wednesday
    assert rotation.fill(people, WEEKS[:1], {}, {}) == {WEEKS[0]: "lee"}


def test_who_works_on_the_companys_weekend_is_there_on_it() -> None:
    people = crew("ada", "lee", aways={"ada": (6, 11)})
    people.people[0].weekend = "45"  # Ada works Sunday to Thursday, and is back on Sunday
    assert rotation.fill(people, WEEKS[:1], {}, {}) == {WEEKS[0]: "ada"}


def test_the_weeks_of_who_left_go_to_those_whose_turns_are_furthest() -> None:
    filled = rotation.fill(crew("ada", "lee", "noor", "sam"), WEEKS, {}, {})
    assert names(filled) == ["ada", "lee", "noor", "sam", "ada", "lee"]
    again = names(rotation.fill(crew("lee", "noor", "sam"), WEEKS, filled, {}))
    assert again == ["sam", "lee", "noor", "sam", "noor", "lee"]


def test_who_takes_no_turns_gets_none_but_keeps_the_week_they_took() -> None:
    found = rotation.fill(crew("ada", "lee", none=("ada",)), WEEKS, {WEEKS[1]: "ada"}, {})
    assert names(found) == ["lee", "ada", "lee", "lee", "lee", "lee"]


def test_where_nobody_can_nobody_has_it() -> None:
    assert rotation.fill(crew(), WEEKS, {WEEKS[0]: "ada"}, {}) == {}
    assert names(rotation.fill(crew("ada", aways={"ada": (6, 11)}), WEEKS, {}, {}))[:2] == ["-", "ada"]


def test_who_stands_in_is_the_next_in_the_rota() -> None:
    people = crew("ada", "lee", "noor", "sam", none=("sam",))
    taken = {WEEKS[0]: "noor", WEEKS[1]: "lee", WEEKS[2]: "gone"}
    assert [person.id for person in rotation.in_line(people, taken)] == ["noor", "lee", "ada"]


def test_a_year_of_weeks_is_shared_fairly() -> None:
    taken: dict[date, str] = {}
    for number in range(52):
        week = WEEKS[0] + timedelta(weeks=number)
        before = {name: max(each for each in taken if taken[each] == name) for name in set(taken.values())}
        taken |= rotation.fill(crew("ada", "lee", "noor"), [week], {}, before)
    whose = list(taken.values())
    assert sorted(whose.count(name) for name in ("ada", "lee", "noor")) == [17, 17, 18]
