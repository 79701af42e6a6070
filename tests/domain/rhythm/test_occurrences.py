"""When somebody is asked what: laws that hold for every rhythm, place and year, and a few days that people know."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from bot.domain.calendar import cadence, calendars
from bot.domain.calendar.cadence import Cadence, Dates, Occurrence, PromptKind, Whereabouts
from bot.domain.calendar.calendars import Calendar
from bot.domain.rhythm.occurrences import LOOKS_BACK
from bot.domain.sprints import sprints
from bot.platform.errors import Refusal

laws = settings(derandomize=True, deadline=None, max_examples=100, suppress_health_check=[HealthCheck.filter_too_much])

ZONES = sorted(available_timezones())
COUNTRIES = calendars.search_countries("", limit=10_000)
WEEKENDS = ("56", "45", "456", "6", "4", "")
A_DAY = timedelta(days=1)
FIRST, LAST = date(2024, 1, 1), date(2034, 12, 31)


# --- every rhythm, place and year -------------------------------------------------------------------------------


def daytimes() -> st.SearchStrategy[time]:
    """Any minute of the day that a lead may choose."""
    minutes = st.integers(cadence.MORNING.hour * 60, cadence.EVENING.hour * 60)
    return minutes.map(lambda minute: time(minute // 60, minute % 60))


def countries() -> st.SearchStrategy[str | None]:
    """Any country or part of one, or none."""
    return st.none() | st.sampled_from(COUNTRIES)


def places(*, with_holidays: bool = True) -> st.SearchStrategy[Whereabouts]:
    """Where somebody may be."""
    return st.builds(Whereabouts, st.sampled_from(ZONES), countries() if with_holidays else st.none())


@st.composite
def rhythms(draw: st.DrawFn, *, with_holidays: bool = True) -> Cadence:
    """Any rhythm that a lead may choose, in any company."""
    weeks = draw(st.sampled_from((1, 2)))
    country = draw(countries()) if with_holidays else None
    return Cadence(
        anchor_on=draw(st.dates(FIRST, LAST)),
        weeks=weeks,
        zone=draw(st.sampled_from(ZONES)),
        calendar=Calendar(draw(st.sampled_from(WEEKENDS)), country),
        planning_days=draw(st.integers(1, 3 if weeks == 1 else 5)),
        planning_at=draw(daytimes()),
        reminder_at=draw(daytimes()),
        lead_at=draw(daytimes()),
        nudge_at=draw(daytimes()),
        marks_at=draw(daytimes()),
        checks_midway=draw(st.booleans()),
    )


def consecutive(rhythm: Cadence, count: int = 6) -> list[Dates]:
    """The first sprints of a rhythm."""
    length = timedelta(weeks=rhythm.weeks)
    starts = (rhythm.anchor_on + number * length for number in range(count))
    return [cadence.sprint_dates(start, rhythm.weeks, rhythm.calendar) for start in starts]


def asked_of(rhythm: Cadence, who: Whereabouts, count: int = 6) -> list[Occurrence]:
    """What a lead is asked in these sprints: everything that anybody is asked."""
    return [
        each for dates in consecutive(rhythm, count) for each in cadence.occurrences(rhythm, dates, who, leads=True)
    ]


def kinds(rhythm: Cadence) -> set[PromptKind]:
    """What is asked in this rhythm."""
    return set(PromptKind) if rhythm.checks_midway else set(PromptKind) - {PromptKind.MIDWAY}


def time_of(rhythm: Cadence, kind: PromptKind) -> time:
    """The time of day that the lead chose for it."""
    return {
        PromptKind.PLANNING: rhythm.planning_at,
        PromptKind.REMINDER: rhythm.reminder_at,
        PromptKind.LEAD: rhythm.lead_at,
        PromptKind.NUDGE: rhythm.nudge_at,
        PromptKind.MIDWAY: rhythm.marks_at,
        PromptKind.MARKS: rhythm.marks_at,
    }[kind]


def calendar_of(rhythm: Cadence, who: Whereabouts) -> Calendar:
    """The days on which this person works."""
    return Calendar(rhythm.calendar.weekend, who.country or rhythm.calendar.country)


def moment(day: date, at: time, zone: str) -> datetime:
    """An instant, by a calendar and a clock on a wall."""
    return datetime.combine(day, at, ZoneInfo(zone)).astimezone(UTC)


@laws
@given(rhythms(with_holidays=False), places(with_holidays=False))
def test_each_kind_is_asked_exactly_once_a_sprint(rhythm: Cadence, who: Whereabouts) -> None:
    for dates in consecutive(rhythm):
        found = cadence.occurrences(rhythm, dates, who, leads=True)
        assert Counter(each.kind for each in found) == Counter(kinds(rhythm))
        assert {each.starts_on for each in found} == {dates.starts_on}


@laws
@given(rhythms(), places())
def test_nobody_is_asked_the_same_thing_twice_on_one_day(rhythm: Cadence, who: Whereabouts) -> None:
    found = Counter((each.kind, each.on) for each in asked_of(rhythm, who))
    assert not [day for day, times in found.items() if times > 1]


@laws
@given(rhythms(), places())
def test_everything_is_asked_on_the_first_working_day_that_there_is_for_it(rhythm: Cadence, who: Whereabouts) -> None:
    for dates in consecutive(rhythm, 3):
        found = {each.kind: each.on for each in cadence.occurrences(rhythm, dates, who, leads=True)}
        days = {kind: list(_days_for(kind, rhythm, dates, who)) for kind in kinds(rhythm)}
        assert found == {kind: open_days[0] for kind, open_days in days.items() if open_days}


def _days_for(kind: PromptKind, rhythm: Cadence, dates: Dates, who: Whereabouts) -> Iterator[date]:
    """The days on which this could be asked, told day by day."""
    opens, turns = rhythm.opens_on(dates.starts_on), rhythm.turns_on(dates)
    before = max(opens, rhythm.calendar.working_days_before(dates.starts_on, 1))
    first, end = {
        PromptKind.PLANNING: (opens, turns),
        PromptKind.REMINDER: (opens, turns),
        PromptKind.LEAD: (before, dates.starts_on),
        PromptKind.NUDGE: (dates.starts_on, turns),
        PromptKind.MIDWAY: (_half(rhythm, dates), dates.ends_on),
        PromptKind.MARKS: (dates.ends_on, dates.ends_on + timedelta(weeks=rhythm.weeks)),
    }[kind]
    works = calendar_of(rhythm, who).is_working_day
    days = [first + number * A_DAY for number in range((end - first).days) if works(first + number * A_DAY)]
    for day in days[1:] if kind is PromptKind.REMINDER else days:
        closed = dates.closes_at(rhythm.zone, rhythm.calendar) <= moment(day, rhythm.marks_at, who.zone)
        if kind is not PromptKind.MARKS or not closed:
            yield day


def _half(rhythm: Cadence, dates: Dates) -> date:
    """The working day of the team that has half of them before itself, or one more."""
    number = (dates.ends_on - dates.starts_on).days
    days = [dates.starts_on + each * A_DAY for each in range(number)]
    working = [day for day in days if rhythm.calendar.is_working_day(day)]
    return next((day for place, day in enumerate(working) if 2 * place >= len(working)), dates.ends_on)


@laws
@given(rhythms(), places())
def test_it_is_the_time_that_was_chosen_on_the_wall_of_whoever_is_asked(rhythm: Cadence, who: Whereabouts) -> None:
    for each in asked_of(rhythm, who, 3):
        there = each.at.astimezone(ZoneInfo(who.zone))
        assert (there.date(), there.time()) == (each.on, time_of(rhythm, each.kind))
        assert cadence.MORNING <= there.time() <= cadence.EVENING
        gone = each.expires_at(who.zone).astimezone(ZoneInfo(who.zone))
        assert there < gone <= datetime.combine(each.on, cadence.NIGHT, gone.tzinfo)


@laws
@given(rhythms(), places())
def test_nobody_is_asked_on_a_weekend_or_on_their_own_public_holiday(rhythm: Cadence, who: Whereabouts) -> None:
    calendar = calendar_of(rhythm, who)
    for each in asked_of(rhythm, who):
        assert str(each.on.weekday()) not in rhythm.calendar.weekend
        assert calendar.holiday(each.on) is None


@laws
@given(rhythms(), places())
def test_the_reminder_follows_the_plan_and_the_lead_is_asked_before_the_start(
    rhythm: Cadence, who: Whereabouts
) -> None:
    for dates in consecutive(rhythm, 4):
        found = {each.kind: each for each in cadence.occurrences(rhythm, dates, who, leads=True)}
        if PromptKind.REMINDER in found:
            assert found[PromptKind.PLANNING].at < found[PromptKind.REMINDER].at
        if PromptKind.LEAD in found:
            assert found[PromptKind.LEAD].on < dates.starts_on
        if PromptKind.NUDGE in found:
            assert dates.starts_on <= found[PromptKind.NUDGE].on
        if PromptKind.MARKS in found:
            assert found[PromptKind.MARKS].at < dates.closes_at(rhythm.zone, rhythm.calendar)


@laws
@given(st.sampled_from(ZONES), st.integers(2024, 2034), daytimes())
def test_the_hour_is_right_on_the_days_on_which_clocks_change_and_around_them(zone: str, year: int, at: time) -> None:
    for changed in _changes(zone, year):
        for day in (changed - A_DAY, changed, changed + A_DAY):
            # Without a weekend a sprint's last day may be any day.
            rhythm = Cadence(day - timedelta(days=6), 1, "UTC", Calendar(""), marks_at=at)
            found = cadence.occurrences(rhythm, consecutive(rhythm)[0], Whereabouts(zone))
            (marks,) = (each for each in found if each.kind is PromptKind.MARKS)
            there = marks.at.astimezone(ZoneInfo(zone))
            assert (there.date(), there.time()) == (day, at)


def _changes(zone: str, year: int) -> Iterator[date]:
    noons = (datetime(year, 1, 1, 12, tzinfo=UTC) + number * A_DAY for number in range(366))
    before = None
    for noon in noons:
        offset = noon.astimezone(ZoneInfo(zone)).utcoffset()
        if before is not None and offset != before:
            yield noon.date()
        before = offset


@laws
@given(rhythms(), places(), st.sampled_from(ZONES), st.integers(-10 * 24, 20 * 24))
def test_who_moves_to_another_zone_is_asked_everything_once(
    rhythm: Cadence, who: Whereabouts, zone: str, hours: int
) -> None:
    there = replace(who, zone=zone)
    moved_at = datetime.combine(rhythm.anchor_on, time(), UTC) + timedelta(hours=hours)
    before = [each for each in asked_of(rhythm, who, 3) if each.at <= moved_at]
    after = [each for each in asked_of(rhythm, there, 3) if each.at > moved_at - LOOKS_BACK]
    asked = Counter({(each.kind, each.starts_on) for each in [*before, *after]})
    in_peace = {(each.kind, each.starts_on) for each in asked_of(rhythm, who, 3)}
    in_peace &= {(each.kind, each.starts_on) for each in asked_of(rhythm, there, 3)}
    assert asked.keys() >= in_peace  # and a key is posted once


@laws
@given(rhythms(), rhythms(), places(), st.integers(-10 * 24, 20 * 24))
def test_a_rhythm_that_changes_amid_a_sprint_still_asks_for_a_plan_and_nothing_twice(
    old: Cadence, new: Cadence, who: Whereabouts, hours: int
) -> None:
    new = replace(new, anchor_on=old.anchor_on, weeks=old.weeks, planning_days=min(new.planning_days, 3))
    since = datetime.combine(old.anchor_on, time(), UTC) + timedelta(hours=hours)
    for dates in consecutive(old, 3):
        before = [each for each in cadence.occurrences(old, dates, who, leads=True) if each.at <= since]
        after = cadence.occurrences(new, dates, who, leads=True, since=since)
        assert max(Counter(each.kind for each in after).values(), default=1) == 1
        planning = {each.kind: each for each in [*after, *before]}.get(PromptKind.PLANNING)
        days = [
            day
            for day in _days_for(PromptKind.PLANNING, new, dates, who)
            if moment(day, new.planning_at, who.zone) >= since
        ]
        assert planning is not None or not days
        late = [each for each in after if each.kind in (PromptKind.PLANNING, PromptKind.REMINDER)]
        assert all(since <= each.at and each.on < new.turns_on(dates) for each in late)


@dataclass(frozen=True)
class Stored:
    """What is known of a sprint that planning has opened for, or that ran."""

    id: int
    starts_on: date
    ends_on: date
    over_at: datetime
    finalized_at: datetime | None
    closed_at: datetime | None = None


def stored(rhythm: Cadence, all_dates: list[Dates], *, final: bool) -> list[Stored]:
    """These sprints as they stand in the table, all plans before the last one final or not."""
    rows = []
    for number, dates in enumerate(all_dates):
        is_final = final and number < len(all_dates) - 1
        finalized_at = datetime.combine(dates.starts_on, time(), UTC) if is_final else None
        rows.append(Stored(number, dates.starts_on, dates.ends_on, dates.over_at(rhythm.zone), finalized_at))
    return rows


@laws
@given(rhythms(), places(), st.booleans(), st.integers(0, 99))
def test_from_the_moment_planning_opens_until_its_turn_a_sprint_is_the_one_to_plan(
    rhythm: Cadence, who: Whereabouts, final: bool, when: int
) -> None:
    *before, dates = consecutive(rhythm, 4)
    opened = [each for each in cadence.occurrences(rhythm, dates, who) if each.kind is PromptKind.PLANNING]
    until = moment(rhythm.turns_on(dates), time(), rhythm.zone)
    assume(opened and opened[0].at < until)
    now = opened[0].at + (until - opened[0].at) * when / 100
    rows = stored(rhythm, [*before, dates], final=final)
    assert sprints.to_plan(rows, rhythm, now).dates == dates


@laws
@given(rhythms(), st.booleans(), st.integers(0, 99))
def test_the_day_that_planning_opens_the_next_sprint_is_meant_though_nothing_of_it_is_written(
    rhythm: Cadence, final: bool, when: int
) -> None:
    *before, dates = consecutive(rhythm, 4)
    start, until = (
        moment(day, time(), rhythm.zone) for day in (rhythm.opens_on(dates.starts_on), rhythm.turns_on(dates))
    )
    now = start + (until - start) * when / 100
    assert sprints.to_plan(stored(rhythm, before, final=final), rhythm, now).dates == dates
    assert sprints.to_plan([], rhythm, now).dates == dates


# --- days that people know --------------------------------------------------------------------------------------

BERLIN, NEW_YORK, AUCKLAND = "Europe/Berlin", "America/New_York", "Pacific/Auckland"
MONDAY_30_NOVEMBER = date(2026, 11, 30)


def days_of(rhythm: Cadence, who: Whereabouts, starts_on: date) -> dict[PromptKind, date]:
    """When this person is asked what about a sprint."""
    dates = cadence.sprint_dates(starts_on, rhythm.weeks, rhythm.calendar)
    return {each.kind: each.on for each in cadence.occurrences(rhythm, dates, who, leads=True)}


def test_a_sprint_from_a_monday_is_planned_from_thursday_on() -> None:
    rhythm = Cadence(date(2026, 7, 13), 2, BERLIN, checks_midway=True)
    assert days_of(rhythm, Whereabouts(BERLIN), date(2026, 7, 13)) == {
        PromptKind.PLANNING: date(2026, 7, 9),
        PromptKind.REMINDER: date(2026, 7, 10),
        PromptKind.LEAD: date(2026, 7, 10),
        PromptKind.NUDGE: date(2026, 7, 13),
        PromptKind.MIDWAY: date(2026, 7, 20),
        PromptKind.MARKS: date(2026, 7, 24),
    }


def test_who_does_not_lead_is_neither_asked_to_finalize_nor_nudged() -> None:
    rhythm = Cadence(date(2026, 7, 13), 2, BERLIN)
    found = cadence.occurrences(rhythm, cadence.sprint_dates(date(2026, 7, 13), 2), Whereabouts(BERLIN))
    assert [each.kind for each in found] == [PromptKind.PLANNING, PromptKind.REMINDER, PromptKind.MARKS]


def test_people_in_auckland_berlin_and_new_york_are_asked_at_ten_of_their_own() -> None:
    rhythm = Cadence(MONDAY_30_NOVEMBER, 1, BERLIN)
    dates = cadence.sprint_dates(MONDAY_30_NOVEMBER, 1)
    first = [cadence.occurrences(rhythm, dates, Whereabouts(zone))[0].at for zone in (AUCKLAND, BERLIN, NEW_YORK)]
    assert first == [
        datetime(2026, 11, 25, 21, tzinfo=UTC),
        datetime(2026, 11, 26, 9, tzinfo=UTC),
        datetime(2026, 11, 26, 15, tzinfo=UTC),
    ]


@pytest.mark.parametrize(
    ("zone", "sunday", "hour"),
    [
        (BERLIN, date(2026, 3, 29), 8),
        (BERLIN, date(2026, 10, 25), 9),
        (NEW_YORK, date(2026, 3, 8), 14),
        (NEW_YORK, date(2026, 11, 1), 15),
    ],
)
def test_ten_is_ten_on_the_sunday_on_which_clocks_change(zone: str, sunday: date, hour: int) -> None:
    rhythm = Cadence(sunday, 1, zone, Calendar("45"), nudge_at=time(10))
    (nudge,) = (
        each
        for each in cadence.occurrences(rhythm, cadence.sprint_dates(sunday, 1), Whereabouts(zone), leads=True)
        if each.kind is PromptKind.NUDGE
    )
    assert nudge.at == datetime.combine(sunday, time(hour), UTC)


def test_a_holiday_of_ones_own_moves_a_prompt_to_the_next_working_day_and_nobody_elses() -> None:
    rhythm = Cadence(MONDAY_30_NOVEMBER, 2, BERLIN, Calendar(country="DE"))
    ada, lee = Whereabouts(BERLIN), Whereabouts(NEW_YORK, "US")
    thursday, friday, monday = date(2026, 11, 26), date(2026, 11, 27), MONDAY_30_NOVEMBER
    of_ada, of_lee = (days_of(rhythm, who, MONDAY_30_NOVEMBER) for who in (ada, lee))
    assert (of_ada[PromptKind.PLANNING], of_ada[PromptKind.REMINDER]) == (thursday, friday)
    assert (of_lee[PromptKind.PLANNING], of_lee[PromptKind.REMINDER]) == (friday, monday)  # Thursday was Thanksgiving


def test_the_days_before_a_sprint_are_working_days_of_the_teams_country() -> None:
    monday = date(2026, 5, 4)
    germany = Cadence(monday, 2, BERLIN, Calendar(country="DE"))
    assert days_of(germany, Whereabouts(BERLIN), monday)[PromptKind.PLANNING] == date(2026, 4, 29)
    assert days_of(germany, Whereabouts(BERLIN), monday)[PromptKind.LEAD] == date(2026, 4, 30)  # Friday was 1 May
    nowhere = replace(germany, calendar=Calendar())
    assert days_of(nowhere, Whereabouts(BERLIN), monday)[PromptKind.PLANNING] == date(2026, 4, 30)
    assert days_of(nowhere, Whereabouts(BERLIN, "DE"), monday)[PromptKind.REMINDER] == monday


def test_a_company_whose_weekend_is_friday_and_saturday_begins_on_sunday() -> None:
    sunday = date(2026, 7, 5)
    rhythm = Cadence(sunday, 1, "Asia/Riyadh", Calendar("45"))
    assert cadence.sprint_dates(sunday, 1, rhythm.calendar).ends_on == date(2026, 7, 9)
    assert days_of(rhythm, Whereabouts("Asia/Riyadh"), sunday) == {
        PromptKind.PLANNING: date(2026, 7, 1),
        PromptKind.REMINDER: date(2026, 7, 2),
        PromptKind.LEAD: date(2026, 7, 2),
        PromptKind.NUDGE: sunday,
        PromptKind.MARKS: date(2026, 7, 9),
    }


def test_the_next_sprint_is_meant_as_soon_as_planning_opens_for_the_one_who_is_farthest_east() -> None:
    rhythm = Cadence(date(2026, 11, 23), 1, NEW_YORK)
    running, following = consecutive(rhythm, 2)
    opened = cadence.occurrences(rhythm, following, Whereabouts(AUCKLAND))[0].at
    assert cadence.local_date(opened, NEW_YORK) == date(2026, 11, 25)  # a Wednesday, and Thursday in Auckland
    assert sprints.to_plan(stored(rhythm, [running], final=False), rhythm, opened).dates == running
    assert sprints.to_plan(stored(rhythm, [running, following], final=False), rhythm, opened).dates == following


def test_countries_and_their_parts_are_found_by_name_and_by_code() -> None:
    assert calendars.search_countries("germ")[0] == "DE"
    assert calendars.search_countries("bayern") == ["DE-BY"]
    assert calendars.search_countries("us-ca") == ["US-CA"]
    assert calendars.country_name("DE-BY") == "Germany, Bayern"
    assert calendars.country_name("GB") == "United Kingdom"
    assert calendars.search_countries("Atlantis") == []


def test_a_leap_day_is_a_day_like_any_other() -> None:
    thursday = date(2028, 3, 2)
    rhythm = Cadence(thursday, 1, BERLIN)
    assert days_of(rhythm, Whereabouts(BERLIN), thursday)[PromptKind.PLANNING] == date(2028, 2, 29)


def test_after_ten_days_of_holidays_the_running_sprint_is_asked_about_and_no_other() -> None:
    """In Russia nobody works from the last day of 2025 to Sunday 11 January."""
    rhythm = Cadence(date(2025, 12, 29), 1, "Europe/Moscow", Calendar(country="RU"))
    who = Whereabouts("Europe/Moscow")
    assert days_of(rhythm, who, date(2026, 1, 5))[PromptKind.PLANNING] == date(2025, 12, 30)
    assert days_of(rhythm, who, date(2026, 1, 12))[PromptKind.PLANNING] == date(2026, 1, 12)
    assert PromptKind.LEAD not in days_of(rhythm, who, date(2026, 1, 12))
    assert days_of(rhythm, who, date(2026, 1, 12))[PromptKind.NUDGE] == date(2026, 1, 12)
    assert PromptKind.NUDGE not in days_of(rhythm, who, date(2026, 1, 5))
    assert PromptKind.MARKS not in days_of(rhythm, who, date(2025, 12, 29))
    assert days_of(rhythm, who, date(2026, 1, 5))[PromptKind.MARKS] == date(2026, 1, 12)


def test_who_comes_back_after_the_marks_are_frozen_is_not_asked_for_them() -> None:
    """In China nobody works from 15 to 23 February 2026; in Berlin Monday is the last day for marks."""
    monday = date(2026, 2, 9)
    rhythm = Cadence(monday, 2, BERLIN)
    assert days_of(rhythm, Whereabouts(BERLIN), monday)[PromptKind.MARKS] == date(2026, 2, 20)
    assert PromptKind.MARKS not in days_of(rhythm, Whereabouts("Asia/Shanghai", "CN"), monday)


def test_planning_that_a_new_rhythm_would_have_opened_already_opens_on_the_next_working_day() -> None:
    rhythm, dates = Cadence(date(2026, 7, 13), 2, BERLIN), cadence.sprint_dates(date(2026, 7, 13), 2)
    for since, planning in (
        (datetime(2026, 7, 9, 8, 0, tzinfo=UTC), date(2026, 7, 9)),  # Thursday, 10:00 in Berlin
        (datetime(2026, 7, 9, 8, 1, tzinfo=UTC), date(2026, 7, 10)),
        (datetime(2026, 7, 10, 8, 1, tzinfo=UTC), date(2026, 7, 13)),
    ):
        found = cadence.occurrences(rhythm, dates, Whereabouts(BERLIN), since=since)
        assert (found[0].kind, found[0].on) == (PromptKind.PLANNING, planning)
        assert found[1].kind is PromptKind.REMINDER
        assert found[1].on == rhythm.calendar.next_working_day(planning)


def test_a_founding_too_late_for_its_first_sprint_asks_for_no_plan_of_it() -> None:
    rhythm, dates = Cadence(date(2026, 7, 13), 1, BERLIN), cadence.sprint_dates(date(2026, 7, 13), 1)
    late = cadence.occurrences(rhythm, dates, Whereabouts(BERLIN), since=datetime(2026, 7, 15, 9, tzinfo=UTC))
    assert [each.kind for each in late] == [PromptKind.MARKS]


@pytest.mark.parametrize(
    ("at", "fine"), [(time(6, 59), False), (time(7), True), (time(20), True), (time(20, 1), False)]
)
def test_nobody_is_asked_at_night(at: time, fine: bool) -> None:
    if fine:
        assert cadence.require_daytime(at, field="planning_at") == at
        return
    with pytest.raises(Refusal, match="Choose a time between 07:00 and 20:00: nobody is asked at night") as refused:
        cadence.require_daytime(at, field="planning_at")
    assert refused.value.field == "planning_at"
